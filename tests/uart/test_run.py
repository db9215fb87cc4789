"""Runs: times from the train's origin, however it is cut."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.uart.rate import UartRate, parse_frame
from quecsim.uart.run import ByteRun
from quecsim.units import s

RATE = UartRate(115200, parse_frame("8N1"))


def run(
    data: bytes = b"abcdef", origin_ns: int = 1000, first: int = 2, offset: int = 70
) -> ByteRun:
    return ByteRun(origin_ns, first, RATE, data, offset)


def test_edges_count_from_the_origin() -> None:
    assert run().edge_ns(0) == 1000 + 3 * 10 * s(1) // 115200
    assert run().edge_ns(5) == 1000 + 8 * 10 * s(1) // 115200


def test_what_has_arrived() -> None:
    whole = run()
    assert whole.arrived(0) == 0
    assert whole.arrived(999) == 0
    assert whole.arrived(whole.edge_ns(0) - 1) == 0
    assert whole.arrived(whole.edge_ns(0)) == 1
    assert whole.arrived(whole.edge_ns(3)) == 4
    assert whole.arrived(s(100)) == 6


def test_cutting_keeps_data_and_offsets() -> None:
    head, tail = run().head(2), run().tail(2)
    assert (head.data, head.offset) == (b"ab", 70)
    assert (tail.data, tail.offset) == (b"cdef", 72)


@given(
    st.binary(min_size=2, max_size=50),
    st.lists(st.integers(1, 49), max_size=8),
    st.integers(0, 1 << 40),
)
def test_a_byte_keeps_its_time_through_any_cuts(
    data: bytes, cuts: list[int], origin_ns: int
) -> None:
    whole = run(data, origin_ns)
    expected = [whole.edge_ns(index) for index in range(len(data))]
    rest, times = whole, []
    for cut in cuts:
        if cut < len(rest.data):
            head, rest = rest.head(cut), rest.tail(cut)
            times += [head.edge_ns(index) for index in range(cut)]
    times += [rest.edge_ns(index) for index in range(len(rest.data))]
    assert times == expected
