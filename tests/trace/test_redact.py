"""A record without the host's payload: nothing of it is left, and the rest is as it was."""

import base64
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.trace.event import (
    BleAsked,
    CommandLine,
    DataBegin,
    DataEnd,
    Eaten,
    Event,
    HostBytes,
    LinkSent,
    PayloadDigest,
    Sent,
    Start,
    Swallowed,
    TransferAsked,
    TransferEnd,
)
from quecsim.trace.redact import Redactor
from quecsim.trace.setup import FlashImage, Origin

KEY = b"-----BEGIN PRIVATE KEY-----\nAT+MIIEvQIBADANBg\nkqhkiG9w0BAQEFAASC\n-----END"
BEGIN = DataBegin(1, 0, "+QSECWRITE", "RAM:k", len(KEY), False, 0)
END = DataEnd(9, 0, "size", len(KEY), len(KEY), "")


def redacted(events: Sequence[Event]) -> list[Event]:
    redactor = Redactor()
    return [*redactor.feed(events), *redactor.end()]


def text_of(events: Sequence[Event]) -> bytes:
    """Everything that stands in the file, with what is base64 there as it is."""
    raw = [event.data for event in events if isinstance(event, HostBytes | Sent | Eaten)]
    return msgspec.json.encode(events) + b"".join(raw)


def written(*pieces: bytes) -> list[Event]:
    return [HostBytes(at, 0, piece) for at, piece in enumerate(pieces)]


@pytest.mark.parametrize("size", [1, 7, len(KEY)])
def test_an_uploads_bytes_are_not_there_however_they_were_cut(size: int) -> None:
    pieces = [KEY[at : at + size] for at in range(0, len(KEY), size)]
    events = redacted([*written(b"AT+QSECWRITE=1\r"), BEGIN, *written(*pieces), END])
    hidden = [event for event in events if isinstance(event, HostBytes)]
    assert hidden[0].data == b"AT+QSECWRITE=1\r"
    assert b"".join(event.data for event in hidden[1:]) == b"*" * len(KEY)
    assert [event.count for event in events if isinstance(event, PayloadDigest)] == [len(KEY)]


@given(st.lists(st.integers(1, len(KEY)), max_size=20))
def test_what_the_host_sends_too_early_is_not_there_either(cuts: list[int]) -> None:
    edges = [0, *sorted(set(cuts)), len(KEY)]
    pieces = [KEY[a:b] for a, b in pairwise(edges) if b > a]
    events = redacted([*written(b"AT+QFUPL=1\r"), *written(*pieces)])
    assert b"MIIEv" not in text_of(events) or b"AT+MIIEv" in text_of(events)
    assert b"kqhkiG9" not in text_of(events)
    assert b"PRIVATE" not in text_of(events)


def test_nor_where_it_could_come_back() -> None:
    secret = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
    start = Start(
        0, "ec200u", 1, "uart", {},
        config={"contents": {"k": base64.b64encode(secret.encode()).decode()}},
        origin=Origin(scenario={"files": {"k": secret}, "seed": 1}, image=FlashImage(9, "x", KEY)),
    )  # fmt: skip
    events: list[Event] = [
        start,
        HostBytes(1, 0, secret.encode()),
        Eaten(1, 2, 0, 32, "no command", secret.encode()),
        CommandLine(2, 0, 32, secret),
        Sent(3, secret.encode()),
        Swallowed(3, 0, 1, secret),
        TransferAsked(4, 1, 1, "+QFDWL", "out", "k", 0, 0),
        Sent(4, b"\r\n" + secret.encode() + b"\r\n"),
        TransferEnd(5, 1, "OK"),
    ]
    told = text_of(redacted(events))
    assert secret.encode() not in told
    assert base64.b64encode(secret.encode()) not in told
    assert base64.b64encode(KEY) not in told


def test_commands_their_echo_and_the_answers_stay() -> None:
    events: list[Event] = [
        HostBytes(1, 0, b"ATE0\r"),
        Sent(2, b"ATE0\r"),
        Sent(2, b"\r\nOK\r\n"),
        HostBytes(3, 5, b"AT+QF"),
        HostBytes(4, 10, b'LST="*"\r'),
        CommandLine(4, 5, 13, 'AT+QFLST="*"'),
        HostBytes(5, 20, b"+++"),
    ]
    assert redacted(events) == events


def test_a_command_that_became_data_stays() -> None:
    events = redacted([BEGIN, *written(KEY, b"AT+QFCLOSE=1\r"), END])
    assert isinstance(events[-2], HostBytes)
    assert events[-2].data == b"AT+QFCLOSE=1\r"


def test_a_digest_that_could_be_guessed_is_not_given() -> None:
    events = redacted([BEGIN, *written(b"1234"), END])
    assert events[-1] == PayloadDigest(9, 4, "")


@given(st.data())
def test_it_is_the_same_in_whatever_pieces_it_is_fed(data: st.DataObject) -> None:
    events = [*written(b"AT+QFUPL=1\r", KEY[:30]), BEGIN, *written(KEY[30:], b"x"), END]
    cut = data.draw(st.integers(0, len(events)))
    redactor = Redactor()
    pieces = [*redactor.feed(events[:cut]), *redactor.feed(events[cut:]), *redactor.end()]
    assert pieces == redacted(events)
    assert redacted([e for e in pieces if not isinstance(e, PayloadDigest)])[0] == pieces[0]


def test_nor_that_of_a_short_piece_on_a_connection_or_on_the_air() -> None:
    events: list[Event] = [
        BleAsked(1, "notify", "fff2", 0, 4, "4e07"),
        BleAsked(1, "notify", "fff2", 4, 20, "4e07"),
        LinkSent(1, 1, 4, "4e07"),
        LinkSent(1, 1, 20, "4e07"),
    ]
    told = [each for each in redacted(events) if isinstance(each, BleAsked | LinkSent)]
    assert [getattr(each, "digest", getattr(each, "sha256", None)) for each in told] == [
        "", "4e07", "", "4e07",
    ]  # fmt: skip
