"""The roles that studies play where claims are judged: which studies can, and what is read.

Each is a key of the section claims of a configuration. What a role that reads an aggregate is read
with is declared in `heatdeath.claims.data`.
"""

from dataclasses import dataclass, field

from heatdeath.files.axes import PLANE
from heatdeath.sampling_rules import RULE_ARGUMENTS

FAMILIES = "families"
"""Role of studies of families of generative models; each is judged on its own."""


@dataclass(frozen=True)
class Role:
    """A part that studies play where claims are judged, and what a study must be to play it."""

    name: str
    kind: str  # of the studies
    meaning: str
    reads_trajectories: bool = False  # with their targets; else the first aggregate of the kind
    of_families: bool = False  # the quality gates of such studies are read as well
    needs_axes: tuple[str, ...] = ()
    allows_axes: tuple[str, ...] | None = None  # with more than one value; None allows all
    settings: dict = field(default_factory=dict)  # of arguments, the value in every cell
    without: tuple[str, ...] = ()  # arguments that are not set


ROLES = {
    role.name: role
    for role in (
        Role(
            "plane",
            "phase_diagram",
            "Studies of kind `phase_diagram` whose axes are temperature, fresh fraction and "
            "perhaps the start, and whose data accumulate; studies of the same target, start and "
            "horizon complete each other.",
            reads_trajectories=True,
            needs_axes=PLANE,
            allows_axes=(*PLANE, "initial"),
            without=("regime", *RULE_ARGUMENTS),
        ),
        Role(
            "neutral",
            "phase_diagram",
            "Studies of kind `phase_diagram` at a temperature of 1 without fresh data, with a "
            "variant for each data regime.",
            reads_trajectories=True,
            settings={"temperature": 1, "fresh_fraction": 0},
            without=RULE_ARGUMENTS,
        ),
        Role("relaxation", "relaxation", "Studies of kind `relaxation`."),
        Role("collapse_time", "collapse_time", "Studies of kind `collapse_time`."),
        *(
            Role(kind, kind, f"Studies of kind `{kind}`, shown beside a verdict.")
            for kind in ("growth", "recovery", "tolerance_scan", "capture")
        ),
        Role(
            FAMILIES,
            "phase_diagram",
            "Studies of kind `phase_diagram` of families of generative models, whose axes are "
            "temperature, fresh fraction and perhaps the start. Each is judged on its own, beside "
            "the verdicts on the urn.",
            reads_trajectories=True,
            of_families=True,
            needs_axes=PLANE,
            allows_axes=(*PLANE, "initial"),
        ),
    )
}
"""The roles by name."""
