"""Compare two summaries, the tables of numbers with intervals that the workflow ends in."""

from pathlib import Path


def compare_summaries(path_a, path_b) -> bool:
    """Print how two tables differ."""
    from heatdeath.measure import summary_agreement

    a, b = map(summary_agreement.read_summary_table, (path_a, path_b))
    if Path(path_a).read_bytes() == Path(path_b).read_bytes():
        print(f"the same bytes: {len(a)} numbers")
        return True
    agreement = summary_agreement.compare_summaries(a, b)
    for which, names in (("B", agreement.only_a), ("A", agreement.only_b)):
        for name in names:
            print(f"{name}: missing in {which}")
    for row in agreement.rows:
        if not row.agrees:
            print(f"{row.name}: {_text(row.a)} and {_text(row.b)}: {_reason(row, agreement)}")
    n_different = sum(row.a.value != row.b.value for row in agreement.rows)
    rate = summary_agreement.FALSE_ALARM_RATE
    print(
        f"{len(agreement.rows)} numbers compared, of which {n_different} differ at all; "
        f"{agreement.n_tests} are tested against chance at {agreement.threshold:.2g} each, so that "
        f"runs of one law are called different with a probability of {rate:g} at most"
    )
    if agreement.agrees and not n_different:
        print("the same numbers in other bytes")
    elif agreement.agrees:
        print("other numbers, but no further apart than chance allows")
    else:
        print("different numbers")
    return agreement.agrees


def _text(row):
    if row.value is None:
        return "not measured"
    if row.low is None or isinstance(row.value, str):
        return f"{row.value}" if isinstance(row.value, str) else f"{row.value:.6g}"
    return f"{row.value:.6g} [{row.low:.6g}, {row.high:.6g}]"


def _reason(row, agreement):
    if row.p_value is None:
        return "not the same"
    return f"chance gives p = {row.p_value:.2g} < {agreement.threshold:.2g}"
