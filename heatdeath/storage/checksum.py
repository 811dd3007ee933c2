"""The checksum of what a file holds."""

import hashlib
import json

import numpy as np


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
