"""Write the verdicts: as data, as a table, and as a page to read."""

import csv
import io
import json

from heatdeath.claims.data import read_data
from heatdeath.claims.judgement import judge_claims
from heatdeath.claims.page import page
from heatdeath.claims.statement import load_claims
from heatdeath.files.atomic import write_bytes

_NUMBERS = ("value", "low", "high")
_COLUMNS = ("id", "claim", "verdict", "condition", "effect", *_NUMBERS, "control")
_OF_FAMILIES = ("family", "study")


def write_claims(claims_path, *, studies, files, json_path, table_path, page_path) -> None:
    """Judge the claims and write their verdicts."""
    claims = load_claims(claims_path)
    names = {role: [study["name"] for study in each] for role, each in studies.items()}
    document = judge_claims(claims, read_data(studies, files=files), studies=names)
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_bytes(text.encode(), json_path)
    write_bytes(table(document).encode(), table_path)
    write_bytes(page(document).encode(), page_path)


def table(document) -> str:
    """Return the verdicts as CSV, one row a claim, and one for each study of a family below it."""
    further = _OF_FAMILIES if any("families" in row for row in document["claims"]) else ()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *further])
    for row in document["claims"]:
        for judged in (row, *row.get("families", ())):
            effect = judged["effect"]
            writer.writerow(
                [
                    row["id"],
                    row["claim"],
                    judged["verdict"],
                    judged["condition"] or "",
                    effect["name"],
                    *("" if effect[key] is None else repr(effect[key]) for key in _NUMBERS),
                    judged["control"]["verdict"],
                    *(judged.get(key, "") for key in further),
                ]
            )
    return text.getvalue()
