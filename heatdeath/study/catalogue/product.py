"""What an entry of the catalogue says of a product of the workflow, and of a figure's section."""

from collections.abc import Callable
from dataclasses import dataclass, field

from heatdeath.study.kinds import StudyKind

OF_NO_STUDY = ""
"""Stands for the study of a product that is made once."""

_NAME = {"type": "string", "description": "Name of the study that the figure shows."}


def _nothing(configuration, study):
    return {}


def _none_beside_the_home(configuration, study):
    return ()


@dataclass(frozen=True)
class Shown:
    """A key of a figure's section that names a study, or several."""

    kind: str  # of study
    needs: tuple[str, ...]  # axes that it must have
    draws: tuple[str, ...]  # axes that may have more than one value
    meaning: str = _NAME["description"]
    several: tuple[int, int | None] | None = None  # the least and the largest number of them
    required: bool = True

    def schema(self) -> dict:
        """Return the part of the configuration's schema for the key."""
        if self.several is None:
            return {"type": "string", "description": self.meaning}
        least, most = self.several
        limits = {"minItems": least} | ({} if most is None else {"maxItems": most})
        names = {"type": "array", "uniqueItems": True, "items": _NAME, **limits}
        return names | {"description": self.meaning}


@dataclass(frozen=True)
class Option:
    """A key of a figure's section that names no study, by its part of the schema."""

    schema_of_key: dict
    required: bool = True

    def schema(self) -> dict:
        """Return the part of the configuration's schema for the key."""
        return self.schema_of_key


@dataclass(frozen=True)
class Section:
    """What a configuration says of a figure, below ``figures``."""

    name: str
    meaning: str
    keys: dict[str, Shown | Option]
    labelled: str | None = None  # the key whose study labels the figure in the report
    check: Callable | None = None  # of (path, figure, studies), beyond the studies' kinds and axes

    def schema(self) -> dict:
        """Return the part of the configuration's schema for the section."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [name for name, key in self.keys.items() if key.required],
            "description": self.meaning,
            "properties": {name: key.schema() for name, key in self.keys.items()},
        }

    def shown(self, figure) -> list[tuple[str, str, Shown]]:
        """Return the studies that a figure names: path below the section, name, and key."""
        found = []
        for name, key in self.keys.items():
            if isinstance(key, Shown) and name in figure:
                if key.several is None:
                    found.append((name, figure[name], key))
                else:
                    found += [(f"{name}[{i}]", each, key) for i, each in enumerate(figure[name])]
        return found


@dataclass(frozen=True)
class Product:
    """What one rule of the workflow makes: a file, or several in one go.

    `reads`, `wanted`, `options` and `homes` see the configuration, and the study where there is
    one for each. Files of a product whose path has ``{study}`` are made for each study that wants
    them.
    """

    name: str  # of the rule; of a kind of study also that of the kind
    home: str  # "package.module:function", called with what it reads and its options by name
    files: dict[str, str]  # by name, below the results folder
    reads: Callable = _nothing  # (configuration, study) -> file or files, by name of argument
    wanted: Callable = None  # configuration -> names of studies, or `OF_NO_STUDY`
    options: Callable = _nothing  # (configuration, study) -> further arguments by name
    homes: Callable = _none_beside_the_home  # (configuration, study) -> of code found by a text
    study_kind: StudyKind | None = None  # where it is what a kind of study ends in
    section: Section | None = None  # where it is a figure
    reported: tuple[str, str] | None = None  # file that the report shows, and its category
    local: bool = False  # whether it is made where Snakemake runs
    cost: Callable = field(default=_nothing)  # (configuration, study) -> size, numbers of a job

    @property
    def is_of_studies(self) -> bool:
        """Whether there is one for each of several studies."""
        return all("{study}" in path for path in self.files.values())

    @property
    def group(self) -> str:
        """What the job counts as where its cost is estimated."""
        return "figure" if self.section else self.name

    @property
    def log(self) -> str:
        """Path of the log and of the benchmark, without their endings."""
        if self.section:
            return next(iter(self.files.values())).rpartition(".")[0]
        return f"{self.name}/{{study}}" if self.is_of_studies else self.name

    def paths(self, configuration, study) -> dict[str, str]:
        """Return its files for a study, which begin with the results folder, by name."""
        folder = configuration.results
        return {
            name: f"{folder}/{path}".replace("{study}", study) for name, path in self.files.items()
        }
