from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.virtual.function import load_function


def test_a_function_of_a_file_may_use_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "beside_it_57329.py").write_text("def help(): return True\n")
    file = tmp_path / "uploader_57329.py"
    file.write_text(
        "import beside_it_57329\ndef upload(port, name, data): return beside_it_57329.help()\n"
    )
    assert load_function(f"{file}:upload")(None, "", b"") is True


def test_a_function_of_a_module() -> None:
    assert load_function("tests.fuzz.uploaders:right").__name__ == "upload"


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("upload", "names no function"),
        ("no_such_module_57329:upload", "cannot import no_such_module_57329"),
        ("no/such/file.py:upload", "there is no file"),
        ("tests.fuzz.uploaders:rihgt", "right"),
        ("quecsim.units:S", "has no function S"),
    ],
)
def test_what_cannot_be_imported_is_said(where: str, says: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        load_function(where)
    assert says in str(caught.value)


def test_a_file_with_a_mistake_in_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import no_such_thing_57329\n")
    with pytest.raises(QuecsimError, match="no_such_thing_57329"):
        load_function(f"{tmp_path / 'broken.py'}:upload")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ("def upload(port, data): ...", "upload(port, data)"),
        ("def upload(port, name, data, retries): ...", "upload(port, name, data, retries)"),
        ("def upload(port, name, data, *, gap_ms): ...", "'gap_ms'"),
        ("async def upload(port, name, data): ...", "async"),
    ],
)
def test_what_cannot_be_called_is_said(tmp_path: Path, made: str, says: str) -> None:
    (tmp_path / "odd.py").write_text(made)
    with pytest.raises(QuecsimError) as caught:
        load_function(f"{tmp_path / 'odd.py'}:upload")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "made",
    [
        "def upload(port, name, data, *, gap_ms): ...",
        "def upload(port, name, data, gap_ms, chunk_bytes=5): ...",
        "def upload(*arguments, **named): ...",
        "class upload:\n    def __init__(self, port, name, data): ...",
    ],
)
def test_what_the_caller_may_give_besides(tmp_path: Path, made: str) -> None:
    (tmp_path / "fine.py").write_text(made)
    where = f"{tmp_path / 'fine.py'}:upload"
    assert load_function(where, ("chunk_bytes", "gap_ms")).__name__ == "upload"
