"""The teacher and the students of the demo."""

from __future__ import annotations

TEACHER_EMAIL = "profesora@mosaite.edu"
TEACHER_NAME = "Graciela Ferrero"

_FIRST_NAMES = (
    "Abril", "Agustín", "Bautista", "Camila", "Delfina", "Emilia", "Facundo", "Guadalupe", "Ignacio", "Jazmín",
    "Joaquín", "Julieta", "Lautaro", "Lucía", "Malena", "Mateo", "Micaela", "Nahuel", "Oriana", "Pilar", "Ramiro",
    "Santino", "Sofía", "Tomás", "Valentina",
)
_SURNAMES = (
    "Acosta", "Benítez", "Cabrera", "Díaz", "Escobar", "Farías", "Giménez", "Herrera", "Ibáñez", "Juárez", "Ledesma",
    "Molina", "Navarro", "Ojeda", "Paz", "Quiroga", "Ríos", "Sosa", "Toledo", "Vega", "Zárate",
)


def student_email(number: int) -> str:
    """Return the e-mail of a student, from 1: `student001@mosaite.edu`."""
    return f"student{number:03}@mosaite.edu"


def student_name(number: int) -> str:
    """Return a student's name; names repeat after 525 students."""
    return f"{_FIRST_NAMES[number % len(_FIRST_NAMES)]} {_SURNAMES[number % len(_SURNAMES)]}"
