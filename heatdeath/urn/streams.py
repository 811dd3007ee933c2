"""Random streams keyed by what a trajectory is, never by its place in a list."""

import numpy as np


def stream(root_seed: int, identity: str, seed: int) -> np.random.Generator:
    """Return the random stream of one trajectory."""
    words = tuple(int(identity[i : i + 8], 16) for i in range(0, 64, 8))
    sequence = np.random.SeedSequence(entropy=root_seed, spawn_key=(*words, seed))
    return np.random.Generator(np.random.PCG64(sequence))
