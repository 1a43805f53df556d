"""A company as one archive: written here, read and judged there, brought in whole or not at all.

records says what each line of the archive's files holds, writing makes an archive, reading checks one
against its own trail, bringing writes it into an installation of either engine.
"""
