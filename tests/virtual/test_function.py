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
