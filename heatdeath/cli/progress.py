"""A progress bar for a terminal."""

import sys
import time

_WIDTH = 40
_SECONDS_BETWEEN = 0.1


class ProgressBar:
    """Called with what is done and the total, draws a bar in the last line of a terminal."""

    def __init__(self, stream=None, *, clock=time.monotonic):
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._started = clock()
        self._drawn = -float("inf")
        self._active = self._stream.isatty()

    def __call__(self, done, total):
        """Draw the bar, at most ten times a second and always at the end."""
        now = self._clock()
        if not self._active or (done < total and now - self._drawn < _SECONDS_BETWEEN):
            return
        self._drawn = now
        share = done / total
        left = (now - self._started) * (1 - share) / share if share else 0.0
        bar = ("#" * round(share * _WIDTH)).ljust(_WIDTH, ".")
        end = "\n" if done >= total else ""
        self._stream.write(f"\r[{bar}] {share:4.0%}, {left:.0f} s left \x1b[K{end}")
        self._stream.flush()
