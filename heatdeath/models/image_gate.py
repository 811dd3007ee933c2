"""The quality gate of the families of images: good enough to enter a closed loop, or not."""

import numpy as np

from heatdeath.models.gates import Gate
from heatdeath.models.seeds import sample_of_fit

SAMPLE_SIZE = 4000
"""Images that are drawn of each model: θ drawn from p itself is then 0.06 away from it, and the
images of a model that is exactly its 2000 data are 0.11 away."""

# The thresholds were set on every third training scan, kept back while the families were tuned on
# the others. Of 24 fits of the three families the worst had a distance to these scans of 0.15 (6.4
# times the distance between the real halves), a coverage of 0.92 and a total variation of 0.20.
# The best of six fits of networks with 8 units had 0.18 (7.7 times), 0.90 and 0.22: of these it is
# the Fréchet distance that rejects it.
LARGEST_FRECHET_DISTANCE = 7.0
LEAST_COVERAGE = 0.85
LARGEST_TOTAL_VARIATION = 0.25


def check(family, source, *, size, key):
    """Fit a family to real data alone and hold its images against the test scans."""
    rng = np.random.default_rng(key)
    data = source.draw(size, rng)
    fit_key, sample_key = rng.integers(2**32, size=(2, 2), dtype=np.uint32)
    images = sample_of_fit(family, data, n=SAMPLE_SIZE, fit_key=fit_key, sample_key=sample_key)
    counts = np.bincount(source.assign(images), minlength=len(source.probabilities))
    theta = counts / SAMPLE_SIZE
    measured = source.measures(theta, images)
    frechet_distance, coverage = measured["frechet_distance"], measured["coverage"]
    total_variation = float(np.abs(theta - source.probabilities).sum() / 2)
    return [
        _at_most("frechet_distance", frechet_distance, LARGEST_FRECHET_DISTANCE),
        Gate("coverage", coverage, LEAST_COVERAGE, bool(coverage >= LEAST_COVERAGE)),
        _at_most("total_variation", total_variation, LARGEST_TOTAL_VARIATION),
    ]


def _at_most(name, value, threshold):
    """Gate that a value passes by not lying above its threshold; nan does not pass."""
    return Gate(name, value, threshold, bool(value <= threshold))
