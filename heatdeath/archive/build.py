"""Put the code, a configuration and its results into one file."""

import os
import shutil
import stat
import zipfile
from pathlib import Path

from heatdeath import __version__
from heatdeath.archive.checkout import read_checkout
from heatdeath.archive.crate import METADATA_NAME, describe
from heatdeath.errors import FileFormatError, ParameterError
from heatdeath.files.atomic import replacing
from heatdeath.files.manifest import MANIFEST_NAME, read_manifest, sha256_of
from heatdeath.files.named_output import output_path
from heatdeath.study.catalogue import files_made
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.plan import source_files

REPORT_NAME = "report.html"
_DIGITS = 12
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def write_archive(configfile, *, root=".", output="build", force=False) -> Path:
    """Archive the results of a configuration together with the code that made them.

    The archive, ``heatdeath-<version>-<first digits of the manifest's SHA-256>.zip`` in the folder
    `output`, holds the files of the newest commit of the clone `root`; below ``results/`` all that
    is made of the trajectories, the manifest, which lists the trajectories too, and the report;
    and a description as RO-Crate. The same commit, results and report give the same bytes. A file
    of that name which is no archive of heatdeath is replaced with `force` alone.
    """
    root = Path(root)
    checkout = read_checkout(root)
    if configfile not in checkout.files:
        raise ParameterError("configfile", str(configfile), "a committed file, relative to the top")
    configuration = load(read_configuration(root / configfile))
    folder = root / configuration.results
    digests = {f"results/{name}": digest for name, digest in read_manifest(folder).items()}
    results = {}
    for path in (*_targets(configuration), *files_made(configuration)):
        name = "results/" + str(Path(path).relative_to(configuration.results))
        results[name] = root / path
        _check(results[name], digests.get(name))
    for name in (MANIFEST_NAME, REPORT_NAME):
        results[f"results/{name}"] = folder / name
        _check_exists(folder / name)
    digest = sha256_of(folder / MANIFEST_NAME)[:_DIGITS]
    path = Path(output) / f"heatdeath-{__version__}-{digest}.zip"
    destination = output_path(path, key="--output", suffix=".zip", force=force)

    description = describe(
        checkout.files,
        {name: path.stat().st_size for name, path in results.items()},
        configfile=configfile,
        citation=_citation(checkout.files["CITATION.cff"]),
        commit=checkout.commit,
        date=checkout.date,
        digests=digests,
    )
    members = {**checkout.files, **results, METADATA_NAME: description}
    _write_zip(members, destination, executable=checkout.executable)
    return path


def _targets(configuration):
    return [path for path in source_files(configuration) if "/trajectories/" not in path]


def _check(path, digest):
    _check_exists(path)
    if digest is None:
        raise FileFormatError(path, "is not in the manifest; run the workflow again")
    if sha256_of(path) != digest:
        raise FileFormatError(path, "is not the file of the manifest; run the workflow again")


def _check_exists(path):
    if not path.is_file():
        raise FileFormatError(path, "does not exist; make archive makes it")


def _citation(content):
    import yaml

    return yaml.safe_load(content)


def _write_zip(members, path, *, executable):
    """Write a ZIP file whose bytes depend on nothing but the names and bytes of its members.

    They stand in the order of their names, without times and owners, and are not compressed: most
    results are already, and compressors of two versions differ.
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
