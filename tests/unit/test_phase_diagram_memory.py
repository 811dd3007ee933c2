"""The memory of an aggregation does not grow with the trajectories that it reads."""

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
N_SEEDS, N_CHECKPOINTS = 1_000, 8
BYTES_OF_A_CELL = 16 * N_SEEDS * N_CHECKPOINTS * 8


@pytest.fixture
def aggregation(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    monkeypatch.setenv("PYTHONPATH", str(BENCHMARKS.parents[1]))
    spec = importlib.util.spec_from_file_location("aggregation", BENCHMARKS / "aggregation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("measuring", None)


def test_memory_does_not_grow_with_the_cells_and_progress_is_reported(aggregation, tmp_path):
    memory = {}
    for n_fractions in (5, 30):
        folder = tmp_path / str(n_fractions)
        axes = aggregation.axes_of(2, n_fractions)
        aggregation.write_files(folder, axes, n_seeds=N_SEEDS, n_checkpoints=N_CHECKPOINTS)
        memory[n_fractions], _, log = aggregation.memory_of(folder, 2, n_fractions)
        lines = log.splitlines()
        assert lines[-1].endswith(f"{2 * n_fractions} of {2 * n_fractions} cells")
        assert len(lines) == min(20, 2 * n_fractions)
    more = 2 * 25 * BYTES_OF_A_CELL
    assert memory[30] - memory[5] < 0.2 * more
