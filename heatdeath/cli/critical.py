"""Say how much fresh data prevents collapse, and how much frees a model that is locked in.

The answer is exact theory of large datasets: in words, as a table, and with --json as data. There
"strict" says of a fresh fraction whether it is itself excluded, so that f has to lie above it.
Example: heatdeath critical --target words:50000 --temperature 0.8
"""

import json
import math
import textwrap

import numpy as np

from heatdeath.canonical import decimal_text
from heatdeath.cli.values import number

TOLERANCES = (0.01, 0.05, 0.1)
_WIDTH = 88
_JUST_ABOVE = 1e-9
_PREFERRED = 0.05  # the tolerance that the words name, where it is among those asked for


def add_arguments(parser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--target",
        required=True,
        help="distribution of the fresh data: uniform:N, zipf:EXPONENT:N, words:N or file:PATH",
    )
    parser.add_argument(
        "--temperature",
        required=True,
        nargs="+",
        type=number,
        metavar="T",
        help="sampling temperature, from 1e-4 to 1e6, and 1 or at least 1e-4 away from it; several "
        "give an answer each",
    )
    parser.add_argument(
        "--tolerance",
        nargs="+",
        type=number,
        default=TOLERANCES,
        metavar="TV",
        help="allowed total variation distance between model and fresh data, between 0 and 1 "
        "(default 0.01 0.05 0.1)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")


def run(arguments) -> int:
    """Print the answer in words and as a table, or as JSON."""
    from heatdeath import targets

    target = targets.resolve(arguments.target)
    answers = [answer(target, each, arguments.tolerance) for each in arguments.temperature]
    if arguments.json:
        name = {"name": target.name, "n_outcomes": target.n_outcomes}
        print(json.dumps({"target": name, "answers": answers}, indent=2, allow_nan=False))
    else:
        print("\n\n".join(_text(arguments.target, target, each) for each in answers))
    return 0


def answer(target, temperature, tolerances) -> dict:
    """Compute what --json prints of one temperature; a threshold that does not exist is None."""
    from heatdeath.theory.critical import (
        critical_fractions,
        recovery_fraction,
        tolerance_fraction,
    )

    found = critical_fractions(target, temperature=temperature)
    prevent = recover = None
    if found.kind == "fold":
        prevent = _threshold(target, temperature, found.prevent)
    if found.branch is not None:
        p = target.probabilities
        rarest = int(np.where(p > 0, p, 2).argmin())
        if p[rarest] == p[found.branch]:
            rarest = found.branch
        least = recovery_fraction(target, temperature=temperature, outcome=rarest)
        recover = {
            "largest": _threshold(target, temperature, found.recover)
            | _named(target, found.branch),
            "least": _fraction(least) | _named(target, rarest),
        }
    return {
        "temperature": float(temperature),
        "kind": found.kind,
        "prevent": prevent,
        "recover": recover,
        "tolerances": [
            {"tolerance": each} | _fraction(needed, strict=_is_end_of_branch(needed, found))
            for each in sorted(tolerances)
            for needed in [tolerance_fraction(target, temperature=temperature, tolerance=each)]
        ],
    }


def _threshold(target, temperature, fresh_fraction):
    """Return a fraction with the distance of the faithful equilibrium just above it."""
    from heatdeath.theory.equilibria import equilibria

    above = fresh_fraction + (1 - fresh_fraction) * _JUST_ABOVE
    (faithful,) = equilibria(
        target, temperature=temperature, fresh_fraction=above, branches="faithful"
    )
    distance = faithful.observables["total_variation"]
    return _fraction(fresh_fraction) | {"total_variation": distance}


def _is_end_of_branch(fresh_fraction, found):
    """Whether a tolerance holds down to the end of the faithful branch, which is not part of it."""
    return found.strict and (fresh_fraction == 0 or fresh_fraction == found.prevent)


def _fraction(fresh_fraction, *, strict=True):
    ratio = fresh_fraction / (1 - fresh_fraction) if fresh_fraction < 1 else None
    return {"fresh_fraction": fresh_fraction, "fresh_to_synthetic": ratio, "strict": strict}


def _named(target, outcome):
    label = None if target.labels is None else target.labels[outcome]
    return {"outcome": outcome, "label": label}


def _text(name, target, answer):
    describe = {"fold": _fold, "crossover": _crossover, "unique": _unique}[answer["kind"]]
    first, *others = (textwrap.fill(each, _WIDTH) for each in describe(answer))
    temperature = decimal_text(answer["temperature"])
    outcomes = "1 outcome" if target.n_outcomes == 1 else f"{target.n_outcomes:,} outcomes"
    heading = f"{name}, {outcomes}, sampled at temperature {temperature}"
    if np.count_nonzero(target.probabilities) == 1:
        return "\n\n".join([heading, first, *others])
    notes = (
        "TV, the total variation distance, is the share of the outputs that would have to change "
        "for the model to be the fresh data's distribution. Fresh or synthetic is an independent "
        "coin for each output. All fractions are exact for large datasets."
    )
    if target.labels is None and _names_outcomes(answer):
        notes += " Outcomes are counted from 0."
    return "\n\n".join([heading, first, _table(answer), *others, textwrap.fill(notes, _WIDTH)])


def _names_outcomes(answer):
    return answer["recover"] is not None and not _is_one_threshold(answer)


def _is_one_threshold(answer):
    """Whether all outcomes that can hold a model let go of it at the same fraction."""
    largest, least = answer["recover"]["largest"], answer["recover"]["least"]
    return answer["kind"] == "fold" and largest["outcome"] == least["outcome"]


def _fold(answer):
    prevent, recover = answer["prevent"], answer["recover"]["largest"]
    away = prevent["total_variation"] > 1e-6
    if math.isclose(prevent["fresh_fraction"], recover["fresh_fraction"], rel_tol=1e-6):
        yield (
            f"There is a threshold without a jump, a fresh fraction of {_share(prevent)}: below "
            "it one of the most frequent outcomes gains on the others, the more the less fresh "
            "data there are; above it they stay level, and a model that has collapsed onto one of "
            f"them recovers. {_needed(answer) if away else ''}".rstrip()
        )
        return
    stays = "stays with them" if not away else "does not collapse"
    rest = (
        "But just above that fraction it rests at TV "
        f"{prevent['total_variation']:.2f} from the fresh data. {_needed(answer)} "
    )
    yield (
        f"There is a sharp threshold: with a fresh fraction above {_share(prevent)} a model that "
        f"starts close to the fresh data {stays}; below it, it collapses onto few outcomes. "
        f"{rest if away else ''}A collapsed model is led back to the same place by a fresh "
        f"fraction above {_share(recover)}."
    )
    yield (
        "Between the two a faithful and a collapsed model both persist, and chance can carry a "
        "model that starts from few data from the one to the other: only above the second "
        "fraction does the start no longer decide."
    )


def _crossover(answer):
    yield (
        "There is no sharp threshold: quality degrades smoothly as the fresh fraction falls. "
        + _needed(answer)
    )
    largest, least = answer["recover"]["largest"], answer["recover"]["least"]
    several = largest["outcome"] != least["outcome"]
    yield (
        "A model that has already collapsed is another matter. "
        + (
            f"The hardest to free is one that has collapsed onto {_outcome(largest)}: "
            if several
            else f"One that has collapsed onto {_outcome(largest)} stays so, unless "
        )
        + f"{'with ' if several else ''}a fresh fraction above {_share(largest)} "
        + ("it lets go, as it does of every other outcome. " if several else "makes it let go. ")
        + "That does not make it good: it joins the models that never collapsed, which at this "
        f"fraction rest at TV {largest['total_variation']:.2f} from the fresh data. A model that "
        "has collapsed onto the most frequent outcome is not held there at all: it stands at the "
        "end of the smooth decline, and comes back as smoothly."
    )


def _needed(answer):
    tolerances = answer["tolerances"]
    preferred = [each for each in tolerances if each["tolerance"] == _PREFERRED]
    chosen = (preferred or tolerances[len(tolerances) // 2 :])[0]
    within = f"stay within TV {chosen['tolerance']:g} of the fresh data"
    if chosen["fresh_fraction"] == 0:
        return f"Any fresh data at all are enough to {within}."
    least = "a fresh fraction above" if chosen["strict"] else "at least a fresh fraction of"
    return (
        f"To {within} you need {least} {_share(chosen)}, that is "
        f"{_ratio(chosen)} fresh outputs to each synthetic one."
    )


def _unique(answer):
    if answer["temperature"] == 1:
        yield (
            "There is no threshold: no collapse persists at temperature 1, and any share f of "
            "fresh data, however small, leads the model back to them in the limit, the more "
            "slowly the smaller f is. Deviations decay like (dataset size)^-f, where noise does "
            "not decide."
        )
    elif answer["temperature"] > 1:
        yield (
            "There is no sharp threshold: no collapse persists above temperature 1, and quality "
            f"degrades smoothly as the fresh fraction falls. {_needed(answer)} Without fresh data "
            "the model drifts towards the uniform distribution over all that it has seen."
        )
    else:
        yield "The target has a single outcome, so that nothing can be lost."


def _table(answer):
    rows = [("", "fresh fraction", "fresh/synthetic", "rests at TV")]
    recover = answer["recover"]
    if answer["prevent"] is not None:
        rows.append(("prevent collapse", *_cells(answer["prevent"])))
    if recover is not None:
        largest, least = recover["largest"], recover["least"]
        several = largest["outcome"] != least["outcome"]
        undone = "any lock-in" if _is_one_threshold(answer) else f"lock-in to {_outcome(largest)}"
        if several:
            undone = f"any lock-in (hardest: {_outcome(largest)})"
        rows.append((f"end {undone}", *_cells(largest)))
        if several:
            rows.append((f"end lock-in to the rarest, {_outcome(least)}", *_cells(least)))
    for each in answer["tolerances"]:
        rows.append((f"stay within TV {each['tolerance']:g}", *_cells(each)))
    columns = 4 if any(row[3] for row in rows[1:]) else 3
    widths = [max(len(row[column]) for row in rows) for column in range(columns)]
    return "\n".join(
        "  ".join(
            [f"{row[0]:<{widths[0]}}"]
            + [f"{row[column]:>{widths[column]}}" for column in range(1, columns)]
        ).rstrip()
        for row in rows
    )


def _cells(each):
    distance = each.get("total_variation")
    return _share(each), _ratio(each), "" if distance is None else f"{distance:.3f}"


def _outcome(each):
    return f"outcome {each['outcome']}" if each["label"] is None else f'"{each["label"]}"'


def _share(each):
    """Write a fraction with three digits of what it leaves to 0 and to 1, rounded up."""
    fraction = each["fresh_fraction"]
    smaller = min(fraction, 1 - fraction)
    if fraction == 0:
        return "> 0"
    if smaller == 0:
        return "1"
    digits = max(4, 2 - math.floor(math.log10(smaller)))
    if fraction < 1e-4:
        return f"{fraction:.2e}"
    # What rounding alone adds to a fraction that has few digits is not rounded up.
    return f"{math.ceil(fraction * 10**digits - 1e-4) / 10**digits:.{digits}f}"


def _ratio(each):
    ratio = each["fresh_to_synthetic"]
    if ratio is None:
        return "inf"
    if ratio == 0:
        return "> 0"
    return f"{ratio:,.0f}" if ratio >= 1000 else f"{ratio:.3g}"
