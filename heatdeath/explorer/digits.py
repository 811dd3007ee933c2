"""Numbers as text of two characters each, with three significant digits."""

import numpy as np

# Printable, and none that HTML or JSON would have to escape.
ALPHABET = "".join(chr(code) for code in range(33, 127) if chr(code) not in "\"&'<>\\")
"""The characters; two of them are a number below the square of how many there are."""

DECADES = 8
"""Powers of ten that a column reaches below its largest number."""

ZERO, INFINITY, FIRST = 0, 1, 2
"""Codes: of 0 and of what is too small for the column, of infinity, and the first of the others."""

_MANTISSAS = 900


def pack(values) -> tuple[int, str]:
    """Return k₀ and numbers that are not negative as text, two characters each.

    A number m·10ᵏ⁻² with m from 100 to 999 has the code 2 + 900·(k − k₀) + m − 100, where k₀ is the
    least power of ten of the column, 7 below that of its largest number; its two characters are
    the digits of the code in base ``len(ALPHABET)``.
    """
    values = np.asarray(values, float).ravel()
    ordinary = np.isfinite(values) & (values > 0)
    mantissas, powers = _rounded(values[ordinary])
    least = int(powers.max()) - DECADES + 1 if powers.size else 0
    codes = np.where(np.isinf(values), INFINITY, ZERO)
    within = FIRST + _MANTISSAS * (powers - least) + mantissas - 100
    codes[ordinary] = np.where(powers < least, ZERO, within)
    characters = np.array(list(ALPHABET))
    pairs = np.stack(np.divmod(codes, len(ALPHABET)), axis=-1)
    return least, "".join(characters[pairs].ravel().tolist())


def _rounded(values):
    """Return mantissas from 100 to 999 and powers of ten of positive numbers."""
    powers = np.floor(np.log10(values)).astype(int)
    mantissas = np.rint(values / 10.0 ** (powers - 2)).astype(int)
    # The logarithm of a power of ten, and rounding up to one, may be off by a decade.
    powers += np.where(mantissas > 999, 1, np.where(mantissas < 100, -1, 0))
    return np.rint(values / 10.0 ** (powers - 2)).astype(int), powers
