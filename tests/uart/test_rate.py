"""How long bytes take: exact whole nanoseconds, and its inverse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.uart.rate import BYTES_UNBOUNDED, PacketRate, UartRate, UnlimitedRate, parse_frame
from quecsim.units import s, us

FRAMES = ("8N1", "8N2", "8E1", "8O1", "7E1", "5N1", "7M2", "6S1")


@pytest.mark.parametrize(
    ("text", "bits"), [("8N1", 10), ("8N2", 11), ("8E1", 11), ("8O1", 11), ("7E1", 10), ("5N1", 7)]
)
def test_bits_on_the_wire(text: str, bits: int) -> None:
    frame = parse_frame(text)
    assert frame.bits == bits
    assert str(frame) == text


@pytest.mark.parametrize("text", ["", "8n1", "9N1", "4N1", "8X1", "8N3", "8N1.5", "8N", "N81"])
def test_frames_that_no_uart_speaks(text: str) -> None:
    with pytest.raises(QuecsimError, match="not a UART frame"):
        parse_frame(text)


@pytest.mark.parametrize(
    ("baud", "frame", "count", "span_ns"),
    [
        (9600, "8N1", 1, 1_041_666),
        (9600, "8N1", 960, s(1)),
        (115200, "8N1", 1, 86_805),
        (115200, "8N1", 4096, 355_555_555),
        (115200, "8N1", 11520, s(1)),
        (115200, "8E1", 1, 95_486),
        (230400, "8N1", 4096, 177_777_777),
        (921600, "8N1", 4096, 44_444_444),
        (921600, "8N1", 0, 0),
    ],
)
def test_spans(baud: int, frame: str, count: int, span_ns: int) -> None:
    """The table of times to fill a 4096-byte ring: 356 ms, 178 ms, 44 ms."""
    assert UartRate(baud, parse_frame(frame)).span_ns(count) == span_ns


rates = st.builds(
    UartRate, st.integers(300, 4_000_000), st.sampled_from(FRAMES).map(parse_frame)
) | st.builds(PacketRate, st.integers(8, 1024), st.integers(1000, 1_000_000))


@given(rates, st.integers(0, 1 << 30))
def test_arrived_is_the_inverse_of_span(rate: UartRate | PacketRate, elapsed_ns: int) -> None:
    count = rate.arrived(elapsed_ns)
    assert rate.span_ns(count) <= elapsed_ns < rate.span_ns(count + 1)


@given(rates, st.integers(0, 100_000))
def test_a_byte_has_arrived_exactly_when_its_span_is_over(
    rate: UartRate | PacketRate, count: int
) -> None:
    assert rate.arrived(rate.span_ns(count)) >= count
    if count:
        assert rate.arrived(rate.span_ns(count) - 1) < count


def test_packets_arrive_whole() -> None:
    rate = PacketRate(512, us(125))
    assert [rate.span_ns(n) for n in (0, 1, 512, 513, 1024)] == [
        0,
        us(125),
        us(125),
        us(250),
        us(250),
    ]
    assert [rate.arrived(us(n)) for n in (0, 124, 125, 249, 250)] == [0, 0, 512, 512, 1024]
    assert str(rate) == "USB"


def test_without_limit_nothing_takes_time() -> None:
    rate = UnlimitedRate()
    assert rate.span_ns(1 << 40) == 0
    assert rate.arrived(0) == BYTES_UNBOUNDED
    assert str(rate) == "unlimited"


def test_a_rate_names_itself() -> None:
    assert str(UartRate(115200, parse_frame("8E1"))) == "115200 8E1"
