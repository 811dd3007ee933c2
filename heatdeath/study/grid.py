"""Studies and the grid of cells that each spans."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

from heatdeath.files.axes import AXES
from heatdeath.study.paths import axis_part, seeds_part, slug
from heatdeath.targets import resolve

AXIS_ORDER = tuple(axis.name for axis in AXES)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of each axis of a study."""

    index: tuple[int, ...]
    path: str
    target: str
    arguments: dict


@dataclass(frozen=True)
class Study:
    """A checked study: axes, settings and seeds."""

    name: str
    description: str
    kind: str
    axes: dict[str, list]
    settings: dict
    variants: dict[str, dict]
    seeds: int
    seeds_per_job: int
    tolerance: float

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of every axis."""
        return tuple(len(values) for values in self.axes.values())

    @property
    def family(self) -> str | None:
        """The family of generative models that it trains; None where the urn is simulated."""
        return self.settings.get("family")

    @property
    def seed_blocks(self) -> list[range]:
        """The consecutive seeds of each job; the last block can be shorter."""
        starts = range(0, self.seeds, self.seeds_per_job)
        return [range(first, min(first + self.seeds_per_job, self.seeds)) for first in starts]

    def values(self, name, default=None) -> list:
        """Return the values of an argument over the cells, without what variants set."""
        return self.axes.get(name, [self.settings.get(name, default)])

    @property
    def labelled_axes(self) -> dict[str, list]:
        """The axes as files say them: a target that is a file is named by its content."""
        if "target" not in self.axes:
            return self.axes
        return self.axes | {"target": [_label(target) for target in self.axes["target"]]}

    @property
    def labelled_settings(self) -> dict:
        """The settings, with the target as files say it, in one order.

        A batch size that all cells have by default is left out.
        """
        # A variant could change the regime, and the default with it.
        settings = self.settings if self.variants else _without_default_batch(self.settings)
        if "target" in settings:
            settings = settings | {"target": _label(settings["target"])}
        return dict(sorted(settings.items()))

    @property
    def targets(self) -> list[str]:
        """The names of the targets: one, or those on the axis ``target``."""
        if "target" in self.axes:
            return list(self.axes["target"])
        return [self.settings["target"]]

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """The cells by path, the last axis varying fastest."""
        parts = [[axis_part(axis, value) for value in values] for axis, values in self.axes.items()]
        cells = {}
        for index in product(*(range(length) for length in self.shape)):
            path = "/".join(part[i] for part, i in zip(parts, index, strict=True))
            arguments = self.arguments_at(index)
            target = arguments.pop("target")
            cells[path] = Cell(index, path, target, arguments)
        return cells

    def arguments_at(self, index) -> dict:
        """Return the arguments of `heatdeath.simulate` of the cell at `index`."""
        values = {axis: self.axes[axis][i] for axis, i in zip(self.axes, index, strict=True)}
        variant = self.variants.get(values.pop("variant", None), {})
        arguments = _without_default_batch({**self.settings, **variant, **values})
        # One order, whatever that of the configuration: the workflow compares them as texts.
        return dict(sorted(arguments.items()))

    def target_path(self, target) -> str:
        """Return where the file of a target is below the study's folder."""
        return f"targets/{slug(target)}.nc" if "target" in self.axes else "target.nc"

    def target_paths(self) -> list[str]:
        """Return the files of all targets below the study's folder, in the order of `targets`."""
        return [self.target_path(target) for target in self.targets]

    def trajectory_paths(self) -> list[str]:
        """Return the files of all trajectories below the study's folder."""
        blocks = [seeds_part(block) for block in self.seed_blocks]
        return [f"trajectories/{cell}/seeds={block}.nc" for cell in self.cells for block in blocks]


def _without_default_batch(arguments):
    by_default = (
        arguments.get("regime", "accumulate") == "accumulate" and arguments.get("batch_size") == 1
    )
    return {
        name: value
        for name, value in arguments.items()
        if not (by_default and name == "batch_size")
    }


def _label(target):
    return resolve(target).name if target.startswith("file:") else target
