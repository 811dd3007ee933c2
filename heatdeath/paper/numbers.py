"""Collect every number that the text of the paper quotes: ``results/numbers.json``."""

import json
from pathlib import Path

from heatdeath.paper.architecture_numbers import architecture_numbers, model_size_numbers
from heatdeath.paper.entries import words
from heatdeath.paper.plane_numbers import plane_numbers, regime_numbers
from heatdeath.paper.sampler_numbers import cost_numbers, exactness_numbers
from heatdeath.paper.theory_numbers import (
    agreement_numbers,
    capture_numbers,
    collapse_numbers,
    example_numbers,
    flow_numbers,
    growth_numbers,
    recovery_numbers,
    relaxation_numbers,
    size_numbers,
    tolerance_numbers,
)

FORMAT_VERSION = 1
"""Grows whenever a reader of earlier files would misread the new ones."""

_PLANES = ("plane", "real")
# What is collected of the file, or the files, of a part.
_COLLECTORS = {
    "exactness": exactness_numbers,
    "regimes": regime_numbers,
    "growth": growth_numbers,
    "recovery": recovery_numbers,
    "agreement": agreement_numbers,
    "tolerance": tolerance_numbers,
    "collapse_time": collapse_numbers,
    "relaxation": relaxation_numbers,
    "flow_agreement": flow_numbers,
    "sizes": size_numbers,
    "capture": capture_numbers,
    "cost": cost_numbers,
}
_OF_FAMILIES = {"architectures": architecture_numbers, "model_sizes": model_size_numbers}


def paper_numbers(*, example_target, example_temperature, **parts) -> str:
    """Collect the numbers as JSON, from the files of each part, named as for `collect_numbers`."""
    numbers = collect_numbers(
        parts, example_target=example_target, example_temperature=example_temperature
    )
    # NaN is not JSON; every number of the text has a value.
    text = json.dumps(
        {"format_version": FORMAT_VERSION, **numbers},
        ensure_ascii=False,
        allow_nan=False,
        indent=1,
    )
    return f"{text}\n"


def collect_numbers(parts, *, example_target, example_temperature) -> dict:
    """Collect entries by part and name; a part that reads several kinds has <part>_<kind> files."""
    numbers = {"example": example_numbers(example_target, temperature=example_temperature)}
    for plane in _PLANES:
        files = _files_of(parts, plane)
        if files:
            study = Path(files["diagram"]).parent.name
            name = {"figure": words(f"phase_diagram_{study}")}
            numbers[plane] = plane_numbers(**files) | name
    for part, collect in _OF_FAMILIES.items():
        of_families = _files_of(parts, part)
        if of_families:
            numbers[part] = collect(**of_families)
    for part, collect in _COLLECTORS.items():
        if part in parts:
            numbers[part] = collect(parts[part])
    return numbers


def _files_of(parts, part):
    """Return the files of a part that has several, by what stands behind its name."""
    return {
        name.removeprefix(f"{part}_"): path
        for name, path in parts.items()
        if name.startswith(f"{part}_")
    }
