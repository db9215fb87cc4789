"""What a UART reads of bytes that were sent at another rate or frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.uart.garble import garble, wave
from quecsim.uart.rate import UartRate, parse_frame


def rate(baud: int, frame: str = "8N1") -> UartRate:
    return UartRate(baud, parse_frame(frame))


@pytest.mark.parametrize(
    ("byte", "frame", "levels"),
    [
        (0x41, "8N1", [0, 1, 0, 0, 0, 0, 0, 1, 0, 1]),
        (0x41, "8N2", [0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1]),
        (0x41, "8E1", [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1]),
        (0x41, "8O1", [0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1]),
        (0x43, "7E1", [0, 1, 1, 0, 0, 0, 0, 1, 1, 1]),
        (0x41, "7M1", [0, 1, 0, 0, 0, 0, 0, 1, 1, 1]),
        (0x41, "7S1", [0, 1, 0, 0, 0, 0, 0, 1, 0, 1]),
    ],
)
def test_the_waveform(byte: int, frame: str, levels: list[int]) -> None:
    """Start bit 0, data from the lowest bit up, parity, stop bits 1."""
    assert wave(byte, parse_frame(frame)) == levels


@given(
    st.integers(0, 255),
    st.sampled_from(["8N1", "8N2", "8E1", "8O1"]),
    st.sampled_from([9600, 115200, 921600]),
)
def test_at_the_same_setting_every_byte_comes_through(byte: int, frame: str, baud: int) -> None:
    assert garble(byte, rate(baud, frame), rate(baud, frame)) == byte


@given(st.integers(0, 255), st.integers(-3, 3))
def test_a_few_per_cent_off_still_works(byte: int, per_cent: int) -> None:
    """The sampling point of the last bit moves by ten times as much: half a bit is 5 %."""
    off = rate(115200 * (100 + per_cent) // 100)
    assert garble(byte, off, rate(115200)) == byte


@given(st.integers(0, 255))
def test_at_half_the_rate_each_bit_is_seen_twice(byte: int) -> None:
    """Sent at 57600, read at 115200: start bit, start bit again, then each data bit twice."""
    levels = [bit for bit in wave(byte, parse_frame("8N1")) for _ in range(2)]
    expected = sum(bit << i for i, bit in enumerate(levels[1:9])) if levels[9] else None
    assert garble(byte, rate(57600), rate(115200)) == expected


def test_wrong_parity_is_an_error() -> None:
    assert garble(0x41, rate(9600, "8E1"), rate(9600, "8O1")) is None
    assert garble(0x41, rate(9600, "8O1"), rate(9600, "8E1")) is None


def test_a_missing_parity_bit_may_go_unnoticed() -> None:
    """8N1 into 8O1: the stop bit is taken for the parity of 0x41, the idle line for the stop."""
    assert garble(0x41, rate(9600, "8N1"), rate(9600, "8O1")) == 0x41
    assert garble(0x40, rate(9600, "8N1"), rate(9600, "8O1")) is None


def test_far_too_fast_is_noise_or_nothing() -> None:
    heard = {garble(byte, rate(921600), rate(9600)) for byte in range(256)}
    assert heard <= {None, 0xFF}
