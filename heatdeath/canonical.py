"""Canonical identities: the text of a number, the digest of a mapping, and its random stream."""

import hashlib
import json
import math
from decimal import Decimal

import numpy as np

from heatdeath.checks import is_number
from heatdeath.errors import ParameterError


def decimal_text(value) -> str:
    """Write a number or an infinity as its one canonical decimal, such as ``"0.8"`` or ``"inf"``.

    It is the shortest decimal that reads back as the same double, without an exponent and without
    trailing zeros, so that 0.8, 0.80 and 8e-1 share one text.
    """
    if not is_number(value) or math.isnan(value):
        raise ParameterError("number", value, "a finite number or inf")
    value = float(value)
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    text = format(Decimal(repr(value)), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def identity_digest(mapping) -> str:
    """Return the SHA-256, in hexadecimal, of a mapping of plain values in any order of its keys."""
    text = json.dumps(mapping, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def stream(root_seed: int, identity: str, seed: int) -> np.random.Generator:
    """Return the stream of one trajectory, keyed by what it is and never by its place in a list.

    It is independent of the stream of any other root seed, `identity_digest` or seed, by
    `numpy.random.SeedSequence`.
    """
    words = tuple(int(identity[i : i + 8], 16) for i in range(0, 64, 8))
    sequence = np.random.SeedSequence(entropy=root_seed, spawn_key=(*words, seed))
    return np.random.Generator(np.random.PCG64(sequence))
