"""One file for a referee or a repository: the code, a configuration, and what it led to."""
