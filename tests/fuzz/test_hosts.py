from pathlib import Path
from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.fuzz.case import make_case
from quecsim.fuzz.hosts import FunctionHost, is_ours, load_function
from quecsim.scenario.options import make_scenario

CASE = make_case(make_scenario("ec200u"), b"a")


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


def test_a_host_that_never_ends_hangs() -> None:
    def upload(port: Any, _name: str, _data: bytes) -> None:
        while True:
            port.read(1)

    finding = FunctionHost(upload).run(CASE).finding
    assert finding is not None
    assert finding.base == "hangs"


def test_a_host_that_does_nothing_and_claims_all_went_well_is_found() -> None:
    finding = FunctionHost(lambda _port, _name, _data: None).run(CASE).finding
    assert finding is not None
    assert finding.base == "said-ok-but-none"


def test_sys_exit_is_a_claim(capsys: pytest.CaptureFixture[str]) -> None:
    def upload(_port: Any, _name: str, _data: bytes) -> None:
        print("hello")
        raise SystemExit("no module")

    finding = FunctionHost(upload).run(CASE).finding
    assert finding is not None
    assert finding.base == "failed-none"
    assert "no module" in finding.sentence
    assert capsys.readouterr().out == "", "what a host prints would drown the rest"


def test_a_mistake_of_the_simulator_is_not_blamed_on_the_host() -> None:
    def ours() -> None:
        from quecsim.units import ms

        assert ms(1) == 1_000_000
        from quecsim.fuzz.case import upload_of

        upload_of(make_scenario("ec200u"))  # an assertion in quecsim's own code

    with pytest.raises(AssertionError) as caught:
        ours()
    assert is_ours(caught.value)
    with pytest.raises(AssertionError) as caught:
        raise AssertionError("the host's own")
    assert not is_ours(caught.value)
