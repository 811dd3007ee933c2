"""The checksum of what a file holds."""

import hashlib
import json

import numpy as np


def checksum(variables, attributes) -> str:
    """Hash the content of a file, independent of how the file is laid out.

    Parameters
    ----------
    variables : dict of str to (tuple of str, numpy.ndarray, dict)
        For each variable its dimensions, values and attributes.
    attributes : dict
        The attributes of the file.

    Returns
    -------
    str
        SHA-256, in hexadecimal digits, of all names, dimensions, shapes, types, attributes and
        values, numbers taken in little-endian order.
    """
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
