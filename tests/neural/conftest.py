"""Tests of the families: without the optional packages they skip, but not in CI."""

import importlib
import os

if os.environ.get("HEATDEATH_TEST_NEURAL"):
    for _package in ("jax", "equinox", "optax", "sklearn"):
        importlib.import_module(_package)
