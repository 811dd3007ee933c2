"""Studies: a configuration, the grid of cells that it spans, and the jobs that fill it.

Nothing is imported here, so that a job pays only for the modules that it uses.
"""
