"""Families of generative models, and the data that they learn."""
