"""Families of generative models in the closed loop, and the sources of their data."""
