from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.flash.stall import AddedStall
from quecsim.render.dialogue import LEFT_OUT, Dialogue, Group, Line, line_text
from quecsim.render.dialogue.dialogue import TELL
from quecsim.rig import RigConfig
from quecsim.trace.event import (
    CommandLine,
    Eaten,
    Event,
    FlashBusy,
    HostBytes,
    LineMismatch,
    Lost,
    SendDropped,
    Sent,
    Stored,
    Swallowed,
    UrcDropped,
)
from quecsim.trace.pattern import EVENTS
from quecsim.units import ms, s
from tests.report.story import PAYLOAD, Story, device, qfupl
from tests.trace.strategies import ANY_EVENT, events_of

ANY_EVENTS = st.lists(ANY_EVENT | events_of(Stored), max_size=8)


def lines_of(*events: Event) -> list[Line]:
    dialogue = Dialogue()
    return dialogue.feed(events) + dialogue.end()


def texts(lines: Sequence[Line]) -> list[str]:
    return [f"{line.way} {line.text}" for line in lines]


def upload(*, ack: bool = False, ring_bytes: int = 64) -> Story:
    config = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),))
    script = [(0, qfupl(2000, ack=ack)), (ms(50), PAYLOAD[:2000]), (s(10), b"AT+QFLST\r")]
    return Story(device(ring_bytes), config).tell(script)


def test_every_event_has_a_line_or_a_reason_for_none() -> None:
    assert set(TELL) | set(LEFT_OUT) == set(EVENTS.values())
    assert not set(TELL) & set(LEFT_OUT)


@given(ANY_EVENTS)
def test_nothing_in_a_line_is_obeyed_by_a_terminal(events: list[Event]) -> None:
    for line in lines_of(*events):
        assert line.text.isprintable()
        assert line_text(line).isprintable()


@given(ANY_EVENTS, st.lists(st.integers(0, 8)))
def test_pieces_give_the_same_lines_as_the_whole(events: list[Event], cuts: list[int]) -> None:
    dialogue = Dialogue()
    places = [0, *sorted(cuts), len(events)]
    pieces = [events[a:b] for a, b in pairwise(places)]
    lines = [line for piece in pieces for line in dialogue.feed(piece)]
    assert lines + dialogue.end() == lines_of(*events)


@given(ANY_EVENTS)
def test_the_time_never_goes_back(events: list[Event]) -> None:
    times = [line.at_ns for line in lines_of(*events)]
    assert times == sorted(times)


def test_what_is_on_record_ahead_of_its_time_waits_for_it() -> None:
    busy, stored = FlashBusy(ms(1), ms(9), "x", []), Stored(ms(9), "a", 1, 1)
    typed, sent = HostBytes(ms(5), 0, b"AT\r"), Sent(ms(9), b"\r\nOK\r\n")
    lines = lines_of(busy, stored, typed, sent)
    assert [line.kind for line in lines] == ["FlashBusy", "HostBytes", "Stored", "Sent"]
    assert [line.event for line in lines] == [0, 2, 1, 3]
    assert [line.kind for line in lines_of(busy, stored)] == ["FlashBusy", "Stored"]


def test_no_more_waits_than_there_is_room_for() -> None:
    dialogue = Dialogue()
    events = [Stored(s(1) + number, "a", 1, number) for number in range(1000)]
    assert len(dialogue.feed(events)) > 900
    assert len(dialogue.end()) <= 64


def test_a_line_knows_its_event() -> None:
    story = upload()
    for line in lines_of(*story.events):
        assert type(story.events[line.event]).__name__ == line.kind
    later = Dialogue(10)
    later.skip(5)
    assert later.feed([Stored(0, "a", 1, 1)])[0].event == 15


def test_an_upload_is_told_from_its_command_to_its_result() -> None:
    told = texts(lines_of(*upload().events))
    assert '-> AT+QFUPL="UFS:ca.pem",2000,5' in told
    begin = told.index("<- CONNECT")
    assert told[begin + 1].startswith("-- data mode: ca.pem, 2000 bytes, from stream byte ")
    assert told[begin + 2].startswith('-> 2000 bytes: "!"#$%&\'()*+,')
    assert "<- +CME ERROR: 421" in told[begin:]
    assert any(line.endswith("failed: timeout (421)") for line in told[begin:])


def test_a_loss_says_which_bytes_when_why_and_what_held_the_host_back() -> None:
    story = upload()
    (lost,) = [event for event in story.events if isinstance(event, Lost)]
    (line,) = [line for line in lines_of(*story.events) if line.group is Group.LOST]
    begin = next(e.offset for e in story.events if isinstance(e, HostBytes) and e.offset)
    first, last = lost.offset - begin, lost.offset - begin + lost.count - 1
    assert line.text.startswith(f"LOST {lost.count} bytes, {first}..{last} of ca.pem (stream ")
    assert "the ring of 64 was full for" in line.text
    assert "while the stall that was asked for at byte 1 lasted" in line.text
    assert "flow control: device off, host off, so nothing held the host back" in line.text
    assert PAYLOAD[first : first + 10].decode() in line.text
    assert line.is_loud
    assert line.offset == lost.offset
    assert line.at_ns == lost.drained_ns


def test_a_full_ring_is_told_when_it_is_full() -> None:
    told = texts(lines_of(*upload().events))
    full = next(place for place, text in enumerate(told) if "the ring is full" in text)
    lost = next(place for place, text in enumerate(told) if "LOST" in text)
    assert full < lost


def test_each_a_is_told_with_its_place() -> None:
    story = upload(ack=True, ring_bytes=4096)
    told = texts(lines_of(*story.events))
    assert told.count("<- A: 1024 of 2000 bytes are stored") == 1
    assert not any(text == "<- A" for text in told)


@pytest.mark.parametrize(
    ("event", "word"),
    [
        (Eaten(0, 0, 0, 2, "no command", b"xy"), "EATEN silently"),
        (SendDropped(0, 3, "backlog"), "the host did not read"),
        (UrcDropped(0, "+QIND: 1", "queue full"), "queue full"),
        (LineMismatch(0, "9600 8N1", "115200 8N1", True), "garbled"),
        (Swallowed(0, 5, ms(20), "AT+QFLST"), "looks like a command"),
    ],
)
def test_what_nobody_should_miss_is_loud(event: Event, word: str) -> None:
    (line,) = lines_of(event)
    assert line.is_loud
    assert line.way == "!!"
    assert word in line.text


def test_what_the_power_takes_out_of_a_file_is_lost_once() -> None:
    story = Story().say(0, qfupl(9000)).say(ms(50), PAYLOAD[:5000]).wait(s(1)).cut_power()
    lost = sum(event.count for event in story.events if isinstance(event, Lost))
    assert any(event.count < 0 for event in story.events if isinstance(event, Stored))
    told = [line.text for line in lines_of(*story.events)]
    counts = [int(text.split()[1]) for text in told if text.startswith("LOST")]
    assert sum(counts) == lost
    assert sum("were stored went with the power" in text for text in told) == 1


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"AT\r", "-> AT"),
        (b"AT\r\n", "-> AT"),
        (b"AT+QFL", "-> AT+QFL (no CR yet)"),
        (b"\r", "-> (an empty line)"),
        (b"AT\rATI\r", r'-> "AT\rATI\r"'),
        (b"\x1b[2J\r", "-> 1b 5b 32 4a 0d"),
    ],
)
def test_what_the_host_types(data: bytes, text: str) -> None:
    assert texts(lines_of(HostBytes(0, 0, data))) == [text]


def test_a_command_is_told_again_where_the_device_reads_another_one() -> None:
    written, read = HostBytes(0, 0, b"AT+X\r"), CommandLine(5, 0, 5, "+X", 1)
    assert texts(lines_of(written, read)) == ["-> AT+X"]
    read = CommandLine(5, 0, 5, "+Y", 1)
    assert texts(lines_of(written, read)) == ["-> AT+X", "-- the device reads AT+Y"]
    pieces = [HostBytes(0, 0, b"AT+"), HostBytes(1, 3, b"X\r")]
    read = CommandLine(5, 0, 5, "+X", 1)
    assert texts(lines_of(*pieces, read))[-1] == "-- the device reads AT+X"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\r\nOK\r\n", ["<- OK (URC)"]),
        (b"\r\n+QFLST: 1\r\n\r\nOK\r\n", ["<- +QFLST: 1 (URC)", "<- OK (URC)"]),
        (b"\r\n> ", ["<- > (URC)"]),
        (b"hello", ['<- 5 bytes: "hello"']),
        (b"\x00\x01", ["<- 2 bytes: 00 01"]),
        (b"\r\n\x1b[2J\r\n", ["<- 8 bytes: 0d 0a 1b 5b 32 4a 0d 0a"]),
    ],
)
def test_what_the_device_says(data: bytes, told: list[str]) -> None:
    assert texts(lines_of(Sent(0, data))) == told
    asked: list[Event] = [CommandLine(0, 0, 3, "", 1), Sent(0, data)]
    assert texts(lines_of(*asked))[1:] == [text.removesuffix(" (URC)") for text in told]


def test_an_echo_is_said_to_be_one() -> None:
    assert texts(lines_of(HostBytes(0, 0, b"AT\r"), Sent(1, b"AT\r")))[1] == "<- AT (echo)"


def test_what_is_hidden_is_not_shown() -> None:
    event = HostBytes(0, 0, b"*" * 20, ((0, 20),))
    assert texts(lines_of(event)) == ["-> 20 bytes: (left out of the record)"]


def test_memory_is_bounded() -> None:
    dialogue = Dialogue()
    for place in range(3000):
        dialogue.feed([HostBytes(place, place * 100, b"x" * 100)])
    scene = dialogue._scene
    assert len(scene.typed) <= 64
    assert len(scene.stream.at(0, 300_000)[0]) == 0
    assert len(scene.stream.at(299_900, 300_000)[0]) == 100
