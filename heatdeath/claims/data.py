"""What the rules read: the studies of a configuration, by the role that they play."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from heatdeath.files import netcdf
from heatdeath.files.variables import Record
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
from heatdeath.study.roles import FAMILIES, SEEDS_OF
from heatdeath.trajectories import TRAJECTORIES


@dataclass(frozen=True)
class FamilyStudy:
    """A study of a family of generative models."""

    name: str
    family: str
    source: str
    failed_gates: tuple[str, ...]
    cells: tuple[Endpoints, ...]


@dataclass(frozen=True)
class Data:
    """What the rules read."""

    plane: tuple[Endpoints, ...] = ()
    neutral: tuple[Endpoints, ...] = ()
    relaxation: tuple[Record, ...] = ()
    collapse_time: tuple[Record, ...] = ()
    growth: tuple[Record, ...] = ()
    recovery: tuple[Record, ...] = ()
    tolerance_scan: tuple[Record, ...] = ()
    capture: tuple[Record, ...] = ()
    families: tuple[FamilyStudy, ...] = ()

    def cells(self, wanted: Callable[[Endpoints], bool]) -> list[Endpoints]:
        """Return the cells of the planes that are wanted."""
        return [cell for cell in self.plane if wanted(cell)]


def read_data(studies, *, files) -> Data:
    """Read the studies of every role."""
    read = {}
    for role in SEEDS_OF:
        paths, targets = list(files.get(role, ())), list(files.get(f"{role}_targets", ()))
        read[role] = [
            read_endpoints(
                _first(paths, study["trajectories"]),
                axes=study["axes"],
                target_paths=_first(targets, study["targets"]),
                tolerance=study["tolerance"],
                origin=study.get("origin"),
                kind=MODEL_TRAJECTORIES if role == FAMILIES else TRAJECTORIES,
            )
            for study in studies.get(role, ())
        ]
    families = zip(
        studies.get(FAMILIES, ()),
        read[FAMILIES],
        files.get(f"{FAMILIES}_gates", ()),
        strict=True,
    )
    return Data(
        plane=tuple(chain.from_iterable(read["plane"])),
        neutral=tuple(chain.from_iterable(read["neutral"])),
        relaxation=tuple(
            netcdf.read(path, kind=RELAXATION) for path in files.get("relaxation", ())
        ),
        collapse_time=tuple(
            netcdf.read(path, kind=COLLAPSE_TIME) for path in files.get("collapse_time", ())
        ),
        growth=tuple(netcdf.read(path, kind=GROWTH) for path in files.get("growth", ())),
        recovery=tuple(netcdf.read(path, kind=RECOVERY) for path in files.get("recovery", ())),
        tolerance_scan=tuple(
            netcdf.read(path, kind=TOLERANCE_SCAN) for path in files.get("tolerance_scan", ())
        ),
        capture=tuple(netcdf.read(path, kind=CAPTURE) for path in files.get("capture", ())),
        families=tuple(_family_study(study, cells, gate) for study, cells, gate in families),
    )


def _family_study(study, cells, gate_path):
    gate = netcdf.read(gate_path, kind=GATE)
    source = cells[0].target
    check_stated(gate_path, "family", gate.attributes["family"], study["family"])
    check_stated(gate_path, "target", gate.attributes["target"], source)
    dims, passed = gate.variables["passed"]
    everywhere = passed.all(axis=tuple(i for i, dim in enumerate(dims) if dim != "gate"))
    failed = tuple(gate.values("gate")[~everywhere].tolist())
    return FamilyStudy(study["name"], study["family"], source, failed, tuple(cells))


def _first(paths, number):
    """Take the first paths off the list."""
    taken = paths[:number]
    del paths[:number]
    return taken
