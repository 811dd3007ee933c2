"""Families of generative models in the closed loop, and the sources of their data.

A family of the package is a class in a file ``family_*.py`` and a row of ``registry.toml``, a
source one in a file ``source_*.py`` and a row. What a fit costs stands in ``training_costs.json``
beside `heatdeath.study.costs`; a family that it lacks is priced as the dearest.
"""
