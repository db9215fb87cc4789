"""A train of bytes as levels: read back by a receiver that looks at the middle of each bit."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.files.serial_wave import count_edges, edges, within
from quecsim.uart.rate import Frame, UartRate, uart_rate
from quecsim.uart.run import ByteRun
from quecsim.units import S

FRAMES = [f"{data}{parity}{stop}" for data in "5678" for parity in "NEOMS" for stop in "12"]
BAUDS = st.sampled_from([300, 9_600, 115_200, 921_600, 1_843_200])


@st.composite
def trains(draw: st.DrawFn) -> ByteRun:
    rate = uart_rate(draw(BAUDS), draw(st.sampled_from(FRAMES)))
    data = draw(st.binary(min_size=1, max_size=40))
    return ByteRun(draw(st.integers(0, 10**12)), draw(st.integers(0, 10**6)), rate, data, 0)


def received(run: ByteRun, changes: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The bits of each character behind its start bit, one by one, as a receiver that knows the
    rate sees them: it finds the edge of the start bit, and counts from there.
    """
    assert isinstance(run.rate, UartRate)
    times = [at_ns for at_ns, _ in changes]
    bits, baud = run.rate.frame.bits, run.rate.baud

    def level(at_ns: int) -> int:
        place = bisect_right(times, at_ns)
        return changes[place - 1][1] if place else 1

    characters, at_ns = [], 0
    while starts := [time for time, value in changes if time >= at_ns and value == 0]:
        middles = [starts[0] + (2 * bit + 1) * S // (2 * baud) for bit in range(bits)]
        assert level(middles[0]) == 0
        characters.append(tuple(level(middle) for middle in middles[1:]))
        at_ns = middles[-1]
    return characters


def is_right(parity: str, data: tuple[int, ...], bit: int) -> bool:
    ones = sum(data) + bit
    return {"E": ones % 2 == 0, "O": ones % 2 == 1, "M": bit == 1, "S": bit == 0}[parity]


@given(run=trains())
def test_a_receiver_reads_the_bytes_and_the_parity(run: ByteRun) -> None:
    assert isinstance(run.rate, UartRate)
    frame: Frame = run.rate.frame
    characters = received(run, list(edges(run)))
    assert len(characters) == len(run.data)
    for byte, character in zip(run.data, characters, strict=True):
        data = character[: frame.data_bits]
        assert sum(bit << place for place, bit in enumerate(data)) == byte & (
            (1 << frame.data_bits) - 1
        )
        assert character[-frame.stop_bits :] == (1,) * frame.stop_bits
        if frame.parity != "N":
            assert is_right(frame.parity, data, character[frame.data_bits])


@given(run=trains(), cut=st.integers(0, 40))
def test_however_a_train_is_cut_its_edges_have_their_times(run: ByteRun, cut: int) -> None:
    parts = [*edges(run.head(cut)), *edges(run.tail(min(cut, len(run.data))))]
    assert parts == list(edges(run))
    assert count_edges(run) == len(parts)


def test_no_edge_is_late_after_a_million_bytes() -> None:
    rate = uart_rate(115_200, "8N1")
    (start_ns, level), *_ = edges(ByteRun(7, 1_000_000, rate, b"U", 0))
    assert (start_ns, level) == (7 + 1_000_000 * 10 * S // 115_200, 0)


@given(run=trains(), data=st.data())
def test_a_window_has_whole_bytes_only(run: ByteRun, data: st.DataObject) -> None:
    times = st.integers(run.origin_ns - 10, run.edge_ns(len(run.data)) + 10)
    begin_ns, end_ns = sorted([data.draw(times), data.draw(times)])
    first, last = within(run, begin_ns, end_ns)
    whole = [
        index
        for index in range(len(run.data))
        if run.edge_ns(index - 1) >= begin_ns and run.edge_ns(index) <= end_ns
    ]
    assert list(range(first, last)) == whole
    made = list(edges(run, begin_ns, end_ns))
    assert all(begin_ns <= at_ns <= end_ns for at_ns, _ in made)
    assert made == list(edges(run.part(first, last - first)))
