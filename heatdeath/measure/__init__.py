"""From trajectories to aggregates: quantiles, phases and intervals."""
