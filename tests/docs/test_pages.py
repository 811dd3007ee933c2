"""What the pages tell a reader to type works, and prints what they show."""

import pytest

from heatdeath.reference.command_line import command_line_reference

from .output import is_part_of
from .pages import PAGES, ROOT, Block, blocks_of
from .reader import Reader

WITH_BLOCKS = [
    page for page in PAGES if blocks_of(page.read_text(encoding="utf-8"), page=page.name)
]


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_a_page_works_from_top_to_bottom(page, tmp_path):
    reader = Reader(tmp_path)
    reader.set_up()
    name = str(page.relative_to(ROOT))
    for block in blocks_of(page.read_text(encoding="utf-8"), page=name):
        reader.do(block)


BROKEN = {
    "python that fails": ("python", "import heatdeath\nheatdeath.simulated()\n"),
    "python that cannot be parsed": ("python", "print(\n"),
    "a language that is not known": ("ruby", "puts 1\n"),
    "no language": ("", "heatdeath --version\n"),
    "a command that is not known": ("sh", "wget something\n"),
    "an option that heatdeath has not": ("sh", "heatdeath critical --hot\n"),
    "a value that heatdeath refuses": ("sh", "heatdeath critical --target u --temperature 1\n"),
    "an option that snakemake has not": ("sh", "snakemake --cores 1 --kernels 2\n"),
    "a configuration that is not there": ("sh", "snakemake --configfile config/other.yaml\n"),
    "a target that make has not": ("sh", "make coffee\n"),
    "a variable that make has not": ("sh", "make paper KERNELS=4\n"),
    "a file of requirements that is not there": ("sh", "pip install --requirement other.txt\n"),
    "a script that is not there": ("sh", 'eval "$(python tools/other.py)"\n'),
    "a key that no configuration has": ("yaml", "studies:\n  a: {kind: growth, speed: 1}\n"),
    "a key that the profile has not": ("yaml", "default-resources:\n  slurm_speed: 1\n"),
    "an object that is not there": ("{eval-rst}", ".. autofunction:: heatdeath.simulated\n"),
    "output of nothing": ("text", "42\n"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_block_is_found(what, tmp_path):
    reader = Reader(tmp_path)
    reader.folder.mkdir()
    for name in ("Makefile", "config", "profiles", "tools"):
        (reader.folder / name).symlink_to(ROOT / name)
    reader.programs.mkdir()
    language, text = BROKEN[what]
    with pytest.raises(AssertionError, match=r"page\.md, line 3: "):
        reader.do(Block("page.md", 3, language, text))


def test_output_that_is_not_printed_is_found(tmp_path):
    reader = Reader(tmp_path)
    reader.folder.mkdir()
    reader.do(Block("page.md", 1, "python", "print('TV', 0.5)\n"))
    reader.do(Block("page.md", 4, "text", "TV 0.51\n"))
    with pytest.raises(AssertionError, match="the page shows"):
        reader.do(Block("page.md", 4, "text", "TV 0.6\n"))


def test_shown_output_is_part_of_the_printed_one_up_to_spaces_ellipses_and_digits():
    printed = "T  f_prevent\n0.5   0.5000\n0.8   0.2123\n17 jobs, 1,000 seeds\n"
    assert is_part_of("0.8 0.21", printed)
    assert is_part_of("T ...\n17 jobs", printed)
    assert is_part_of("1,000 seeds", printed)
    assert not is_part_of("0.8 0.25", printed)
    assert not is_part_of("16 jobs", printed)
    assert not is_part_of("1,001 seeds", printed)
    assert not is_part_of("T ... 18 jobs", printed)


def test_a_block_that_does_not_end_is_found():
    with pytest.raises(AssertionError, match="line 2: the block does not end"):
        blocks_of("text\n```sh\nmake\n", page="page.md")


def test_the_page_of_the_command_line_is_the_one_that_the_commands_give():
    page = ROOT / "docs" / "reference" / "command_line.md"
    assert page.read_text(encoding="utf-8") == command_line_reference()
