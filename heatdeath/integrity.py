"""How a file shows that it is whole: a checksum of what it holds, and one of all its bytes.

The HDF5 library trusts what it reads: one flipped bit can make it loop for ever. So the bytes are
verified before it sees them, by the last line of the file. The library ignores what follows its own
end of the file, and so does every program built on it.
"""

import hashlib
import json
import os

import numpy as np

from heatdeath.errors import FileFormatError

_START = b"\nheatdeath sha256 "
_END = b"\n"
_LENGTH = len(_START) + 64 + len(_END)
_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def checksum(variables, attributes) -> str:
    """Hash the content of a file, independent of how the file is laid out."""
    digest = hashlib.sha256(_text(attributes))
    for name in sorted(variables):
        dims, values, its_attributes = variables[name]
        if values.dtype.kind == "U":
            dtype, content = "string", _text(values.tolist())
        else:
            little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
            dtype, content = values.dtype.name, memoryview(little.reshape(-1)).cast("B")
        digest.update(_text([name, list(dims), list(values.shape), dtype, its_attributes]))
        digest.update(content)
    return digest.hexdigest()


def _text(value) -> bytes:
    return json.dumps(value, sort_keys=True, default=np.ndarray.tolist).encode()


def append_trailer(path) -> None:
    """Append the trailer to a finished NetCDF-4 file."""
    with open(path, "r+b") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0, os.SEEK_END)
        file.write(_START + digest.encode() + _END)


def without_trailer(content, path) -> memoryview:
    """Verify the trailer and take it off."""
    image, trailer = memoryview(content)[:-_LENGTH], content[-_LENGTH:]
    _check_ends(content, trailer, path)
    if trailer[len(_START) : -len(_END)].decode(errors="replace") != (
        hashlib.sha256(image).hexdigest()
    ):
        raise FileFormatError(
            path, "is damaged: its bytes do not match their checksum; make it again"
        )
    return image


def check_trailer(path, *, whole) -> None:
    """Look whether a file was written to its end, and perhaps whether it is still the same."""
    try:
        with open(path, "rb") as file:
            if whole:
                without_trailer(file.read(), path)
                return
            beginning = file.read(_LENGTH)
            file.seek(max(file.seek(0, os.SEEK_END) - _LENGTH, 0))
            _check_ends(beginning, file.read(), path)
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error


def verify_if_ours(path) -> bool:
    """Verify a file that has a trailer; return whether it has one, or is of another program."""
    try:
        with open(path, "rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _LENGTH, 0))
            end = file.read()
            # Where a bit of the trailer has changed, one of its two words is left.
            if not any(word in end for word in _START.split()):
                return False
            file.seek(0)
            without_trailer(file.read(), path)
            return True
    except OSError as error:
        raise FileFormatError(path, f"cannot be read: {error.strerror}") from error


def _check_ends(beginning, trailer, path):
    if not beginning.startswith(_HDF5_SIGNATURE):
        raise FileFormatError(path, "is empty" if not beginning else "is not a NetCDF-4 file")
    if not (trailer.startswith(_START) and trailer.endswith(_END)):
        raise FileFormatError(
            path, "is truncated or half-written, or was not written by heatdeath: it has no trailer"
        )
