"""What was heard becomes runs: in order, cut where the line was idle or the other side spoke."""

from quecsim.captures.opened import Tally, Told
from quecsim.captures.runs import MOST_BYTES, in_order, joined
from quecsim.observed.heard import Heard, Side
from quecsim.trace.event import HostDtr


def each(data: bytes, start_ns: int = 100, step_ns: int = 10, side: Side = "host") -> list[Told]:
    return [Heard(start_ns + n * step_ns, side, bytes((byte,))) for n, byte in enumerate(data)]


def test_bytes_back_to_back_are_one_run() -> None:
    assert list(joined(iter(each(b"AT\r")), 10)) == [Heard(100, "host", b"AT\r")]


def test_a_pause_of_half_a_byte_ends_a_run() -> None:
    told = [*each(b"AT"), *each(b"OK", 126)]
    assert [one.at_ns for one in joined(iter(told), 10)] == [100, 126]
    assert len(list(joined(iter([*each(b"AT"), *each(b"OK", 125)]), 10))) == 1


def test_the_other_side_ends_a_run_and_so_does_what_happens() -> None:
    told = [*each(b"A"), Heard(105, "device", b"x"), *each(b"T", 110), HostDtr(115, True)]
    assert list(joined(iter(told), 10)) == told


def test_an_echo_in_between_is_a_run_of_its_own() -> None:
    told = sorted(
        [*each(b"AT\r"), *each(b"AT\r\r\nOK", 111, side="device")], key=lambda one: one.at_ns
    )
    assert list(joined(iter(told), 10)) == [
        Heard(100, "host", b"AT\r"), Heard(111, "device", b"AT\r\r\nOK"),
    ]  # fmt: skip


def test_an_acknowledgement_within_data_is_no_echo() -> None:
    """What was sent before it stands before it, also where the data begins as a command does."""
    for data, at_ns in ((b"xAAA", 112), (b"AAAA", 112), (b"AAAA", 102)):
        told = sorted([*each(data), Heard(at_ns, "device", b"A")], key=lambda one: one.at_ns)
        runs = [one for one in joined(iter(told), 10) if isinstance(one, Heard)]
        count = (at_ns - 92) // 10
        assert runs == [
            Heard(100, "host", data[:count]), Heard(at_ns, "device", b"A"),
            Heard(100 + 10 * count, "host", data[count:]),
        ]  # fmt: skip


def test_a_run_has_an_end() -> None:
    runs = list(joined(iter(each(bytes(MOST_BYTES + 5))), 10))
    assert [len(one.data) for one in runs if isinstance(one, Heard)] == [MOST_BYTES, 5]


def test_without_byte_times_only_one_time_is_one_run() -> None:
    told = [Heard(5, "host", b"A"), Heard(5, "host", b"T"), Heard(6, "host", b"\r")]
    assert list(joined(iter(told), 0)) == [Heard(5, "host", b"AT"), Heard(6, "host", b"\r")]


def test_a_slow_drift_of_the_rate_is_no_pause() -> None:
    """Two per cent: a run is cut when it is half a byte off, and no byte is further off."""
    told = each(bytes(1000), step_ns=1020)
    runs = [one for one in joined(iter(told), 1000) if isinstance(one, Heard)]
    assert b"".join(run.data for run in runs) == bytes(1000)
    assert len(runs) < 50
    place = 0
    for run in runs:
        for n in range(len(run.data)):
            assert abs(run.at_ns + n * 1000 - told[place].at_ns) <= 500
            place += 1


def test_times_of_a_clock_and_from_before_a_trigger_count_from_the_first() -> None:
    for is_clock, start_ns, shown in ((True, 700, 0), (False, -700, 0), (False, 700, 700)):
        tally = Tally()
        told = in_order(iter(each(b"AB", start_ns)), is_clock=is_clock, tally=tally)
        assert [one.at_ns for one in told] == [shown, shown + 10]
        assert tally.backward == 0


def test_a_clock_that_is_set_back_goes_on_from_there() -> None:
    tally = Tally()
    told = [Heard(at_ns * 10**9, "host", b"A") for at_ns in (100, 101, 50, 52, 53)]
    made = list(in_order(iter(told), is_clock=True, tally=tally))
    assert [one.at_ns // 10**9 for one in made] == [0, 1, 1, 3, 4]
    assert tally.backward == 1


def test_times_that_go_back_or_cannot_be_are_set_to_the_last() -> None:
    tally = Tally()
    heard = [Heard(9, "host", b"A"), Heard(7, "host", b"B"), Heard(1 << 80, "host", b"C")]
    told: list[Told] = [*heard, HostDtr(8, True)]
    made = list(in_order(iter(told), is_clock=False, tally=tally))
    assert [one.at_ns for one in made] == [9, 9, 9, 9]
    assert tally.backward == 3
