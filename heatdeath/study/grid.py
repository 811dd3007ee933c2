"""Studies and the grid of cells that each spans."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

from heatdeath.storage.axes import AXES
from heatdeath.study.paths import axis_part, seeds_part, slug
from heatdeath.targets import resolve

# The axes that most studies have come first, in paths and in the dimensions of aggregates alike.
_FIRST = ("temperature", "fresh_fraction", "initial")
AXIS_ORDER = (*_FIRST, *(axis.name for axis in AXES if axis.name not in _FIRST))


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of each axis of a study.

    Parameters
    ----------
    index : tuple of int
        Its place in the grid, one integer an axis.
    path : str
        Folder of its files below the study's trajectories, for example ``"T=0.8/f=0.1"``.
    target : str
        Name of the target distribution.
    arguments : dict
        The other arguments of `heatdeath.simulate` that differ from their defaults, as plain
        numbers and texts; without the seeds.
    """

    index: tuple[int, ...]
    path: str
    target: str
    arguments: dict


@dataclass(frozen=True)
class Study:
    """A checked study: axes, settings and seeds.

    Parameters
    ----------
    name : str
        Its name, and that of its folder.
    description : str
        What it asks.
    kind : str
        What its trajectories are aggregated to: a name in `heatdeath.study.kinds.KINDS`.
    axes : dict of str to list
        The values of each axis in the order of `AXIS_ORDER`; numbers increase. The values of
        ``variant`` are names.
    settings : dict
        The arguments of `heatdeath.simulate` that all cells share.
    variants : dict of str to dict
        For each name on the axis ``variant``, the arguments that it bundles.
    seeds : int
        Replicates of each cell.
    seeds_per_job : int
        Replicates in a file; fewer in the last.
    tolerance : float
        Total variation up to which a cell counts as faithful.
    """

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
        """Return the arguments of `heatdeath.simulate` of the cell at `index`.

        Parameters
        ----------
        index : tuple of int
            Place in the grid.

        Returns
        -------
        dict
            Settings, overlaid with the bundle of the variant and the values of the other axes. A
            batch size that the regime has by default is left out.
        """
        values = {axis: self.axes[axis][i] for axis, i in zip(self.axes, index, strict=True)}
        variant = self.variants.get(values.pop("variant", None), {})
        arguments = _without_default_batch({**self.settings, **variant, **values})
        # One order, whatever that of the configuration: the workflow compares them as texts.
        return dict(sorted(arguments.items()))

    def target_path(self, target) -> str:
        """Return where the file of a target is below the study's folder.

        Parameters
        ----------
        target : str
            One of `targets`.

        Returns
        -------
        str
            ``"target.nc"``, or a file in ``targets/`` where targets are an axis.
        """
        return f"targets/{slug(target)}.nc" if "target" in self.axes else "target.nc"

    def target_paths(self) -> list[str]:
        """Return the files of all targets below the study's folder, in the order of `targets`."""
        return [self.target_path(target) for target in self.targets]

    def trajectory_paths(self) -> list[str]:
        """Return the files of all trajectories below the study's folder.

        Returns
        -------
        list of str
            Cell after cell in the order of the grid, and within a cell the blocks of seeds.
        """
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
