"""Errors of the package: each names what was wrong, what was given and what is allowed."""

_LONGEST_VALUE = 200


def shortened(text, *, most=_LONGEST_VALUE) -> str:
    """Return a text that is cut where it is longer than what one reads in a message."""
    return text if len(text) <= most else text[: most - 1] + "…"


def shown(value) -> str:
    """Return a value as messages show it."""
    try:
        return shortened(repr(value))
    except ValueError:
        # Python writes no integers of more than some thousands of digits.
        return f"a value of type {type(value).__name__} that is too long to be shown"


class HeatdeathError(Exception):
    """Base class of every error that the package raises on purpose."""


class ParameterError(HeatdeathError, ValueError):
    """An argument or a configuration key has a value that is not allowed.

    Parameters
    ----------
    name : str
        The argument or the path of the configuration key.
    value : object
        What was given.
    allowed : str
        What is allowed, in words.
    """

    def __init__(self, name, value, allowed):
        self.name = name
        self.value = value
        self.allowed = allowed
        super().__init__(f"{name}: got {shown(value)}; allowed: {allowed}")

    def __reduce__(self):
        """Rebuild from the three arguments, so that the error crosses process boundaries."""
        return type(self), (self.name, self.value, self.allowed)


class _PathError(HeatdeathError):
    def __init__(self, path, problem):
        self.path = str(path)
        self.problem = problem
        super().__init__(f"{self.path}: {problem}")

    def __reduce__(self):
        return type(self), (self.path, self.problem)


class FileFormatError(_PathError, ValueError):
    """A file is missing, damaged, unfinished or not one of ours.

    Parameters
    ----------
    path : str or os.PathLike
        The file.
    problem : str
        What is wrong with it and what was expected.
    """


class OutputError(_PathError, OSError):
    """A file or folder cannot be written.

    Parameters
    ----------
    path : str or os.PathLike
        The file or folder.
    problem : str
        Why not, and what is needed.
    """

    def __str__(self):
        """Return the message; OSError would print its own arguments."""
        return f"{self.path}: {self.problem}"
