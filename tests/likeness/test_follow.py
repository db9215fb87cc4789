"""When the simulated device is told what, beside a module that is slower, faster, or otherwise."""

from collections.abc import Sequence
from typing import Any

import serial

from quecsim.checksum import checksum
from quecsim.likeness.comparison import Comparison, compare, record_of
from quecsim.observed.heard import Heard, Source
from quecsim.observed.observer import observed
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import Event
from quecsim.trace.setup import Lack
from quecsim.units import ms
from tests.likeness.device import ask, rest, session

PROFILE = load_profile("ec200u")
DATA = b"0123456789" * 30


def compared(events: Sequence[Event]) -> Comparison:
    return compare(record_of(events, PROFILE), PROFILE)


def said(
    *words: tuple[str, bytes], step_ns: int = ms(1), lacks: tuple[Lack, ...] = ()
) -> list[Event]:
    """A record of these words: `>` the host's, `<` the module's."""
    heard = [
        Heard(number * step_ns, "host" if who == ">" else "device", data)
        for number, (who, data) in enumerate(words)
    ]
    return list(observed(Source(words="a log", lacks=lacks), PROFILE, heard))


def _upload(*, answer: bytes = b"") -> list[tuple[str, bytes]]:
    summary = b"\r\n+QFUPL: %d,%x\r\n" % (len(DATA), checksum(DATA))
    return [
        (">", b"ATE0\r"), ("<", b"ATE0\r\r\nOK\r\n"),
        (">", b'AT+QFUPL="a",%d,5\r' % len(DATA)), ("<", answer or b"\r\nCONNECT\r\n"),
        (">", DATA), ("<", summary), ("<", b"\r\nOK\r\n"),
        (">", b'AT+QFLST="a"\r'), ("<", b'\r\n+QFLST: "UFS:a",%d\r\n\r\nOK\r\n' % len(DATA)),
    ]  # fmt: skip


def test_a_module_that_is_much_faster_does_not_get_its_data_too_early() -> None:
    """All within 9 ms, which the simulated device needs for a single answer."""
    assert compared(said(*_upload())).differences == ()


def test_a_record_without_times_keeps_its_order() -> None:
    found = compared(said(*_upload(), step_ns=0, lacks=("times",)))
    assert found.differences == ()
    assert found.pairs == ()


def test_a_log_of_lines_is_compared_by_its_lines() -> None:
    words = (
        (">", b"AT\r"), ("<", b"OK\r\n"),
        (">", b"AT+CMEE?\r"), ("<", b"+CMEE: 1\r\nOK\r\n"),
        (">", b'AT+QFLST="no"\r'), ("<", b"+CME ERROR: 405\r\n"),
    )  # fmt: skip
    found = compared(said(*words, step_ns=0, lacks=("times", "exact-bytes")))
    assert [each.line for each in found.differences] == ['AT+QFLST="no"']


def test_a_module_that_is_much_slower_changes_nothing() -> None:
    assert compared(said(*_upload(), step_ns=ms(4000))).differences == ()


def test_data_that_the_profile_refuses_is_not_said_to_its_command_line() -> None:
    words = _upload()
    words = [*words[:2], *words[2:7], *words[2:7], *words[7:]]
    found = compared(said(*words))
    (refused,) = found.differences
    assert refused.profile == b"\r\n+CME ERROR: 407\r\n"
    assert found.unsent == (refused.line,)


def test_a_profile_that_still_takes_data_gets_no_commands_for_it() -> None:
    """The module has ended the upload early; the simulated device waits for its time-out."""
    words = [
        (">", b"ATE0\r"), ("<", b"ATE0\r\r\nOK\r\n"),
        (">", b'AT+QFUPL="a",50,9\r'), ("<", b"\r\nCONNECT\r\n"),
        (">", b"12345"), ("<", b"\r\n+CME ERROR: 421\r\n"),
        (">", b"AT\r"), ("<", b"\r\nOK\r\n"),
    ]  # fmt: skip
    found = compared(said(*words, step_ns=ms(50)))
    assert [each.line for each in found.differences] == ['AT+QFUPL="a",50,9']
    assert found.compared == 3


def test_a_record_that_ends_in_an_answer_is_compared_up_to_it() -> None:
    words = _upload()[:3]
    events = said(*words)[:-1]
    found = compared(events)
    assert found.compared == 1
    assert found.differences == ()


def test_texts_that_nobody_asked_for_are_told_apart() -> None:
    words = [*_upload(), ("<", b"\r\n+CREG: 1\r\n")]
    found = compared(said(*words))
    assert found.differences == ()
    assert found.urcs == (("module", "+CREG: 1"),)


def test_a_module_that_starts_anew_is_followed() -> None:
    def host(port: serial.SerialBase) -> None:
        ask(port, "AT+CMEE=2")
        ask(port, "AT+CFUN=1,1", 0.3)
        rest(port, 12)
        ask(port, "ATE0")
        ask(port, "AT+CMEE?")

    found = compared(session(host))
    assert found.differences == ()
    assert found.urcs == ()


def test_a_line_about_an_open_file_is_one_however_it_was_typed() -> None:
    def typed(line: bytes) -> list[tuple[str, bytes]]:
        return [(">", line[place : place + 1]) for place in range(len(line))]

    words: list[Any] = [
        (">", b"ATE0\r"), ("<", b"ATE0\r\r\nOK\r\n"),
        (">", b'AT+QFOPEN="a",0\r'), ("<", b"\r\n+QFOPEN: 3000\r\n\r\nOK\r\n"),
        *typed(b"AT+QFCLOSE=3000\r"), ("<", b"\r\nOK\r\n"),
    ]  # fmt: skip
    assert [each.line for each in compared(said(*words)).differences] == ['AT+QFOPEN="a",0']


def test_a_terminals_log_has_the_commands_as_echo_and_no_data() -> None:
    device = b"".join(data for who, data in _upload() if who == "<")
    echoed = device.replace(b"ATE0\r\r\nOK\r\n", b"AT\r\r\nOK\r\n")
    echoed = echoed.replace(b"\r\nCONNECT", b'AT+QFUPL="a",%d,5\r\r\nCONNECT' % len(DATA))
    echoed = echoed.replace(b"\r\n+QFLST", b'AT+QFLST="a"\r\r\n+QFLST')
    echoed += b'AT+QFDWL="a"\r\r\nCONNECT\r\n' + DATA + b"\r\n+QFDWL: 300,0\r\n\r\nOK\r\n"
    found = compared(_imported(echoed))
    assert found.differences == ()
    assert found.masked == {"checksum": ("+QFUPL",)}
    assert found.left_out == (("nobody heard the data of the file", 'AT+QFDWL="a"'),)
    assert found.compared == 3


def _imported(log: bytes) -> list[Event]:
    """As the importer makes it: each line that begins with AT has been sent just then."""
    heard: list[Heard] = []
    for place, line in enumerate(log.splitlines(keepends=True)):
        if line.startswith(b"AT"):
            heard.append(Heard(0, "host", line.rstrip(b"\n")))
        heard.append(Heard(0, "device", line))
        assert place < 100
    lacks: tuple[Lack, ...] = ("times", "byte-times", "host-bytes", "modem-lines")
    return list(observed(Source(words="a log", lacks=lacks), PROFILE, heard))
