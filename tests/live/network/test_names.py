"""Which addresses a device sees, and which name it means by one."""

from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from quecsim.live.network.names import Names
from quecsim.live.network.routes import Permissions, Way, parse_allowed, parse_route

LOOPBACK = ip_address("127.0.0.1")


def permissions(*lines: str) -> Permissions:
    """Routes have an equals sign."""
    return Permissions(
        [parse_route(line) for line in lines if "=" in line],
        [parse_allowed(line) for line in lines if "=" not in line],
    )


def test_each_routed_name_has_an_address_of_its_own() -> None:
    given = permissions("b.example:1=127.0.0.1:2", "a.example:1=127.0.0.1:3", "a.example:2=[::1]:4")
    names = Names(given)
    assert names.addresses("A.example.") == ("198.18.0.1",)
    assert names.addresses("b.example") == ("198.18.0.2",)
    assert names.way("198.18.0.1", 1) == Way((LOOPBACK,), 3)
    assert names.way("198.18.0.2", 1) == Way((LOOPBACK,), 2)
    assert names.way("198.18.0.2", 2) is None
    assert names.has("198.18.0.2")
    assert not names.has("198.18.0.3")


def test_an_address_that_is_routed_itself_is_nobody_elses() -> None:
    names = Names(permissions("198.18.0.1:1=127.0.0.1:2", "a.example:1=127.0.0.1:3"))
    assert names.addresses("a.example") == ("198.18.0.2",)
    assert names.addresses("198.18.0.1") == ("198.18.0.1",)
    assert names.way("198.18.0.1", 1) == Way((LOOPBACK,), 2)


def test_a_name_of_the_scenario_keeps_its_address_which_others_may_share() -> None:
    served = {"a.example": ("192.0.2.10",), "b.example": ("192.0.2.10",)}
    given = permissions("a.example:1=127.0.0.1:3", "b.example:2=127.0.0.1:4")
    names = Names(given, lambda name: served.get(name, ()))
    assert names.addresses("a.example") == ("192.0.2.10",)
    assert names.way("192.0.2.10", 1) == Way((LOOPBACK,), 3)
    assert names.way("192.0.2.10", 2) == Way((LOOPBACK,), 4)
    assert names.way("192.0.2.10", 3) is None


def test_what_was_learnt_is_allowed_as_far_as_the_name_is() -> None:
    names = Names(permissions("a.example:80", "b.example"))
    address = ip_address("203.0.113.5")
    assert names.way("203.0.113.5", 80) is None
    names.learn("A.example", [address])
    assert names.way("203.0.113.5", 80) == Way((address,), 80)
    assert names.way("203.0.113.5", 81) is None
    names.learn("b.example.", [address])
    assert names.way("203.0.113.5", 81) == Way((address,), 81)
    assert names.way("a.example", 80) == Way((), 80, "a.example")


def test_what_was_learnt_has_a_bound() -> None:
    names = Names(permissions("a.example"))
    for number in range(1000):
        names.learn("a.example", [ip_address("203.0.113.0") + number])
    assert len(names._learnt) == 256
    assert names.way("203.0.113.0", 1) is None


@given(st.text(max_size=20), st.integers(-1, 70_000))
def test_without_permissions_there_is_no_way(host: str, port: int) -> None:
    names = Names(Permissions())
    assert names.way(host, port) is None
    assert not names.has(host)
