"""Both ends set alike, and wires where they are needed: who breaks it, and who comes close."""

from collections.abc import Callable
from typing import Any

import pytest

from quecsim.host.plan import UploadPlan
from quecsim.host.uploader import upload
from quecsim.judge.conduct_line import line_breaches
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.virtual.port import VirtualPort
from tests.testing.judged import JudgedRun, ask, read_until

DATA = b"0123456789abcdef" * 64
PLAN = UploadPlan("UFS:x", DATA)
PLAIN = make_scenario("ec200u")


def uploads(port: VirtualPort) -> bool:
    return upload(port, PLAN, sleep=port.sleep).verified


def sets(**options: Any) -> Callable[[VirtualPort], bool]:
    """A right uploader, but for how it sets its port."""

    def host(port: VirtualPort) -> bool:
        for name, value in options.items():
            setattr(port, name, value)
        return uploads(port)

    return host


@pytest.mark.parametrize(
    ("options", "end"),
    [
        ({"baudrate": 9600}, "9600 8N1"),
        ({"bytesize": 7}, "115200 7N1"),
        ({"parity": "E"}, "115200 8E1"),
        ({"stopbits": 2}, "115200 8N2"),
    ],
)
def test_another_rate_or_frame_fails_whatever_became_of_the_file(
    options: dict[str, Any], end: str
) -> None:
    judgement = JudgedRun(PLAIN, sets(**options)).judge(expected=DATA)
    assert (judgement.verdict, judgement.passed) == ("intact", False)
    (breach,) = judgement.breaches
    assert breach.rule == "line-mismatch"
    assert breach.text.startswith(f"the host sent at {end}, the device listened at 115200 8N1")
    assert "AT+IPR?" in breach.advice
    assert judgement.cause == "intact line-mismatch"


def test_a_file_that_a_wrong_rate_has_spoiled_says_so() -> None:
    judgement = JudgedRun(make_scenario("ec200u", garble=True), sets(baudrate=57_600)).judge()
    assert "the host sent at 57600 8N1" in judgement.breaches[0].text
    assert "the bytes were garbled" in judgement.breaches[0].text


def test_whoever_says_that_any_rate_will_do_gets_it() -> None:
    scenario = make_scenario("ec200u", any_rate=True)
    assert JudgedRun(scenario, sets(baudrate=9600, parity="E")).judge(expected=DATA).passed


def test_the_rate_may_be_set_as_late_as_with_the_first_byte() -> None:
    """Though the device has said something meanwhile."""

    def host(port: VirtualPort) -> bool:
        port.baudrate = 9600
        port.sleep(1.5)
        port.baudrate = 115_200
        return uploads(port)

    urc = [{"kind": "urc", "text": "+QIND: 1", "at_ms": 1000}]
    run = JudgedRun(make_scenario("ec200u", faults=urc), host)
    assert run.report.faults[0].fired
    assert [each.sender for each in run.report.mismatches] == ["device"]
    assert run.judge(expected=DATA).passed


def changes_rate(port: VirtualPort, *, waits: bool) -> bool:
    assert b"OK" in ask(port, "ATE0")
    port.write(b"AT+IPR=57600\r")
    if waits:
        read_until(port, (b"OK\r\n",))
    else:
        port.flush()
    port.baudrate = 57_600
    port.sleep(0.5)
    return uploads(port)


def test_after_at_ipr_and_its_ok_the_port_follows() -> None:
    assert JudgedRun(PLAIN, lambda port: changes_rate(port, waits=True)).judge(expected=DATA).passed


def test_who_does_not_wait_for_the_ok_cannot_read_it() -> None:
    judgement = JudgedRun(PLAIN, lambda port: changes_rate(port, waits=False)).judge(expected=DATA)
    (breach,) = judgement.breaches
    assert breach.rule == "line-mismatch"
    what = "the device answered at 115200 8N1, the host listened at 57600 8N1"
    assert breach.text.startswith(what)


@pytest.mark.parametrize(("baud", "rules"), [(9600, []), (230_400, ["line-mismatch"])])
def test_a_device_that_finds_the_rate_takes_any_that_it_can(baud: int, rules: list[str]) -> None:
    def host(port: VirtualPort) -> bool:
        port.baudrate = baud
        for _ in range(3):
            ask(port, "AT", 0.5)
        return True

    run = JudgedRun(make_scenario("m95"), host)
    assert [each.rule for each in line_breaches(run.events)] == rules


# flow control without wires

NO_WIRES = make_scenario("ec200u", wires=False)


def silences(port: VirtualPort) -> bool:
    assert b"OK" in ask(port, "AT+IFC=0,0")
    ask(port, "AT+IFC=2,2", 1)
    return uploads(port)


def test_flow_control_without_wires_is_named_and_not_the_silence() -> None:
    judgement = JudgedRun(NO_WIRES, silences).judge(expected=DATA)
    assert [each.rule for each in judgement.breaches] == ["flow-without-wires"]
    assert judgement.because.startswith("the device has said nothing since 0.")
    assert "RTS and CTS are not connected" in judgement.because


def test_a_board_without_wires_is_as_good_without_flow_control() -> None:
    assert JudgedRun(NO_WIRES, uploads).judge(expected=DATA).passed
    wired = JudgedRun(make_scenario("ec200u", flow="rtscts"), silences)
    assert wired.judge(expected=DATA).passed


def test_a_device_that_was_silent_before_is_no_fault_of_the_host() -> None:
    scenario: Scenario = make_scenario("ec200u", wires=False, ifc=(2, 2))
    judgement = JudgedRun(scenario, uploads).judge(expected=DATA)
    assert (judgement.passed, judgement.breaches) == (False, [])
    assert judgement.because.startswith("the device has said nothing since 0.000 s")


def test_who_gives_it_up_again_hears_again() -> None:
    def host(port: VirtualPort) -> bool:
        ask(port, "AT+IFC=2,2", 1)
        ask(port, "AT+IFC=0,0", 1)
        return uploads(port)

    judgement = JudgedRun(NO_WIRES, host).judge(expected=DATA)
    assert [each.rule for each in judgement.breaches] == ["flow-without-wires"]
    assert (judgement.verdict, judgement.because) == ("intact", "")
