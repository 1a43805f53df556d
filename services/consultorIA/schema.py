"""schema.txt: the views as a model and a reader of SQL see them, generated from the catalog.

`python -m services.consultorIA.schema` writes the file anew.
"""

from __future__ import annotations

from pathlib import Path

from services.consultorIA.catalog import VIEWS, View

SCHEMA_FILE = Path(__file__).with_name("schema.txt")
_HEAD = """\
-- Vistas de los libros de una empresa. Generado desde catalog.py: no editar.
-- Importes en pesos; fechas 'AAAA-MM-DD'. Solo lectura.
"""


def schema_text() -> str:
    """Return the views as CREATE TABLE statements, each column with its meaning."""
    return "\n".join([_HEAD, *(_table(view) for view in VIEWS.values())])


def _table(view: View) -> str:
    last = view.columns[-1]
    lines = [
        f"    {column.name} {column.sql_type}{'' if column is last else ','} -- {column.meaning}"
        for column in view.columns
    ]
    return "\n".join([f"-- {view.meaning}", f"CREATE TABLE {view.name} (", *lines, ");", ""])


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
