"""The device's bytes, cut into words."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quecsim.observed.words import DeviceReader, Kind

SAID = b'AT+QFUPL="a",9\r\r\nCONNECT\r\n'


def words(reader: DeviceReader, *pieces: bytes) -> list[tuple[Kind, bytes]]:
    return [(word.kind, word.data) for piece in pieces for word in reader.feed(piece)]


def test_lines_and_what_is_between() -> None:
    assert words(DeviceReader(), SAID) == [
        (Kind.LINE, b'AT+QFUPL="a",9\r'),
        (Kind.BLANK, b"\r\n"),
        (Kind.LINE, b"CONNECT\r\n"),
    ]


def test_an_a_is_one_only_in_ack_mode() -> None:
    reader = DeviceReader()
    reader.acks = True
    found = words(reader, b"AA\r\n+QFUPL: 2048,0\r\n")
    assert found[:2] == [(Kind.ACK, b"A"), (Kind.ACK, b"A")]
    assert found[-1] == (Kind.LINE, b"+QFUPL: 2048,0\r\n")
    assert words(DeviceReader(), b"A") == []


def test_a_prompt_is_one_only_where_a_command_runs() -> None:
    reader = DeviceReader()
    reader.prompts = True
    assert words(reader, b"\r\n> ")[-1] == (Kind.PROMPT, b"> ")
    assert (Kind.PROMPT, b"> ") not in words(DeviceReader(), b"\r\n> \r\n")


def test_counted_data_is_no_text() -> None:
    reader = DeviceReader()
    reader.expect_raw(5)
    found = words(reader, b"OK\r", b"\n!\r\nOK\r\n")
    assert found[:2] == [(Kind.RAW, b"OK\r"), (Kind.RAW_END, b"\n!")]
    assert found[-1] == (Kind.LINE, b"OK\r\n")


def test_data_up_to_what_ends_it() -> None:
    reader = DeviceReader()
    reader.expect_raw_until(re.compile(rb"\r\n\+QFDWL: \d+,[0-9a-f]+\r\n"))
    found = words(reader, b"data\r\nOK\r\nmore\r\n+QFDWL: 14,0\r\n")
    assert found[0] == (Kind.RAW_END, b"data\r\nOK\r\nmore")
    assert found[-1] == (Kind.LINE, b"+QFDWL: 14,0\r\n")


def test_a_line_without_end_is_not_kept_for_ever() -> None:
    reader = DeviceReader()
    found = words(reader, *[b"x" * 1000] * 20)
    assert found
    assert {kind for kind, _ in found} == {Kind.RAW}


@given(st.binary(max_size=200), st.lists(st.integers(0, 200)))
def test_nothing_is_left_out(data: bytes, cuts: list[int]) -> None:
    reader, places = DeviceReader(), [0, *sorted(cuts), len(data)]
    pieces = [data[a:b] for a, b in pairwise(places)]
    found = words(reader, *pieces)
    assert b"".join(each for _, each in found) + reader.flush() == data


def test_the_lf_of_a_line_is_no_data_however_it_comes() -> None:
    reader = DeviceReader()
    found = []
    for piece in (b"CONNECT 2\r", b"\nab\r\nOK\r\n"):
        for word in reader.feed(piece):
            found.append((word.kind, word.data))
            if word.text.startswith("CONNECT"):
                reader.expect_raw(2)
    assert found[:3] == [(Kind.LINE, b"CONNECT 2\r"), (Kind.BLANK, b"\n"), (Kind.RAW_END, b"ab")]


def test_the_blank_of_a_prompt_begins_no_line() -> None:
    reader = DeviceReader()
    reader.prompts = True
    found = words(reader, b">", b" ERROR\r\n")
    assert found == [(Kind.PROMPT, b">"), (Kind.BLANK, b" "), (Kind.LINE, b"ERROR\r\n")]
