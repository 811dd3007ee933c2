"""The plain container of arrays and attributes that files hold."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Record:
    """Named arrays with named dimensions, and attributes: the content of one file."""

    kind: str
    variables: dict[str, tuple[tuple[str, ...], np.ndarray]] = field(default_factory=dict)
    attributes: dict[str, str | int | float] = field(default_factory=dict)

    def values(self, name) -> np.ndarray:
        """Return the values of the variable `name`."""
        return self.variables[name][1]

    def dimensions(self, name) -> tuple[str, ...]:
        """Return the names of the dimensions of the variable `name`."""
        return self.variables[name][0]

    @property
    def sizes(self) -> dict[str, int]:
        """Length of every dimension, in the order in which the variables use them."""
        return {
            dimension: length
            for dimensions, values in self.variables.values()
            for dimension, length in zip(dimensions, np.shape(values), strict=True)
        }
