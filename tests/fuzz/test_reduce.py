import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.faults import AckLost, DropBytes, PowerCutFault
from quecsim.fuzz.case import make_case
from quecsim.fuzz.reduce import reduce_case, rounder, size, weight
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import FlashSettings, Ring, Scenario, Stall

BASE = make_scenario("ec200u")
MESSY = replace(
    BASE,
    seed=7,
    ring=Ring(rx_bytes=777),
    flash=FlashSettings(timing="worst"),
    stalls=(Stall(437, at_byte=913), Stall(10, every_bytes=300)),
    faults=(DropBytes(at_byte=1234, count=17), AckLost(ack=3), PowerCutFault(at_ms=987)),
    contents={"UFS:old": b"x" * 100},
)


def reduced(case: Scenario, shows: object, **options: object) -> Scenario:
    return reduce_case(case, shows, **options).case  # type: ignore[arg-type]


def test_what_shows_everywhere_ends_as_the_bare_device_and_one_byte() -> None:
    case = reduced(make_case(MESSY, bytes(range(256)) * 8), lambda _case: True)
    assert case.case_bytes == b"a"
    bare = make_case(make_scenario("ec200u"), b"a")
    assert size(case) == size(bare)
    assert (case.faults, case.stalls, case.contents) == ((), (), {})
    assert (case.ring, case.flash, case.seed) == (BASE.ring, BASE.flash, BASE.seed)


def test_the_one_fault_that_matters_stays_with_a_round_number() -> None:
    def shows(case: Scenario) -> bool:
        return any(isinstance(f, DropBytes) and (f.at_byte or 0) > 700 for f in case.faults)

    case = reduced(make_case(MESSY, b"payload" * 300), shows)
    assert case.faults == (DropBytes(at_byte=1000),)
    assert case.stalls == ()
    assert case.case_bytes == b"a"


def test_a_byte_that_matters_stays_in_a_short_and_plain_payload() -> None:
    def shows(case: Scenario) -> bool:
        return "\xfc".encode() in (case.case_bytes or b"")

    text = ("Some text with an \xfc in it, " * 20).encode()
    assert reduced(make_case(BASE, text), shows).case_bytes == "\xfc".encode()


def test_a_length_that_matters_becomes_round() -> None:
    def shows(case: Scenario) -> bool:
        return len(case.case_bytes or b"") > 1024

    assert reduced(make_case(BASE, b"xyz" * 999), shows).case_bytes == b"a" * 1025


def test_tables_that_the_user_asked_for_stay() -> None:
    case = reduced(make_case(MESSY, b"abc"), lambda _case: True, fixed=frozenset({"ring", "seed"}))
    assert (case.ring.rx_bytes, case.seed) == (777, 7)
    assert case.flash == BASE.flash


def test_it_ends_after_so_many_runs() -> None:
    ran = []

    def shows(case: Scenario) -> bool:
        ran.append(case)
        return False

    done = reduce_case(make_case(MESSY, b"abc" * 100), shows, most_runs=20)
    assert done.runs == len(ran) == 20
    assert done.case.faults == MESSY.faults


def test_no_candidate_is_tried_twice() -> None:
    seen: list[Scenario] = []

    def shows(case: Scenario) -> bool:
        assert case not in seen
        seen.append(case)
        return len(case.case_bytes or b"") > 10

    reduced(make_case(MESSY, b"abc" * 100), shows)
    assert len(seen) > 10


@pytest.mark.parametrize(
    ("number", "first"), [(1, [0]), (437, [0, 1, 10, 100]), (100, [0, 1, 10]), (0, [])]
)
def test_rounder_numbers_come_smallest_first(number: int, first: list[int]) -> None:
    assert list(rounder(number))[: len(first)] == first


@given(st.integers(0, 1 << 40))
@settings(max_examples=200, derandomize=True)
def test_rounder_numbers_are_simpler_so_rounding_ends(number: int) -> None:
    candidates = list(rounder(number))
    assert len(set(candidates)) == len(candidates)
    assert all(weight(each) < weight(number) for each in candidates)
