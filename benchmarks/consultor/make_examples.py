"""Write the forms and the SQL of the classifier's examples anew from their questions.

    python -m benchmarks.consultor.make_examples [FILE OF QUESTIONS]

Reads the questions of services/consultorIA/examples.json (or of a file, one a line) and answers each over the
sample's books; stops at the first that is not understood. Look at the difference before committing it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from services.consultorIA import sample, vocabulary
from services.consultorIA.compiling import compile_form
from services.consultorIA.config import TODAY_OF_EXAMPLES
from services.consultorIA.interpreting import understand
from services.consultorIA.readers import SqliteReader
from services.consultorIA.sql_classifier import EXAMPLES_FILE


def main() -> None:
    if len(sys.argv) > 1:
        lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
        questions = [line.strip() for line in lines if line.strip()]
    else:
        questions = [row["question"] for row in json.loads(EXAMPLES_FILE.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.sqlite3"
        sample.write(path, [sample.small()])
        with SqliteReader(path, 1) as reader:
            rows = [_row(question, reader) for question in dict.fromkeys(questions)]
    written = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    EXAMPLES_FILE.write_text(f"[\n{written}\n]\n", encoding="utf-8")
    print(f"{len(rows)} examples")


def _row(question: str, reader: SqliteReader) -> dict[str, object]:
    form = understand(question, vocabulary.read(reader), TODAY_OF_EXAMPLES).form
    sql = compile_form(form)
    reader.run(sql)
    return {"question": question, "sql": sql, "form": form.to_dict()}


if __name__ == "__main__":
    main()
