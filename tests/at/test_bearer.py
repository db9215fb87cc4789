"""Registration and packet contexts together: what brings contexts up, takes them away, and who is
told.
"""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.at.bearer import DEREGISTERED, Bearer, Changed, Definition, Down, Outlet
from quecsim.at.registration import Standing
from quecsim.at.results import Tcpip
from quecsim.profiles.loader import load_profile
from quecsim.units import s

EC200U, M95 = load_profile("ec200u"), load_profile("m95")


class Loss(NamedTuple):
    numbers: tuple[int, ...]
    why: Down


class Bench:
    """A bearer, and everything that it says: in order, as words."""

    def __init__(self, device: Any = EC200U, *, has_network: bool = True, **radio: Any) -> None:
        self.said: list[Any] = []
        self.wake_ns: int | None = None
        self.bearer = Bearer(
            replace(device.radio, **radio),
            device.tcpip,
            Outlet(self._wake, self.said.append, self.said.append),
            has_network=has_network,
        )
        self.bearer.on_down.append(lambda numbers, why: self.said.append(Loss(numbers, why)))

    def _wake(self, delay_ns: int | None) -> None:
        self.wake_ns = delay_ns

    def ring(self) -> None:
        assert self.wake_ns is not None
        self.wake_ns = None
        self.bearer.on_timer()

    def heard(self) -> list[Any]:
        said, self.said[:] = list(self.said), []
        return said

    def lost(self) -> list[int]:
        """The contexts that its watcher was told of since it was asked."""
        return [number for one in self.heard() if isinstance(one, Loss) for number in one.numbers]


BOTH = Changed(circuit=True, packet=True)
PACKET = Changed(circuit=False, packet=True)


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.bearer.be_up()
    return bench


def test_from_the_start_to_the_default_bearer() -> None:
    bench = Bench()
    bearer = bench.bearer
    bearer.boot(s(3))
    assert (bench.wake_ns, bearer.standing, bearer.circuit) == (s(3), Standing.OFF, 0)
    bench.ring()
    assert (bench.wake_ns, bearer.circuit) == (s(2), 2)
    assert not bearer.up
    bench.ring()
    assert (bearer.circuit, bearer.packet, bearer.up, bearer.used) == (1, 1, {1}, set())
    assert bench.heard() == [BOTH, BOTH]
    assert bench.wake_ns is None


def test_it_may_have_been_up_for_long(bench: Bench) -> None:
    assert (bench.bearer.circuit, bench.bearer.up) == (1, {1})
    assert bench.heard() == []


def test_only_lte_brings_a_context_with_it() -> None:
    bench = Bench(M95)
    bench.bearer.be_up()
    assert bench.bearer.is_attached
    assert not bench.bearer.up


def test_without_a_network_it_looks_for_ever() -> None:
    bench = Bench(has_network=False)
    bearer = bench.bearer
    bearer.boot(0)
    bench.ring()
    assert (bearer.standing, bearer.circuit, bench.wake_ns) == (Standing.LOST, 2, None)
    assert bearer.activate(1) is Tcpip.CONTEXT_FAILED
    bearer.find_network()
    bench.ring()
    assert bearer.circuit == 1
    asleep = Bench(has_network=False)
    asleep.bearer.be_up()
    assert asleep.bearer.circuit == 2


def test_a_network_that_refuses_it_stays_as_it_is() -> None:
    bench = Bench(registration=3)
    bench.bearer.be_up()
    assert (bench.bearer.circuit, bench.bearer.is_registered, bench.bearer.up) == (3, False, set())


def test_it_is_used_on_top_of_being_up(bench: Bench) -> None:
    bearer = bench.bearer
    assert not bearer.is_up(1)
    assert bearer.activate(1) is Tcpip.NONE
    assert bearer.is_up(1)
    assert bearer.refusal(1) is bearer.activate(1) is Tcpip.NOT_ALLOWED
    bearer.deactivate(1)
    assert (bearer.up, bearer.used) == ({1}, set()), "LTE's own context stays"
    assert bearer.activate(3) is Tcpip.NONE
    bearer.deactivate(3)
    assert bearer.up == {1}
    assert bench.heard() == [((1,), Down.DEACTIVATED), ((3,), Down.DEACTIVATED)]
    bearer.deactivate(3)
    assert bench.heard() == []


def test_what_the_network_takes_is_broken_until_it_is_put_away(bench: Bench) -> None:
    bearer = bench.bearer
    for number in (1, 2):
        bearer.activate(number)
    bearer.lose_bearer()
    assert bench.heard() == [1, 2, ((1, 2), Down.BEARER_LOST)]
    assert (bearer.up, bearer.used) == (set(), set())
    assert bearer.activate(1) is Tcpip.NOT_ALLOWED
    bearer.lose_bearer()
    assert bench.heard() == []
    bearer.deactivate(1)
    assert bearer.activate(1) is Tcpip.NONE
    assert bearer.activate(2) is Tcpip.NOT_ALLOWED


def test_a_network_that_goes_takes_them_and_comes_back_without_them(bench: Bench) -> None:
    bearer = bench.bearer
    bearer.activate(1)
    bearer.lose_network()
    assert bench.heard() == [BOTH, 1, ((1,), Down.NETWORK_LOST)]
    assert (bearer.circuit, bench.wake_ns) == (2, None)
    bearer.find_network()
    assert bench.heard() == [], "it goes on looking"
    bench.ring()
    assert (bearer.circuit, bearer.up) == (1, {1})
    assert bearer.activate(1) is Tcpip.NOT_ALLOWED
    bearer.deactivate(1)
    assert bearer.up == {1}
    assert bearer.activate(1) is Tcpip.NONE


@pytest.mark.parametrize("why", [Down.RADIO_OFF, Down.DEREGISTERED])
def test_who_leaves_the_network_is_not_told_of_contexts(bench: Bench, why: Down) -> None:
    bearer = bench.bearer
    bearer.activate(1)
    bearer.stop(why)
    assert bench.heard() == [BOTH, ((1,), why)]
    assert (bearer.circuit, bearer.up, bearer.used, bearer.broken) == (0, set(), set(), set())
    bearer.search()
    bench.ring()
    assert bearer.activate(1) is Tcpip.NONE


def test_packet_service_is_left_alone(bench: Bench) -> None:
    bearer = bench.bearer
    bearer.activate(1)
    bearer.attach(is_wanted=False)
    assert bench.heard() == [PACKET, ((1,), Down.DETACHED)]
    assert (bearer.circuit, bearer.packet, bearer.is_attached) == (1, 0, False)
    assert bearer.activate(1) is Tcpip.CONTEXT_FAILED
    bearer.attach(is_wanted=True)
    assert (bench.heard(), bearer.up) == ([PACKET], {1})


def test_a_search_ends_with_the_radio(bench: Bench) -> None:
    bearer = bench.bearer
    bearer.stop(Down.RADIO_OFF)
    bearer.search()
    bearer.stop(Down.RADIO_OFF)
    assert (bearer.circuit, bench.wake_ns) == (0, None)
    bearer.selection = DEREGISTERED
    bearer.search()
    assert bearer.circuit == 0, "AT+COPS=2 holds"


def test_a_start_begins_anew_and_keeps_what_is_defined(bench: Bench) -> None:
    bearer = bench.bearer
    bearer.define(2, Definition(apn="mine"))
    bearer.attach(is_wanted=False)
    bearer.attach(is_wanted=True)
    bearer.activate(2)
    bearer.selection = DEREGISTERED
    bench.heard()
    bearer.go_dark()
    assert bench.heard() == [((2,), Down.DARK)]
    bearer.go_dark()
    assert bench.heard() == []
    bearer.boot(0)
    bench.ring()
    bench.ring()
    assert (bearer.circuit, bearer.up) == (1, {1})
    assert bearer.definitions[2].apn == "mine"


def test_ipv6_is_not_carried_and_what_is_forgotten_goes(bench: Bench) -> None:
    bearer = bench.bearer
    bearer.define(2, Definition(kind="IPV6"))
    assert bearer.activate(2) is Tcpip.CONTEXT_FAILED
    bearer.define(2, Definition(kind="IPV4V6"))
    assert bearer.activate(2) is Tcpip.NONE
    bearer.define(2, None)
    assert (bearer.known, bearer.up) == ([1], {1})
    assert bench.heard() == [((2,), Down.DEACTIVATED)]


def test_no_more_than_so_many() -> None:
    bench = Bench()
    bench.bearer.be_up()
    results = [bench.bearer.activate(number) for number in range(1, 5)]
    assert results == [Tcpip.NONE] * 3 + [Tcpip.CONTEXT_FAILED]
    assert bench.bearer.up == {1, 2, 3}


NUMBERS = st.integers(1, 5)
STEPS: list[tuple[str, Any]] = [
    ("search", st.just(())),
    ("stop", st.tuples(st.sampled_from([Down.RADIO_OFF, Down.DEREGISTERED]))),
    ("lose_network", st.just(())),
    ("find_network", st.just(())),
    ("lose_bearer", st.just(())),
    ("go_dark", st.just(())),
    ("on_timer", st.just(())),
    ("activate", st.tuples(NUMBERS)),
    ("deactivate", st.tuples(NUMBERS)),
    ("define", st.tuples(NUMBERS, st.sampled_from([None, Definition(), Definition(kind="IPV6")]))),
    ("attach", st.booleans()),
]


@given(
    st.lists(st.one_of([st.tuples(st.just(name), drawn) for name, drawn in STEPS]), max_size=30),
    st.sampled_from([EC200U, M95]),
    st.booleans(),
)
def test_contexts_and_registration_agree_and_a_loss_is_told_once(
    steps: list[tuple[str, Any]], device: Any, has_network: bool
) -> None:
    bench = Bench(device, has_network=has_network)
    bearer = bench.bearer
    bearer.be_up()
    for name, values in steps:
        if name == "on_timer" and bench.wake_ns is None:
            continue
        before = set(bearer.used)
        if name == "attach":
            bearer.attach(is_wanted=values)
        elif name == "on_timer":
            bench.ring()
        else:
            getattr(bearer, name)(*values)
        assert bench.lost() == sorted(before - bearer.used)
        assert bearer.used <= bearer.up
        assert not bearer.used & bearer.broken
        assert bearer.is_attached or not bearer.up
        assert bearer.is_attached == (bearer.packet in (1, 5))
        assert len(bearer.used) <= device.tcpip.active_contexts
        looks = bearer.standing is Standing.LOOKING
        assert (bench.wake_ns is not None) == looks, "who looks finds, and nobody else"
