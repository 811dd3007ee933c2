"""The description of an archive as a Workflow RO-Crate."""

import json
import posixpath

from heatdeath.errors import HeatdeathError

METADATA_NAME = "ro-crate-metadata.json"
WORKFLOW = "Snakefile"
# The newest version that the profile for workflows 1.0 and its validators know.
_VERSION = "1.1"
_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".nc": "application/netcdf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".sha256": "text/plain",
    ".yaml": "application/yaml",
}
_FOLDERS = {
    "config/": "The studies, and the claims that are tested",
    "docs/": "The documentation, with the expected numbers of each configuration",
    "heatdeath/": "The library: samplers, theory, analysis, figures",
    "tests/": "The tests",
    "workflow/": "Rules, scripts, the text of the paper and the schema of the configuration",
}


class MissingLibraryError(HeatdeathError):
    """An optional library is not installed; the message says how it is."""


def describe(code, results, *, configfile, citation, commit, date, digests) -> bytes:
    """Describe an archive: its code, and its results with their sizes in bytes and SHA-256."""
    try:
        from rocrate.model.contextentity import ContextEntity
        from rocrate.rocrate import ROCrate
    except ImportError as error:
        raise MissingLibraryError(
            "the library rocrate is needed to describe an archive; install it with: "
            "python -m pip install 'rocrate>=0.14'"
        ) from error

    crate = ROCrate(version=_VERSION)
    crate.metadata.extra_terms["sha256"] = "https://w3id.org/ro/terms/workflow-run#sha256"

    def entity(identifier, kind, **properties):
        return crate.get(identifier) or crate.add(
            ContextEntity(crate, identifier, properties={"@type": kind, **properties})
        )

    def person(author):
        if "family-names" in author:
            name = f"{author['given-names']} {author['family-names']}"
            return entity(_local(name), "Person", name=name)
        return entity(_local(author["name"]), "Organization", name=author["name"])

    def article(reference):
        doi = f"https://doi.org/{reference['doi']}" if "doi" in reference else None
        dated = {"datePublished": str(reference["year"])} if "year" in reference else {}
        return entity(
            doi or reference.get("url") or _local(reference["title"]),
            "SoftwareSourceCode" if reference["type"] == "software" else "ScholarlyArticle",
            name=reference["title"],
            author=[person(author) for author in reference["authors"]],
            **dated,
        )

    licence = entity(
        f"https://spdx.org/licenses/{citation['license']}",
        "CreativeWork",
        name=f"{citation['license']} licence, see LICENSE; LICENSES/ for the word frequencies",
    )
    authors = [person(author) for author in citation["authors"]]
    root = crate.root_dataset
    root["name"] = citation["title"]
    root["description"] = " ".join(citation["abstract"].split())
    root["version"] = citation["version"]
    root["keywords"] = citation["keywords"]
    root["datePublished"] = date
    root["license"] = licence
    root["author"] = authors
    root["citation"] = [article(reference) for reference in citation["references"]]

    workflow = crate.add_workflow(
        dest_path=WORKFLOW,
        main=True,
        lang="snakemake",
        properties={"name": "heatdeath", "version": citation["version"]},
    )
    workflow["license"] = licence
    workflow["creator"] = authors
    # The identifier that Software Heritage gives a commit of git.
    workflow["identifier"] = f"swh:1:rev:{commit}"
    workflow["dateModified"] = date

    configuration = crate.add_file(
        dest_path=configfile, properties=_file(configfile, "The configuration that was run")
    )
    crate.add_file(dest_path="README.md", properties=_readme())
    for folder, description in _FOLDERS.items():
        if any(path.startswith(folder) for path in code):
            crate.add_dataset(dest_path=folder, properties={"description": description})
    made = []
    for path in sorted(results):
        properties = _file(path, None) | {"contentSize": str(results[path])}
        if path in digests:
            properties["sha256"] = digests[path]
        made.append(crate.add_file(dest_path=path, properties=properties))
    run = crate.add_action(
        workflow,
        identifier="#run",
        object=[configuration],
        result=made,
        properties={"@type": "CreateAction", "name": f"Run of {configfile}"},
    )
    root["mentions"] = [run]
    return (json.dumps(crate.metadata.generate(), indent=2, ensure_ascii=False) + "\n").encode()


def _file(path, description):
    properties = {"name": posixpath.basename(path)}
    if description:
        properties["description"] = description
    kind = _TYPES.get(posixpath.splitext(path)[1])
    return properties | ({"encodingFormat": kind} if kind else {})


def _readme():
    return {"name": "README.md", "encodingFormat": "text/markdown", "about": {"@id": "./"}}


def _local(name):
    return "#" + "-".join(name.lower().split())
