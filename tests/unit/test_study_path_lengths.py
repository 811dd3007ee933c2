import copy
from pathlib import Path

import pytest

from heatdeath.errors import ParameterError
from heatdeath.files.atomic import replacing
from heatdeath.study.catalogue import files_made
from heatdeath.study.config import load
from heatdeath.study.configuration_file import read_configuration
from heatdeath.study.path_lengths import WHILE_WRITTEN
from heatdeath.study.plan import source_files

TINY = read_configuration(Path(__file__).parents[2] / "config" / "tiny.yaml")


def tiny(*, name="tiny", results="results", **axes):
    config = copy.deepcopy(TINY)
    study = config["studies"].pop("tiny")
    study["axes"] |= axes
    for axis in axes:
        study["settings"].pop(axis, None)
    figures = {"phase_diagram": {"studies": [name]}} if not axes else {}
    return config | {"results": results, "studies": {name: study}, "figures": figures}


def refusal(config):
    with pytest.raises(ParameterError) as caught:
        load(config)
    message = str(caught.value)
    assert "\n" not in message
    return message


def can_be_written(configuration, folder):
    """Put each file and its folders in place, as the workflow does."""
    for path in [*source_files(configuration), *files_made(configuration)]:
        with replacing(folder / path) as temporary:
            temporary.touch()
    return True


def test_the_name_of_a_file_that_is_being_written_is_so_much_longer(tmp_path):
    with replacing(tmp_path / "name.nc") as temporary:
        temporary.touch()
        assert len(temporary.name) == len("name.nc") + WHILE_WRITTEN


def test_a_study_s_name_is_as_long_as_its_files_can_be_named_and_no_longer(tmp_path):
    assert can_be_written(load(tiny(name="a" * 215)), tmp_path)
    message = refusal(tiny(name="a" * 216))
    assert message.startswith("studies.aaa")
    assert message.endswith("a name of at most 215 characters, not 216: it names files")


def test_a_variant_s_name_is_as_long_as_its_folder_can_be_named_and_no_longer(tmp_path):
    assert can_be_written(load(tiny(variant={"a" * 247: {}})), tmp_path)
    message = refusal(tiny(variant={"a" * 248: {}}))
    assert message.startswith("studies.tiny.axes.variant.aaa")
    assert "allowed: a value whose name in paths is shorter by 1:" in message


def test_a_target_on_an_axis_is_as_long_as_its_file_can_be_named_and_no_longer(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    names = {n: "file:" + "/".join(["a" * 150] * 2)[: n - 9] + ".csv" for n in (230, 231)}
    for name in names.values():
        path = tmp_path / name.removeprefix("file:")
        path.parent.mkdir(exist_ok=True)
        path.write_text("1\n2\n")
    assert can_be_written(load(tiny(target=[names[230]])), tmp_path)
    message = refusal(tiny(target=["zipf:1:10", names[231]]))
    assert message.startswith("studies.tiny.axes.target[1]: got 'file:")
    assert "allowed: a value whose name in paths is shorter by 1:" in message


def test_a_results_folder_with_a_name_that_is_too_long_is_refused(tmp_path):
    assert can_be_written(load(tiny(results="x/" + "a" * 255)), tmp_path)
    message = refusal(tiny(results="x/" + "a" * 256))
    assert message.startswith("results: got 'x/aaa")
    assert message.endswith("folders of at most 255 characters, not 256")


def test_a_path_that_is_too_long_in_all_is_refused_with_how_long_it_may_be():
    assert load(tiny(results="/".join(["a" * 99] * 25)))
    message = refusal(tiny(results="/".join(["a" * 99] * 35)))
    assert message.startswith("studies.tiny: got 'tiny'; allowed: files whose paths, up to 35")
    assert "characters here, have at most about " in message


@pytest.mark.parametrize("temperature", [1e253, 5e-324])
def test_a_temperature_of_more_digits_than_a_name_can_have_is_refused(temperature):
    message = refusal(tiny(temperature=[1, temperature]))
    assert message.startswith(f"studies.tiny.axes.temperature[1]: got {temperature!r}; allowed: ")
    assert load(tiny(temperature=[1, 1e252]))
