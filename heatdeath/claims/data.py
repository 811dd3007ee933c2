"""What the rules read: the studies of a configuration, by the role that they play."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from heatdeath.analysis.endpoints import Endpoints, read_endpoints
from heatdeath.analysis.origin import check_stated
from heatdeath.storage import netcdf
from heatdeath.storage.record import Record
from heatdeath.study.roles import FAMILIES, SEEDS_OF


@dataclass(frozen=True)
class FamilyStudy:
    """A study of a family of generative models.

    Parameters
    ----------
    name : str
        Its name.
    family, source : str
        The family, and the source of its fresh data.
    failed_gates : tuple of str
        The quality gates that the family failed on real data alone, in any seed.
    cells : tuple of Endpoints
        Cells of the plane of temperature and fresh fraction, in the data regime of the study.
    """

    name: str
    family: str
    source: str
    failed_gates: tuple[str, ...]
    cells: tuple[Endpoints, ...]


@dataclass(frozen=True)
class Data:
    """What the rules read.

    Parameters
    ----------
    plane : tuple of Endpoints
        Cells of the plane of temperature and fresh fraction, where data accumulate.
    neutral : tuple of Endpoints
        Cells at T = 1 without fresh data, in several data regimes.
    relaxation, collapse_time, growth, recovery, tolerance_scan, capture : tuple of Record
        The aggregates of the studies of these kinds.
    families : tuple of FamilyStudy
        The studies of families of generative models.
    """

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
    """Read the studies of every role.

    Parameters
    ----------
    studies : dict of str to list of dict
        For each role of `SEEDS_OF` its studies: their ``axes``, their ``tolerance``, how many
        ``trajectories`` and ``targets`` they have, and, if that is to be checked, their ``origin``
        as in `heatdeath.analysis.origin.check_origin`. Those of families also have their ``name``
        and their ``family``.
    files : dict of str to list of path
        For each of these roles the trajectories of all its studies, one study after the other, and
        as ``<role>_targets`` their targets; for each other role its aggregates. As
        ``families_gates`` the quality gates of the studies of families.

    Returns
    -------
    Data
        What was read; roles that are not given are empty.

    Raises
    ------
    FileFormatError
        If a file is damaged or is not what its place says.
    """
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
                kind="model_trajectories" if role == FAMILIES else "trajectories",
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
            netcdf.read(path, kind="relaxation") for path in files.get("relaxation", ())
        ),
        collapse_time=tuple(
            netcdf.read(path, kind="collapse_time") for path in files.get("collapse_time", ())
        ),
        growth=tuple(netcdf.read(path, kind="growth") for path in files.get("growth", ())),
        recovery=tuple(netcdf.read(path, kind="recovery") for path in files.get("recovery", ())),
        tolerance_scan=tuple(
            netcdf.read(path, kind="tolerance_scan") for path in files.get("tolerance_scan", ())
        ),
        capture=tuple(netcdf.read(path, kind="capture") for path in files.get("capture", ())),
        families=tuple(_family_study(study, cells, gate) for study, cells, gate in families),
    )


def _family_study(study, cells, gate_path):
    gate = netcdf.read(gate_path, kind="gate")
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
