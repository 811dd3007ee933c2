"""Write what was made: a record, a text or bytes, each in one step."""

from heatdeath.files.atomic import write_bytes
from heatdeath.files.variables import Record


def write(content, path) -> None:
    """Write a record as NetCDF, a text as UTF-8, bytes as they are; whole or not at all."""
    if isinstance(content, Record):
        # Its library takes long to import, and texts do not need it.
        from heatdeath.files import netcdf

        netcdf.write(content, path)
    else:
        write_bytes(content.encode() if isinstance(content, str) else content, path)
