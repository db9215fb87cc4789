from typing import Any

import pytest

from quecsim.fuzz.case import make_case
from quecsim.fuzz.hosts import FunctionHost, is_ours
from quecsim.scenario.options import make_scenario

CASE = make_case(make_scenario("ec200u"), b"a")


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


@pytest.mark.parametrize("bytes_count", [1, 1000])
def test_a_host_that_never_ends_is_soon_done_with(bytes_count: int) -> None:
    def endless(port: Any, _name: str, _data: bytes) -> None:
        while True:
            port.write(b"AT\r")

    run = FunctionHost(endless).run(make_case(make_scenario("ec200u"), bytes(bytes_count)))
    assert run.finding is not None
    assert run.finding.base == "hangs"
    assert "again and again" in run.finding.sentence
    assert run.points is not None
    # It ends by what it does: 600 s of model time would be four million bytes.
    assert run.points["byte"] < 200_000
