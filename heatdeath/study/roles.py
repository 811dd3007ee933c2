"""The roles that studies play where claims are judged: which studies can, and what is read.

A role that reads an aggregate has its declaration in `heatdeath.claims.data`, and every role is a
key of the section claims in the schema of the configuration.
"""

from dataclasses import dataclass, field

from heatdeath.sampling_rules import RULE_ARGUMENTS

FAMILIES = "families"
"""Role of studies of families of generative models; each is judged on its own."""

_PLANE = ("temperature", "fresh_fraction")


@dataclass(frozen=True)
class Role:
    """A part that studies play where claims are judged, and what a study must be to play it."""

    name: str
    kind: str  # of the studies
    reads_trajectories: bool = False  # with their targets; else the first aggregate of the kind
    of_families: bool = False  # the quality gates of such studies are read as well
    needs_axes: tuple[str, ...] = ()
    allows_axes: tuple[str, ...] | None = None  # with more than one value; None allows all
    settings: dict = field(default_factory=dict)  # of arguments, the value in every cell
    without: tuple[str, ...] = ()  # arguments that are not set


ROLES = {
    role.name: role
    for role in (
        # Planes of temperature and fresh fraction, where data accumulate.
        Role(
            "plane",
            kind="phase_diagram",
            reads_trajectories=True,
            needs_axes=_PLANE,
            allows_axes=(*_PLANE, "initial"),
            without=("regime", *RULE_ARGUMENTS),
        ),
        # T = 1 without fresh data, in several data regimes.
        Role(
            "neutral",
            kind="phase_diagram",
            reads_trajectories=True,
            settings={"temperature": 1, "fresh_fraction": 0},
            without=RULE_ARGUMENTS,
        ),
        # Planes of families of generative models, each in the data regime of its study.
        Role(
            FAMILIES,
            kind="phase_diagram",
            reads_trajectories=True,
            of_families=True,
            needs_axes=_PLANE,
            allows_axes=(*_PLANE, "initial"),
        ),
        Role("relaxation", kind="relaxation"),
        Role("collapse_time", kind="collapse_time"),
        Role("growth", kind="growth"),
        Role("recovery", kind="recovery"),
        Role("tolerance_scan", kind="tolerance_scan"),
        Role("capture", kind="capture"),
    )
}
"""The roles by name."""

SEEDS_OF = tuple(name for name, role in ROLES.items() if role.reads_trajectories)
"""Names of the roles of studies of which the trajectories are read."""
