"""Compare two results folders by their manifests."""

_SHOWN = 20


def compare_manifests(path_a, path_b) -> bool:
    """Print which files differ."""
    from heatdeath.files.manifest import read_manifest

    a, b = read_manifest(path_a), read_manifest(path_b)
    differences = {
        "differ": [name for name in a if name in b and a[name] != b[name]],
        "are missing in B": [name for name in a if name not in b],
        "are missing in A": [name for name in b if name not in a],
    }
    if not any(differences.values()):
        print(f"the same bytes: {len(a)} files")
        return True
    print(f"{sum(b.get(name) == digest for name, digest in a.items())} files have the same bytes")
    for what, names in differences.items():
        if names:
            print(f"{len(names)} {what}:")
            print(*(f"  {name}" for name in names[:_SHOWN]), sep="\n")
            if len(names) > _SHOWN:
                print(f"  and {len(names) - _SHOWN} more")
    return False
