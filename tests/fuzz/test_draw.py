from itertools import islice

from msgspec.structs import replace

from quecsim.fuzz.case import upload_of
from quecsim.fuzz.draw import drawn_cases
from quecsim.fuzz.reduce import Draft
from quecsim.scenario import load_scenario
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario

BASE = make_scenario("ec200u")


def test_the_same_seed_draws_the_same_cases() -> None:
    one, other = (list(islice(drawn_cases(BASE, seed=3), 60)) for _ in range(2))
    assert one == other
    assert one != list(islice(drawn_cases(BASE, seed=4), 60))


def test_no_case_comes_twice() -> None:
    keys = [Draft.of(case).key for case in islice(drawn_cases(BASE, seed=1), 150)]
    assert len(set(keys)) == 150


def test_what_the_user_fixes_is_not_drawn() -> None:
    base = load_scenario("worst-flash")
    for case in islice(drawn_cases(base, seed=1, payload=b"mine", kinds=["ack_lost"]), 50):
        assert upload_of(case)[1] == b"mine"
        assert case.flash == base.flash
        assert case.host == base.host
        assert {fault.kind for fault in case.faults} <= {"ack_lost"}


def test_programs_in_real_time_get_short_payloads() -> None:
    cases = islice(drawn_cases(BASE, seed=1, is_real_time=True), 60)
    assert max(len(upload_of(case)[1]) for case in cases) <= 1500


def test_drawing_ends_when_it_is_told_to_even_where_nothing_new_comes() -> None:
    asked = 0

    def is_over() -> bool:
        nonlocal asked
        asked += 1
        return asked > 130

    base = load_scenario("worst-flash")
    cases = list(drawn_cases(base, seed=1, payload=b"mine", kinds=["echo_on"], is_over=is_over))
    assert asked == 132, "twice it said yes: the batch was ended in its middle"
    assert 0 < len(cases) < 130, "there are not so many"


def test_faults_of_the_network_are_drawn_where_there_is_one() -> None:
    there = replace(BASE, services=(Service(host="broker.example", port=1883),))

    def drawn(base: Scenario, *, connects: bool = True) -> bool:
        cases = islice(drawn_cases(base, seed=1, connects=lambda: connects), 30)
        return any(fault.NEEDS_SERVER for case in cases for fault in case.faults)

    assert drawn(there)
    assert not drawn(there, connects=False)
    assert not drawn(BASE)
