"""News in a conversation: none is lost, none is taken for the answer to something else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.host.conversation import MOST_NEWS, PROMPT, Conversation
from tests.host.test_at_client import Script

OPENED = re.compile(r"\+QMTOPEN: 0,(-?\d+)")
STAT = re.compile(r"\+QMTSTAT: 0,\d+")


def talk(*answers: bytes) -> Conversation:
    port = Script(*answers)
    return Conversation(port, sleep=port.sleep, alarms=(STAT,))


def open_it(*answers: bytes, wait_s: float = 5) -> tuple[str | None, str | None]:
    heard = talk(*answers).request("AT+QMTOPEN=0", OPENED, wait_s)
    return heard.match and heard.match[1], heard.alarm


@pytest.mark.parametrize(
    ("answer", "code", "alarm"),
    [
        (b"\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n", "0", None),
        (b"\r\nOK\r\n\r\n+QMTOPEN: 0,-1\r\n", "-1", None),
        (b"\r\n+QMTOPEN: 0,0\r\n\r\nOK\r\n", "0", None),  # the code before the OK
        (b"\r\nOK\r\n\r\n+CREG: 1\r\n\r\n+QMTOPEN: 0,5\r\n", "5", None),
        (b"\r\nOK\r\n\r\n+QMTOPEN: 1,0\r\n", None, None),  # another client's
        (b"\r\nOK\r\n\r\n+QMTOPEN: 0,0,0\r\n", None, None),
        (b"\r\nOK\r\n\r\n+QMTSTAT: 0,1\r\n\r\n+QMTOPEN: 0,0\r\n", None, "+QMTSTAT: 0,1"),
        (b"\r\nERROR\r\n\r\n+QMTOPEN: 0,0\r\n", None, None),
        (b"\r\nOK\r\n", None, None),
        (b"", None, None),
    ],
)
def test_what_came_of_a_command(answer: bytes, code: str | None, alarm: str | None) -> None:
    assert open_it(answer) == (code, alarm)


def test_what_was_said_before_the_command_is_not_about_it() -> None:
    client = talk(b"\r\nOK\r\n")
    client.port.outbox += b"\r\n+QMTOPEN: 0,0\r\n"  # type: ignore[attr-defined]
    assert client.request("AT+QMTOPEN=0", OPENED, 5).match is None


def test_news_in_between_waits_until_it_is_wanted() -> None:
    client = talk(b"\r\n+QMTRECV: 0,0\r\n\r\nOK\r\n", b"\r\nOK\r\n")
    client.command("AT")
    client.command("AT")
    heard = client.await_news(client.command("AT"), re.compile(r"\+QMTRECV: 0,(\d)"), 1)
    assert heard.match is not None


def test_an_alarm_is_there_until_it_is_dropped() -> None:
    client = talk(b"\r\nOK\r\n\r\n+QMTSTAT: 0,1\r\n")
    client.command("AT")
    assert client.alarm() == client.alarm() == "+QMTSTAT: 0,1"
    client.drop_news(STAT)
    assert client.alarm() is None


def test_a_flood_of_news_has_bounds() -> None:
    client = talk(b"".join(b"\r\n+CSQ: %d,99\r\n" % number for number in range(500)))
    client.port.write(b"x")
    client.forget_input()
    assert len(client.news) == MOST_NEWS
    assert client.news[-1] == "+CSQ: 499,99"


@given(
    payload=st.binary(max_size=80),
    cuts=st.lists(st.integers(0, 150), max_size=5).map(sorted),
)
def test_a_message_is_one_line_whatever_is_in_it(payload: bytes, cuts: list[int]) -> None:
    said = b'\r\n+QMTRECV: 0,1,"a/b",%d,"%b"\r\n\r\n+QMTSTAT: 0,1\r\n' % (len(payload), payload)
    client = talk()
    lines = []
    for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True):
        client.received += said[start:end]
        while (line := client.next_line()) is not None:
            lines.append(line)
    text = payload.decode("utf-8", "backslashreplace")
    assert lines == [f'+QMTRECV: 0,1,"a/b",{len(payload)},"{text}"', "+QMTSTAT: 0,1"]


def test_a_message_without_a_length_ends_with_its_line() -> None:
    client = talk()
    client.received += b'\r\n+QMTRECV: 0,1,"a/b","12,"\r\n'
    assert client.next_line() == '+QMTRECV: 0,1,"a/b","12,"'


@pytest.mark.parametrize(
    ("answer", "final"),
    [
        (b"\r\n> ", PROMPT),
        (b"\r\n>", PROMPT),
        (b"\r\n>\r\n", PROMPT),
        (b'AT+QMTPUB=0,1,1,0,"t",5\r\r\n> ', PROMPT),
        (b'\r\n+QMTRECV: 0,1,"t",3,"> \n"\r\n\r\n> ', PROMPT),
        (b"\r\nERROR\r\n", "ERROR"),
        (b"\r\n+CME ERROR: 3\r\n", "+CME ERROR: 3"),
        (b'\r\n+QMTRECV: 0,1,"t",3,"> \n"\r\n', ""),  # no prompt: that is in a message
        (b"\r\n+QMTSTAT: 0,1\r\n", ""),
        (b"", ""),
    ],
)
def test_a_prompt_is_a_prompt(answer: bytes, final: str) -> None:
    client = talk(answer)
    assert client.prompt('AT+QMTPUB=0,1,1,0,"t",5', 2).final == final
    assert not client.received


def test_news_before_the_prompt_is_kept() -> None:
    client = talk(b"\r\n+QMTSTAT: 0,1\r\n\r\n> ")
    assert client.prompt("AT+QMTPUB", 2).final == PROMPT
    assert list(client.news) == ["+QMTSTAT: 0,1"]
