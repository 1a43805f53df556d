"""What ConsultorIA refuses or fails at, by the codes of the contract.

`codigo` 0 CREATE/ALTER, 1 INSERT/UPDATE, 2 DELETE/DROP, 3 not a read-only SELECT, 4 table, column or
function not allowed, 7 execution failed or timed out, 8 internal error.
"""

from __future__ import annotations

from typing import ClassVar


class QueryError(Exception):
    """Base: `codigo` for programs, `error_usuario` in Spanish for people, `error_tecnico` for who mends it.

    `error_tecnico` never repeats what an engine said of a row's content.
    """

    codigo: ClassVar[int] = 8
    error_usuario: str = "Algo falló de nuestro lado al hacer la consulta."

    def __init__(self, error_tecnico: str, error_usuario: str = "") -> None:
        self.error_tecnico = error_tecnico
        if error_usuario:
            self.error_usuario = error_usuario
        super().__init__(error_tecnico)


class Rejected(QueryError):
    """The statement was not let through; no engine saw it."""

    codigo = 3
    error_usuario = "Solo puedo hacer consultas de lectura: una única instrucción SELECT."


class Alters(Rejected):
    """CREATE, ALTER."""

    codigo = 0
    error_usuario = "No puedo crear ni modificar tablas: solo hago consultas de lectura."


class Writes(Rejected):
    """INSERT, UPDATE, MERGE, REPLACE."""

    codigo = 1
    error_usuario = "No puedo cargar ni modificar datos: solo hago consultas de lectura."


class Deletes(Rejected):
    """DELETE, DROP, TRUNCATE."""

    codigo = 2
    error_usuario = "No puedo borrar nada: solo hago consultas de lectura."


class NotASelect(Rejected):
    """Anything else that is not one SELECT."""


class NotAllowed(Rejected):
    """A SELECT that names a table, column, function or form outside the allow-list."""

    codigo = 4
    error_usuario = "La consulta usa una tabla, columna o función que no está permitida."


class Failed(QueryError):
    """The engine did not carry the statement out."""

    codigo = 7
    error_usuario = "La consulta no se pudo ejecutar: revisala y probá de nuevo."


class TimedOut(Failed):
    """The statement outlived its time."""

    error_usuario = "La consulta tardó demasiado: acotala, por ejemplo a un período o a una cuenta."


class TooBig(Failed):
    """A cell, a text or a set of rows beyond the bounds."""

    error_usuario = "El resultado es demasiado grande: acotá la consulta."


class Inexact(Failed):
    """A figure that the engine's arithmetic cannot give exact to the centavo."""

    error_usuario = "El importe es demasiado grande para mostrarlo exacto: acotá la consulta."


class NotServed(QueryError):
    """The reader is not confined as it must be, or not set up: it serves nobody."""

    error_usuario = "Las consultas no están disponibles: falta configurar la lectura confinada de los libros."
