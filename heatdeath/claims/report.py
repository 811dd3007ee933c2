"""The verdicts as data, as a table, and as a page: JSON, CSV and HTML."""

import csv
import io
import json
from html import escape
from math import inf

from heatdeath.claims.verdict import UNDECIDED, name_of, text_of

_NUMBERS = ("value", "low", "high")
_COLUMNS = ("id", "claim", "verdict", "condition", "effect", *_NUMBERS, "control")
_COLUMNS_OF_FAMILIES = ("family", "study")

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.45 system-ui, sans-serif; color: #222; max-width: 62rem; margin: 0 auto;
  padding: 1rem; background: #fff; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; }
p { margin: .4rem 0; }
article { border-top: 1px solid #ccc; padding: .8rem 0; display: grid; gap: .2rem 1rem;
  grid-template-columns: 3rem minmax(0, 1fr) 11rem; }
article > .id { font-weight: 700; }
article > .more { grid-column: 2 / -1; }
.verdict { justify-self: start; align-self: start; padding: .1rem .6rem; border-radius: 1rem;
  border: 2px solid; font-weight: 700; white-space: nowrap; }
.holds { color: #00694b; }
.fails { color: #a13c00; }
.only { color: #00527f; }
.undecided { color: #555; }
.condition { font-weight: 600; }
summary { cursor: pointer; color: #00527f; padding: .2rem 0; }
dl { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .25rem .8rem;
  margin: .4rem 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { text-align: left; padding: .15rem .6rem .15rem 0; border-bottom: 1px solid #ddd;
  vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 38rem) {
  article { grid-template-columns: 2.5rem minmax(0, 1fr); }
  article > .verdict { grid-column: 2; }
  article > .claim { grid-column: 2; }
  article > .id { grid-row: 1; }
  article > .more { grid-column: 1 / -1; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; }
}
"""

# Only where families were judged.
_STYLE_OF_FAMILIES = """
h2 { font-size: 1.2rem; margin: 1.2rem 0 .3rem; }
h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
section > details { border-top: 1px solid #ccc; padding: .3rem 0; }
h3 + .verdict { display: inline-block; }
th > small { display: block; font-weight: 400; }
.matrix th, .matrix td { padding: .3rem .5rem .3rem 0; }
.matrix .verdict { display: inline-block; font-size: .75rem; padding: 0 .4rem; }
"""

_CLASSES = {"holds only if": "only"}
_SIGNS = {"holds": "✓", "fails": "✗", "holds only if": "◐", "undecided": "?"}
_OF_PLACE = {True: "holds", False: "fails", None: "open"}


def as_json(document) -> str:
    """Return the verdicts with all numbers that decided."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_table(document) -> str:
    """Return the verdicts as CSV, one row a claim, and one for each study of a family below it.

    The columns of families are there where families were judged, and empty in rows of the urn.
    """
    further = _COLUMNS_OF_FAMILIES if any("families" in row for row in document["claims"]) else ()
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


def as_page(document) -> str:
    """Return the verdicts as HTML that needs no other file and is legible on a phone."""
    rows = "\n".join(_claim(row) for row in document["claims"])
    judged = [row for row in document["claims"] if row.get("families")]
    style = _STYLE + (_STYLE_OF_FAMILIES if judged else "")
    families = f"{_families(judged)}\n" if judged else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claims about closed-loop learning</title>
<style>{style}</style>
</head>
<body>
<h1>Claims about closed-loop learning</h1>
<p>Each claim is judged by a rule that was fixed before the results. Fresh or synthetic is an
independent coin for every output. The control applies the same rule where the claim must not get
the same verdict.</p>
{rows}
{families}</body>
</html>
"""


def _claim(row):
    verdict, effect, control = row["verdict"], row["effect"], row["control"]
    condition = ""
    if row["condition"]:
        condition = f'<p class="condition">Only if {escape(row["condition"])}.</p>'
    parts = [
        (
            "Effect",
            f"{escape(effect['name'])}: {_measured(effect)}, {effect['level']:.0%} interval",
        ),
        ("Control", f"{escape(control['what'])} {_control(verdict, control)}"),
    ]
    details = [
        ("Said", f"{escape(row['said'])} ({escape(', '.join(row['sources']))})"),
        ("Rule", escape(row["rule"])),
        ("Scope", _mapping(row["scope"])),
        ("Studies", escape(", ".join(row["studies"]) or "none")),
    ]
    return f"""<article id="{escape(row["id"])}">
<div class="id">{escape(row["id"])}</div>
<div class="claim">{escape(row["claim"])}</div>
{_badge(verdict)}
<div class="more">
{condition}
<p>{escape(row["summary"])}</p>
{_list(parts)}
<details><summary>Rule and evidence</summary>
{_list(details)}
{_evidence(row["evidence"])}
</details>
</div>
</article>"""


def _badge(verdict):
    name = _CLASSES.get(verdict, verdict)
    return f'<div class="verdict {name}">{_SIGNS[verdict]} {escape(verdict)}</div>'


def _families(rows):
    """Return a table of claims and families, and below it what decided."""
    studies = "".join(
        f"<th>{escape(each['family'])}<small>{escape(each['source'])}</small>"
        f"<small>{escape(each['study'])}</small></th>"
        for each in rows[0]["families"]
    )
    lines = "".join(
        f"<tr><th>{escape(row['id'])}</th><td>{_badge(row['verdict'])}</td>"
        + "".join(f"<td>{_badge(each['verdict'])}</td>" for each in row["families"])
        + "</tr>"
        for row in rows
    )
    details = "\n".join(map(_claim_of_families, rows))
    return f"""<section id="families">
<h2>Families of generative models</h2>
<p>The same claims on studies of families of generative models, each judged on its own.</p>
<div class="wide"><table class="matrix"><thead><tr><th>claim</th><th>urn</th>{studies}</tr></thead>
<tbody>{lines}</tbody></table></div>
{details}
</section>"""


def _claim_of_families(row):
    parts = "\n".join(map(_family, row["families"]))
    first = row["families"][0]
    words = [
        ("Rule", escape(first["rule"])),
        ("Effect", escape(first["effect"]["name"])),
        ("Control", escape(first["control"]["what"])),
    ]
    return f"""<details><summary>{escape(row["id"])}: {escape(row["claim"])}</summary>
{_list(words)}
{parts}
</details>"""


def _family(judged):
    verdict, effect = judged["verdict"], judged["effect"]
    condition = f"Only if {judged['condition']}. " if judged["condition"] else ""
    parts = [
        ("Effect", f"{_measured(effect)}, {effect['level']:.0%} interval"),
        ("Control", _control(verdict, judged["control"])),
        ("Scope", _mapping(judged["scope"])),
    ]
    name = f"{judged['family']}, {judged['source']} ({judged['study']})"
    return f"""<h3>{escape(name)}</h3>
{_badge(verdict)}
<p>{escape(condition + judged["summary"])}</p>
{_list(parts)}
{_evidence(judged["evidence"])}"""


def _control(verdict, control):
    """Say the verdict on the control, and whether the rule failed to tell it apart."""
    same = verdict != UNDECIDED and not control["flipped"]
    said = f"Verdict: {escape(control['verdict'])}."
    return f"{said} <strong>The control did not flip the verdict.</strong>" if same else said


def _list(parts):
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{text}</dd>' for name, text in parts)}</dl>"


def _mapping(values):
    return escape("; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in values.items()))


def _place(where):
    values = {key: inf if value == "inf" else value for key, value in where.items()}
    return escape("; ".join(f"{name_of(key)} = {text_of(v)}" for key, v in values.items()))


def _evidence(evidence):
    rows = "".join(
        f"<tr><td>{_place(each['where'])}</td><td>{escape(each['name'])}</td>"
        f'<td class="number">{_measured(each)}</td><td>{_OF_PLACE[each["holds"]]}</td></tr>'
        for each in evidence
    )
    head = "<tr><th>where</th><th>measured</th><th>value and interval</th><th>claim</th></tr>"
    return f'<div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _measured(numbers):
    value, low, high = (_text(numbers[key]) for key in _NUMBERS)
    units = numbers.get("units", "1")
    return f"{value} ({low} to {high}){'' if units == '1' else ' ' + escape(units)}"


def _text(value):
    return "–" if value is None else f"{value:.4g}".replace("-", "−")
