"""What entries of the catalogue are written with: what is read, wanted, and handed over."""

from heatdeath.study import conditions
from heatdeath.study.catalogue.product import OF_NO_STUDY

# What a product reads.


def file_of(configuration, study, name) -> str:
    """Return the NetCDF file of a study, or without one of several, by its name."""
    return "/".join(filter(None, [configuration.results, study, f"{name}.nc"]))


def files_of(configuration, studies, name) -> list[str]:
    """Return the NetCDF files of one name of several studies."""
    return [file_of(configuration, study, name) for study in studies]


def trajectories_of(configuration, study) -> dict[str, list[str]]:
    """Return the trajectories and targets of a study."""
    folder = f"{configuration.results}/{study.name}"
    return {
        "trajectory_paths": [f"{folder}/{path}" for path in study.trajectory_paths()],
        "target_paths": [f"{folder}/{path}" for path in study.target_paths()],
    }


def of_its_study(**names):
    """Return what reads files of the study's own folder, by argument."""
    return lambda configuration, study: {
        argument: file_of(configuration, study.name, name) for argument, name in names.items()
    }


def of_figure(section, **files):
    """Return what reads, by argument, the file of a name of each study under a key."""

    def reads(configuration, study):
        figure = configuration.figures[section]
        found = {}
        for argument, (key, name) in files.items():
            shown = figure.get(key, [])
            several = isinstance(shown, list)
            found[argument] = (files_of if several else file_of)(configuration, shown, name)
        return found

    return reads


# When a product is asked for.


def studies_that(condition):
    """Return what asks for a product of each study that meets a condition."""
    return lambda configuration: [
        name for name, study in configuration.studies.items() if condition(study)
    ]


def with_figure(section, key=None):
    """Return what asks for a product of the studies that a figure shows under a key, or of none."""

    def wanted(configuration):
        if section not in configuration.figures:
            return []
        shown = OF_NO_STUDY if key is None else configuration.figures[section][key]
        return list(dict.fromkeys(shown)) if isinstance(shown, list) else [shown]

    return wanted


def explored_with_theory(configuration) -> list[str]:
    """Return the studies of the explorer whose equilibria it shows."""
    names = configuration.explorer.get("studies", [])
    return [name for name in names if conditions.has_theory_lines(configuration.studies[name])]


def once(asks):
    """Return what asks for a product that is made once."""
    return lambda configuration: [OF_NO_STUDY] if asks(configuration) else []


# What a product is made with, beside what it reads.


def origin_of(configuration, study) -> dict:
    """Return what all trajectories of a study must have been made from."""
    return {
        "root_seed": configuration.root_seed,
        "seeds": study.seeds,
        "settings": study.labelled_settings,
        "variants": study.variants,
    }


def options_of_trajectories(*further):
    """Return the options of what is made of trajectories: axes, origin, and further ones."""

    def options(configuration, study):
        found = {"axes": study.labelled_axes, "origin": origin_of(configuration, study)}
        if "tolerance" in further:
            found["tolerance"] = study.tolerance
        if "theory_at" in further:
            found["theory_at"] = conditions.theory_at(study)
        return found

    return options


def options_of_figure(section, keys):
    """Return the options that the section of a figure gives under its keys."""
    return lambda configuration, study: {
        key: configuration.figures[section][key]
        for key in keys
        if key in configuration.figures[section]
    }
