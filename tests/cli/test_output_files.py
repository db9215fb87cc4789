"""Two options that name one file."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from quecsim.cli.output_files import refuse_same
from quecsim.cli.run import run
from quecsim.errors import QuecsimError


def test_files_of_their_own_and_what_can_be_shared(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    one, two, pipe = (str(tmp_path / name) for name in ("one", "two", "pipe"))
    refuse_same({"--trace": one, "--ufs": two, "--log": None})
    for shared in ("/dev/null", "-", pipe):
        refuse_same({"--trace": shared, "--log": shared})


@pytest.mark.parametrize("is_there", [False, True])
def test_the_same_by_another_name_is_refused(tmp_path: Path, is_there: bool) -> None:
    image, link = tmp_path / "image", tmp_path / "link"
    link.symlink_to(image)
    if is_there:
        image.write_bytes(b"storage")
    for path in (image, link, tmp_path / "." / "image"):
        with pytest.raises(QuecsimError, match=r"--trace .* over .*, the file of --ufs") as raised:
            refuse_same({"--ufs": str(image), "--trace": str(path)})
        assert raised.value.hint == "give --trace a file of its own"


@pytest.mark.parametrize("option", ["--trace", "--log", "--keylog", "--pcapng"])
@pytest.mark.parametrize("which", ["--ufs", "SCENARIO"])
def test_run_leaves_the_file_alone(tmp_path: Path, which: str, option: str) -> None:
    file = tmp_path / "file.toml"
    file.write_text('device = "ec200u"\n')
    words = ["ec200u", "--ufs", str(file)] if which == "--ufs" else [str(file)]
    done = CliRunner().invoke(run, [*words, option, str(file), "--", "true"], standalone_mode=False)
    assert isinstance(done.exception, QuecsimError)
    assert done.exception.message == f"{option} would write over {file}, the file of {which}"
    assert file.read_text() == 'device = "ec200u"\n'
