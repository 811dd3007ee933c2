"""What every benchmark shares: a stopwatch, and a figure beside the one that it must reach."""

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured number and its bound, either the least or the most that it may be."""

    name: str
    measured: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def reached(self):
        if self.at_least is not None:
            return self.measured >= self.at_least
        return self.measured <= self.at_most

    @property
    def margin(self):
        """How many times better than its bound the measured number is."""
        if self.at_least is not None:
            return self.measured / self.at_least
        return self.at_most / self.measured

    def __str__(self):
        word, bound = (
            ("at least", self.at_least) if self.at_least is not None else ("at most", self.at_most)
        )
        return (
            f"{self.name:<58} {self.measured:>10.4g} {self.unit:<7}"
            f"{word:>9} {bound:<8g}{self.margin:>7.2f}x  {'' if self.reached else 'NOT REACHED'}"
        ).rstrip()


def least_seconds(call, *, repeats):
    """Time `call` on its core, where other programs do not count; return the least of the times."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)
