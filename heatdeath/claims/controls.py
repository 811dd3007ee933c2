"""Negative controls: data for which it is known that a claim must get another verdict."""

from dataclasses import replace

import numpy as np

from heatdeath.claims.data import setting_of
from heatdeath.files.variables import Record


def temperatures_reversed(data):
    """Exchange the temperature labels of every study: the coldest for the hottest, and so on."""
    return _relabelled(data, lambda temperatures: temperatures[::-1])


def each_side_reversed(data):
    """Reverse the temperatures of what measures speed, those below and those above T = 1 apart."""
    return _relabelled(data, _sides_reversed)


def all_at_one(data):
    """Give every temperature of the planes the trajectories of T = 1, and no collapse times."""
    return replace(data, plane=tuple(_like_one(data, lambda cell: True)), collapse_time=())


def zero_like_one(data):
    """Give T = 0 the trajectories of T = 1."""
    return replace(data, plane=tuple(_like_one(data, lambda cell: cell.temperature == 0)))


def without_fresh_data(data):
    """Give every fresh fraction of the planes the trajectories of f = 0."""
    bare = {
        (setting_of(cell), cell.temperature): cell
        for cell in data.plane
        if cell.fresh_fraction == 0
    }
    cells = []
    for cell in data.plane:
        source = bare.get((setting_of(cell), cell.temperature))
        if source is not None:
            attributes = source.attributes | {"fresh_fraction": cell.fresh_fraction}
            cells.append(replace(source, place=cell.place, attributes=attributes))
    return replace(data, plane=tuple(cells))


def every_second_backwards(data):
    """Exchange start and horizon of every second seed, which leaves no direction."""
    cells = []
    for cell in data.plane:
        exchanged = np.arange(next(iter(cell.end.values())).size) % 2 == 1
        start, end = (
            {name: np.where(exchanged, other[name], each[name]) for name in each}
            for each, other in ((cell.start, cell.end), (cell.end, cell.start))
        )
        # Which cells are judged is decided by what the seeds became in truth.
        end["total_variation"] = cell.end["total_variation"]
        cells.append(replace(cell, start=start, end=end))
    return replace(data, plane=tuple(cells))


def other_temperatures_as_neutral(data):
    """Give the neutral studies the cells of the planes at other temperatures without fresh data."""
    cells = [
        cell
        for cell in data.plane
        if cell.fresh_fraction == 0 and cell.temperature != 1 and cell.initial == "target"
    ]
    named = [
        replace(cell, place={"variant": f"{cell.target} at T = {cell.attributes['temperature']}"})
        for cell in cells
    ]
    return replace(data, neutral=tuple(named))


def unchanged(data):
    """Leave the data as they are, for controls that change the rule's labels."""
    return data


def _like_one(data, wanted):
    """Yield the cells, those that are wanted with what the seeds of T = 1 became."""
    at_one = {
        (setting_of(cell), cell.fresh_fraction): cell
        for cell in data.plane
        if cell.temperature == 1
    }
    for cell in data.plane:
        if not wanted(cell):
            yield cell
        elif (setting_of(cell), cell.fresh_fraction) in at_one:
            source = at_one[setting_of(cell), cell.fresh_fraction]
            yield _labelled(replace(source, place=cell.place), cell.temperature)


def _labelled(cell, temperature):
    return replace(cell, attributes=cell.attributes | {"temperature": temperature})


def _relabelled(data, new_labels):
    """Give every study that measures speed other labels for its temperatures in their order."""
    temperatures = sorted({cell.temperature for cell in data.plane})
    labels = dict(zip(temperatures, new_labels(np.array(temperatures)).tolist(), strict=True))
    return replace(
        data,
        plane=tuple(_labelled(cell, labels[cell.temperature]) for cell in data.plane),
        relaxation=tuple(_with_temperatures(each, new_labels) for each in data.relaxation),
        collapse_time=tuple(_with_temperatures(each, new_labels) for each in data.collapse_time),
    )


def _with_temperatures(record, new_labels):
    """Label the temperatures of an aggregate anew, if it has them as an axis."""
    if "temperature" not in record.sizes:
        return record
    dims, values = record.variables["temperature"]
    variables = record.variables | {"temperature": (dims, new_labels(values))}
    return Record(record.declaration, variables, record.attributes)


def _sides_reversed(temperatures):
    exchanged = temperatures.copy()
    for side in (temperatures < 1, temperatures > 1):
        exchanged[side] = temperatures[side][::-1]
    return exchanged
