from typing import Any

import pytest

from quecsim.host.plan import UploadPlan
from quecsim.host.uploader import upload
from quecsim.likeness.comparison import Comparison, compare, record_of
from quecsim.likeness.search import Explained
from quecsim.likeness.words import text, verdict
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.scenario.loader import load_scenario
from quecsim.testing.command_lines import valid_lines
from quecsim.testing.journey import run_journey
from quecsim.trace.event import Event
from tests.likeness.device import ask, asks, rest, say, session, uploads

_DATA = b"".join(b"line %04d\n" % n for n in range(110))
_FILE_LINES = (
    "AT",
    "ATI",
    "AT+CMEE?",
    "AT+QFUPL=?",
    'AT+QFLST="none.txt"',
    'AT+QFDEL="none.txt"',
    'AT+QFOPEN="UFS:one.txt",0',
    "AT+QNONSENSE",
)


def compared(events: list[Event], device: str = "ec200u") -> Comparison:
    profile = load_profile(device)
    return compare(record_of(events, profile), profile)


@pytest.mark.parametrize("device", profile_names())
def test_a_device_is_like_itself(device: str) -> None:
    found = compared(session(asks(*_FILE_LINES), device), device)
    assert found.differences == ()
    assert found.compared == len(_FILE_LINES)
    assert not any(pair.differs for pair in found.pairs)
    assert verdict(found) == "like: the replies of all 8 exchanges agree"


@pytest.mark.parametrize("ack", [False, True])
def test_the_upload_of_our_own_host_is_like_itself(ack: bool) -> None:
    plan = UploadPlan(name="UFS:ca.pem", data=_DATA, ack=ack)
    events = session(lambda port: upload(port, plan, None))
    found = compared(events)
    assert found.differences == ()
    assert found.compared >= 5
    assert not any(pair.differs for pair in found.pairs)


def test_another_reply_is_told_and_shifts_nothing() -> None:
    events = session(asks(*_FILE_LINES), quirks={"missing_list": "file_not_found"})
    (found,) = compared(events).differences
    assert found.line == 'AT+QFLST="none.txt"'
    assert found.module == b"\r\n+CME ERROR: 405\r\n"
    assert found.profile == b"\r\n+CME ERROR: 417\r\n"


def test_an_upload_that_the_profile_refuses_is_one_difference() -> None:
    def host(port: Any) -> None:
        for _ in range(2):
            uploads(_DATA)(port)

    found = compared(session(host, quirks={"existing_file": "overwrite"}))
    assert [each.line for each in found.differences] == ['AT+QFUPL="UFS:ca.pem",1100,5']
    assert found.differences[0].profile == b"\r\n+CME ERROR: 407\r\n"
    assert found.unsent == ('AT+QFUPL="UFS:ca.pem",1100,5',)


def test_the_number_of_an_open_file_is_that_of_the_device_that_is_asked() -> None:
    lines = ('AT+QFOPEN="a.txt",0', "AT+QFSEEK=3000,0,0", "AT+QFPOSITION=3000", "AT+QFCLOSE=3000")
    found = compared(session(asks(*lines), quirks={"first_handle": 3000}))
    assert [each.line for each in found.differences] == [lines[0]]


def test_what_was_there_before_is_there_again() -> None:
    events = session(asks("ATE0", 'AT+QFDEL="old.txt"'), files={"old.txt": b"old"})
    profile = load_profile("ec200u")
    record = record_of(events, profile)
    found = compare(record, profile)
    assert found.differences == ()
    assert "begins as the module was: old.txt is there, 1 bytes" in text(
        record, profile, found, Explained(found)
    )


@pytest.mark.parametrize("device", ["ec200u", "bg95", "m95", "fcm242d"])
def test_every_command_in_every_form_is_like_itself(device: str) -> None:
    """But for those that change the line, or that switch the device off."""
    lines = [line.decode("latin-1") for line in valid_lines(device)]
    lines = [line for line in lines if not any(word in line for word in _NOT_SAID)]

    def host(port: Any) -> None:
        for line in lines:
            answer = ask(port, line)
            if b"CONNECT" in answer or answer.endswith(b"> "):
                say(port, b"x\x1a", 8)
                rest(port, 4)

    found = compared(session(host, device), device)
    assert found.differences == ()
    assert found.left_out == ()
    assert found.compared == len(lines) > 150


_NOT_SAID = ("QPOWD", "CFUN", "QRST", "QSCLK", "IPR=", "ICF=", "IFC=", "QSETBAND", "ATQ", "ATV",
             "ATS", "+QURCCFG")  # fmt: skip


def test_what_a_server_answers_is_not_counted() -> None:
    events = run_journey(load_scenario("journey-ec200u-mqtt")).ran.events
    found = compared(events)
    assert found.differences == ()
    server = "a server answers the module alone"
    assert (server, 'AT+QMTCONN=0,"meter-1"') in found.left_out
    assert found.compared + len(found.left_out) == 13
