"""What the rules read: the studies of a configuration, by the role that they play."""

from collections.abc import Callable
from dataclasses import dataclass, make_dataclass
from itertools import chain, islice

import numpy as np

from heatdeath.files import netcdf
from heatdeath.measure.capture import CAPTURE
from heatdeath.measure.collapse_time import COLLAPSE_TIME
from heatdeath.measure.endpoints import Endpoints, read_endpoints
from heatdeath.measure.growth import GROWTH
from heatdeath.measure.origin import check_stated
from heatdeath.measure.recovery import RECOVERY
from heatdeath.measure.relaxation import RELAXATION
from heatdeath.measure.tolerance_scan import TOLERANCE_SCAN
from heatdeath.models.gates import GATE
from heatdeath.models.measures import MODEL_TRAJECTORIES
from heatdeath.study.roles import ROLES
from heatdeath.trajectories import TRAJECTORIES

# Of each kind of study, the declaration of its aggregate.
_AGGREGATES = {
    kind.name: kind
    for kind in (CAPTURE, COLLAPSE_TIME, GROWTH, RECOVERY, RELAXATION, TOLERANCE_SCAN)
}
# Attributes of an aggregate that are numbers, though files hold them as texts.
_NUMBERS = ("temperature", "fresh_fraction", "initial_size")


@dataclass(frozen=True)
class FamilyStudy:
    """A study of a family of generative models."""

    name: str
    family: str
    source: str  # of the fresh data
    failed_gates: tuple[str, ...]  # failed on real data alone, in any seed
    cells: tuple[Endpoints, ...]  # of the plane of temperature and fresh fraction


class Data(make_dataclass("_ByRole", [(role, tuple, ()) for role in ROLES], frozen=True)):
    """What the rules read, for each role an attribute such as ``data.plane``.

    Roles of which trajectories are read hold `Endpoints`, a cell each, that of families
    `FamilyStudy`, and the others the `Record` of each aggregate.
    """

    def cells(self, wanted: Callable[[Endpoints], bool]) -> list[Endpoints]:
        """Return the cells of the planes that are wanted."""
        return [cell for cell in self.plane if wanted(cell)]

    def cells_without_fresh_data(self, wanted: Callable[[float], bool]) -> list[Endpoints]:
        """Return the cells at the wanted temperatures, f = 0, with a start drawn from the target.

        They are cells of the planes.
        """
        return self.cells(
            lambda cell: (
                cell.fresh_fraction == 0 and cell.initial == "target" and wanted(cell.temperature)
            )
        )


def setting_of(cell) -> tuple:
    """Return what cells share that differ in temperature and fresh fraction alone."""
    return cell.target, cell.initial, cell.initial_size, cell.horizon


def read_data(studies, *, files) -> Data:
    """Read the studies of every role.

    Of a role of which trajectories are read, `studies` says for each study its ``axes``, its
    ``tolerance``, how many ``trajectories`` and ``targets`` it has, and, if that is to be checked,
    its ``origin``; in that of families also its ``name`` and ``family``. `files` has the
    trajectories of all studies of a role, one study after the other, their targets as
    ``<role>_targets`` and the quality gates of families as ``<role>_gates``; of every other role it
    has the aggregates.
    """
    return Data(
        **{
            name: tuple(_read_role(role, studies.get(name, ()), files))
            for name, role in ROLES.items()
        }
    )


def _read_role(role, studies, files):
    if not role.reads_trajectories:
        kind = _AGGREGATES[role.kind]
        return [netcdf.read(path, kind=kind) for path in files.get(role.name, ())]
    cells = _cells_of_studies(role, studies, files)
    if not role.of_families:
        return chain.from_iterable(cells)
    gates = files.get(f"{role.name}_gates", ())
    return [_family_study(*each) for each in zip(studies, cells, gates, strict=True)]


def _cells_of_studies(role, studies, files):
    """Return for each study its cells, with as many files as it has."""
    trajectories = iter(files.get(role.name, ()))
    targets = iter(files.get(f"{role.name}_targets", ()))
    return [
        read_endpoints(
            list(islice(trajectories, study["trajectories"])),
            axes=study["axes"],
            target_paths=list(islice(targets, study["targets"])),
            tolerance=study["tolerance"],
            origin=study.get("origin"),
            kind=MODEL_TRAJECTORIES if role.of_families else TRAJECTORIES,
        )
        for study in studies
    ]


def _family_study(study, cells, gate_path):
    gate = netcdf.read(gate_path, kind=GATE)
    source = cells[0].target
    check_stated(gate_path, "family", gate.attributes["family"], study["family"])
    check_stated(gate_path, "target", gate.attributes["target"], source)
    dims, passed = gate.variables["passed"]
    everywhere = passed.all(axis=tuple(i for i, dim in enumerate(dims) if dim != "gate"))
    failed = tuple(gate.values("gate")[~everywhere].tolist())
    return FamilyStudy(study["name"], study["family"], source, failed, tuple(cells))


def cells_of(record, *, over) -> list[dict]:
    """Return for each cell of an aggregate the values of its axes and variables.

    The axes are the dimensions of the variable `over`. A variable is a number, or an array over its
    further dimensions. The target, temperature, fresh fraction and initial size are there where the
    file says them.
    """
    axes = record.dimensions(over)
    shared = {name: record.attributes[name] for name in ("target",) if name in record.attributes}
    shared |= {
        name: float(record.attributes[name]) for name in _NUMBERS if name in record.attributes
    }
    cells = []
    for index in np.ndindex(np.shape(record.values(over))):
        at = dict(zip(axes, index, strict=True))
        cell = shared | {name: record.values(name)[i].item() for name, i in at.items()}
        for name, (dims, values) in record.variables.items():
            if name not in record.sizes:
                value = np.asarray(values)[tuple(at.get(dim, slice(None)) for dim in dims)]
                cell[name] = value if value.ndim else value.item()
        cells.append(cell)
    return cells
