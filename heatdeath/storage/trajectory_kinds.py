"""The kinds of file that hold trajectories."""

TRAJECTORY_KINDS = ("trajectories", "model_trajectories")
"""Of the urn, and of families of generative models."""
