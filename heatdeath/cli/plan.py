"""Say what a configuration will cost before anything runs: jobs, core-hours, disk and memory.

Counts are exact; costs are estimated from timings that were recorded once. Only what is missing in
the results folder is counted; whether a file that exists is out of date, because the code or a
setting was edited, is for `snakemake --dry-run` to say.
Example: heatdeath plan --configfile config/config.yaml --cores 4
"""

import json
import textwrap

from heatdeath.cli.values import number

_WIDTH = 88
_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
_SPANS = (("hours", 3600), ("minutes", 60), ("seconds", 1))


def add_arguments(parser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--configfile", required=True, metavar="FILE", help="the configuration, as for snakemake"
    )
    parser.add_argument(
        "--all", action="store_true", help="count every job, also those whose files exist"
    )
    parser.add_argument(
        "--cores", type=number, metavar="N", help="cores to run on, for the time until the end"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments) -> int:
    """Print the plan as a table, or as JSON."""
    from heatdeath.checks import check_integer
    from heatdeath.study.config import load
    from heatdeath.study.configuration_file import read_configuration
    from heatdeath.study.plan import all_jobs, jobs_to_run

    if arguments.cores is not None:
        check_integer("cores", arguments.cores, 1)
    configuration = load(read_configuration(arguments.configfile))
    jobs = all_jobs(configuration)
    if not arguments.all:
        jobs = jobs_to_run(jobs)
    document = {
        "configfile": arguments.configfile,
        "results": configuration.results,
        "counted": "all" if arguments.all else "missing",
        **plan(jobs, cores=arguments.cores),
    }
    if arguments.json:
        print(json.dumps(document, indent=2, allow_nan=False))
    else:
        print(_text(document))
    return 0


def plan(jobs, *, cores=None) -> dict:
    """Add up what jobs cost, in all and for each study and rule: core-hours, and sizes in bytes."""
    from heatdeath.study.costs import (
        FACTOR_OF_A_STUDY,
        FACTOR_OF_ALL,
        cost_of_job,
        hours_on,
        read_costs,
    )

    costs = read_costs()
    priced = [(job, cost_of_job(job, costs)) for job in jobs]
    groups = {}
    for job, cost in priced:
        groups.setdefault((job.study, job.rule), []).append((job, cost))
    # Study after study as configured; what is made of several stands behind all of them.
    place = {study: i for i, study in enumerate(dict.fromkeys(study for study, _ in groups))}
    ordered = sorted(groups, key=lambda key: (not key[0], place[key[0]]))
    rows = [
        {"study": study or None, "rule": rule, **_sums(groups[study, rule])}
        for study, rule in ordered
    ]
    return {
        "rows": rows,
        "total": _sums(priced),
        "accuracy": {"study": FACTOR_OF_A_STUDY, "total": FACTOR_OF_ALL},
        "cores": cores,
        "hours": None if cores is None else hours_on(cores, priced, costs),
    }


def _sums(priced):
    return {
        "jobs": len(priced),
        "trajectories": sum(job.n_seeds for job, _ in priced),
        "core_hours": sum(cost.seconds for _, cost in priced) / 3600,
        "disk_bytes": round(sum(cost.disk for _, cost in priced)),
        "memory_bytes": round(max((cost.memory for _, cost in priced), default=0)),
    }


def _text(document):
    total, rows = document["total"], document["rows"]
    if not rows:
        return (
            f"{document['configfile']}: nothing is missing in {document['results']}; "
            "--all counts every job"
        )
    lines = [
        f"{document['configfile']}: "
        + ("all jobs" if document["counted"] == "all" else f"what {document['results']} lacks"),
        "",
        *_table(rows, total),
        "",
    ]
    accuracy = document["accuracy"]
    notes = []
    if document["hours"] is not None:
        cores = document["cores"]
        notes.append(
            f"On {cores} core{'' if cores == 1 else 's'} about {_span(document['hours'])}."
        )
    notes.append(
        "Jobs and trajectories are exact. Core-hours are estimated from recorded timings; in a "
        f"finished run they were right within a factor of {accuracy['total']:g} in all and of "
        f"{accuracy['study']:g} for each study. Another machine can be slower or faster. Disk is "
        "that of the results, memory that of the largest job."
    )
    return "\n".join([*lines, *(textwrap.fill(note, _WIDTH) for note in notes)])


def _table(rows, total):
    heads = ("study", "rule", "jobs", "trajectories", "core-hours", "disk", "memory")
    cells = [heads]
    cells += [(row["study"] or "", row["rule"], *_cells(row)) for row in rows]
    cells.append(("all", "", *_cells(total)))
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for row in cells:
        left = (f"{text:<{width}}" for text, width in zip(row[:2], widths[:2], strict=True))
        right = (f"{text:>{width}}" for text, width in zip(row[2:], widths[2:], strict=True))
        yield "  ".join([*left, *right]).rstrip()


def _cells(row):
    return (
        f"{row['jobs']:,}",
        f"{row['trajectories']:,}" if row["trajectories"] else "",
        f"{row['core_hours']:,.3f}" if row["core_hours"] >= 0.0005 else "< 0.001",
        _size(row["disk_bytes"]),
        _size(row["memory_bytes"]),
    )


def _size(size):
    unit, scale = next((pair for pair in _UNITS if size >= pair[1]), ("B", 1))
    return f"{size / scale:.3g} {unit}" if size < 1e12 else f"{size / 1e9:,.0f} GB"


def _span(hours):
    seconds = hours * 3600
    unit, length = next((pair for pair in _SPANS if seconds >= 2 * pair[1]), _SPANS[-1])
    return f"{seconds / length:.2g} {unit}" if seconds / length < 100 else f"{hours:,.0f} hours"
