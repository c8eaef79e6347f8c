"""Write docs/study.md and docs/study.schema.json from the models of the study file."""

import json
from pathlib import Path

from hubrank.analysis import study_reference

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    """Write both files."""
    (DOCS / "study.md").write_text(study_reference.page(), encoding="utf-8")
    schema = json.dumps(study_reference.json_schema(), indent=1, ensure_ascii=False)
    (DOCS / "study.schema.json").write_text(schema + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
