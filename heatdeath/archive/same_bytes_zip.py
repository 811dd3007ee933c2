"""A ZIP file whose bytes depend on nothing but the names and bytes of what it holds."""

import os
import shutil
import stat
import zipfile

from heatdeath.files.atomic import replacing

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def write_zip(members, path, *, executable=frozenset()) -> None:
    """Write files into a ZIP file, in the order of their names, without times and owners.

    Nothing is compressed: most results are already, and compressors of two versions differ.
    """
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name in sorted(members, key=os.fsencode):
            content = members[name]
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = _UNIX
            mode = 0o755 if name in executable else 0o644
            info.external_attr = (stat.S_IFREG | mode) << 16
            if isinstance(content, bytes):
                archive.writestr(info, content)
                continue
            info.file_size = os.stat(content).st_size
            with open(content, "rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
