"""What is given to a device, as its user writes it, and what that lets it reach."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.live.network.addresses import Reach, reach_of, read_address
from quecsim.live.network.routes import (
    Allowed,
    Permissions,
    Route,
    Way,
    advice,
    parse_allowed,
    parse_route,
    place,
)

LOOPBACK, WORLD = ip_address("127.0.0.1"), ip_address("203.0.113.5")


def permissions(*lines: str) -> Permissions:
    """Routes have an equals sign."""
    return Permissions(
        [parse_route(line) for line in lines if "=" in line],
        [parse_allowed(line) for line in lines if "=" not in line],
    )


@pytest.mark.parametrize(
    ("text", "name", "port", "there", "to_port"),
    [
        ("broker.example:8883=127.0.0.1:18831", "broker.example", 8883, "127.0.0.1", 18831),
        ("BROKER.Example.:1=10.0.0.7:65535", "broker.example", 1, "10.0.0.7", 65535),
        ("a:1=[::1]:2", "a", 1, "::1", 2),
        ("a_b-c.d:1=[fd12::7]:2", "a_b-c.d", 1, "fd12::7", 2),
        ("203.0.113.5:80=127.0.0.1:8080", "203.0.113.5", 80, "127.0.0.1", 8080),
        ("[2001:DB8:0::1]:80=127.0.0.1:8080", "2001:db8::1", 80, "127.0.0.1", 8080),
        ("169.254.169.254:80=127.0.0.1:8080", "169.254.169.254", 80, "127.0.0.1", 8080),
        ("a:1=[::ffff:127.0.0.1]:2", "a", 1, "127.0.0.1", 2),
    ],
)
def test_a_route(text: str, name: str, port: int, there: str, to_port: int) -> None:
    route = parse_route(text)
    assert route == Route(name, port, ip_address(there), to_port)
    assert parse_route(str(route)) == route
    assert permissions(text).way(name, port) == Way((ip_address(there),), to_port)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("broker.example", "is no route"),
        ("", "is no route"),
        ("broker.example:8883", "is no route"),
        ("broker.example=127.0.0.1:1", "lacks a port"),
        ("broker.example:8883=127.0.0.1", "lacks a port"),
        ("broker.example:=127.0.0.1:1", "no host with a port"),
        (":8883=127.0.0.1:1", "no host with a port"),
        ("broker.example:0=127.0.0.1:1", '"0" is no port'),
        ("broker.example:65536=127.0.0.1:1", '"65536" is no port'),
        ("broker.example:08=127.0.0.1:1", '"08" is no port'),
        ("broker.example:+8=127.0.0.1:1", '"+8" is no port'),
        ("broker.example:\uff11=127.0.0.1:1", "is no port"),
        ("broker.example:8=localhost:1", '"localhost" is no address'),
        ("broker.example:8=127.1:1", '"127.1" is no address'),
        ("broker.example:8=2130706433:1", '"2130706433" is no address'),
        ("broker.example:8=0x7f.0.0.1:1", "is no address"),
        ("broker.example:8=0177.0.0.1:1", "is no address"),
        ("broker.example:8=::1:1", "no host with a port"),
        ("broker.example:8=[::1:1", "no host with a port"),
        ("broker.example:8=[::1]1", "no host with a port"),
        ("broker.example:8=[127.0.0.1]:1", "no host with a port"),
        ("broker.example:8=[::1%lo]:1", "is no address"),
        ("broker.example:8=169.254.169.254:80", "never reached: link-local"),
        ("broker.example:8=[::ffff:169.254.169.254]:80", "never reached: link-local"),
        ("broker.example:8=[fd00:ec2::254]:80", "never reached: a service of a cloud"),
        ("broker.example:8=[fe80::1]:80", "never reached: link-local"),
        ("broker.example:8=0.0.0.0:80", "never reached: unspecified"),
        ("broker.example:8=[::]:80", "never reached: unspecified"),
        ("broker.example:8=224.0.0.1:80", "never reached: multicast"),
        ("broker.example:8=255.255.255.255:80", "never reached: broadcast"),
        ("broker.example:8=[64:ff9b::127.0.0.1]:80", "another way to write 127.0.0.1"),
        ("127.1:8=127.0.0.1:1", "is no name, and no plain address"),
        ("0x7f000001:8=127.0.0.1:1", "is no name, and no plain address"),
        ("a.1:8=127.0.0.1:1", "is no name, and no plain address"),
        ("*.example:8=127.0.0.1:1", "is no name of a host"),
        ("a..b:8=127.0.0.1:1", "is no name of a host"),
        ("-a:8=127.0.0.1:1", "is no name of a host"),
        ("bücher.example:8=127.0.0.1:1", "is no name of a host"),
        ("a b:8=127.0.0.1:1", "is no name of a host"),
        (f"{'a' * 64}:8=127.0.0.1:1", "is no name of a host"),
        (f"{'a.' * 127}a:8=127.0.0.1:1", "is no name of a host"),
    ],
)
def test_what_is_no_route_is_one_message_with_a_way_out(text: str, what: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        parse_route(text)
    assert what in caught.value.message
    assert caught.value.hint
    assert caught.value.where == "--route"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("broker.example", Allowed("broker.example")),
        ("Broker.Example.:8883", Allowed("broker.example", 8883)),
        ("203.0.113.5", Allowed("203.0.113.5")),
        ("[2001:db8::1]", Allowed("2001:db8::1")),
        ("[2001:db8::1]:443", Allowed("2001:db8::1", 443)),
        ("localhost", Allowed("localhost")),
    ],
)
def test_what_is_allowed(text: str, allowed: Allowed) -> None:
    assert parse_allowed(text) == allowed


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("*", "more than one host"),
        ("*.example", "more than one host"),
        ("10.0.0.0/8", "more than one host"),
        ("", "no host with a port"),
        ("a:b", '"b" is no port'),
        ("2001:db8::1", "no host with a port"),
        ("http:80", None),
        ("169.254.169.254", "never reached"),
        ("[::ffff:a9fe:a9fe]:80", "never reached"),
        ("2852039166", "no name, and no plain address"),
        ("0251.0376.0251.0376", "no name, and no plain address"),
        ("169.254.43518", "no name, and no plain address"),
        ("a\0b", "is no name of a host"),
        ("a\x1b[2J", "is no name of a host"),
    ],
)
def test_what_cannot_be_allowed(text: str, what: str | None) -> None:
    if what is None:
        assert parse_allowed(text).host == "http"
        return
    with pytest.raises(QuecsimError, match=what) as caught:
        parse_allowed(text)
    assert caught.value.hint
    assert "\x1b" not in str(caught.value)


def test_nothing_is_given_by_itself() -> None:
    assert not Permissions()
    for host in ("localhost", "127.0.0.1", "broker.example", "::1", "203.0.113.5", ""):
        assert Permissions().way(host, 80) is None


def test_a_route_is_for_its_name_and_port_alone() -> None:
    given = permissions("broker.example:8883=127.0.0.1:18831")
    assert given.way("BROKER.example.", 8883) == Way((LOOPBACK,), 18831)
    assert given.way("broker.example", 1883) is None
    assert given.way("sub.broker.example", 8883) is None
    assert given.way("127.0.0.1", 18831) is None


def test_a_route_into_the_world_needs_the_address_allowed_too() -> None:
    line = "broker.example:8883=203.0.113.5:8883"
    for more in ((), ("broker.example",), ("203.0.113.5:443",), ("203.0.113.6",)):
        with pytest.raises(QuecsimError) as caught:
            permissions(line, *more)
        assert "--allow-network 203.0.113.5:8883" in caught.value.hint
    for allowed in ("203.0.113.5", "203.0.113.5:8883"):
        assert permissions(line, allowed).way("broker.example", 8883) == Way((WORLD,), 8883)


def test_a_name_has_one_route() -> None:
    one, other = "a:1=127.0.0.1:1", "A:1=127.0.0.1:2"
    assert permissions(one, one).way("a", 1) == Way((LOOPBACK,), 1)
    with pytest.raises(QuecsimError, match="two routes"):
        permissions(one, other)


def test_a_route_made_by_hand_is_judged_too() -> None:
    with pytest.raises(QuecsimError, match="never reached"):
        Permissions([Route("a", 1, ip_address("::ffff:169.254.169.254"), 80)])


def test_an_allowed_name_is_to_be_resolved_and_a_route_comes_first() -> None:
    given = permissions("broker.example", "broker.example:1=127.0.0.1:2", "other.example:7")
    assert given.way("broker.example", 5) == Way((), 5, "broker.example")
    assert given.way("broker.example", 1) == Way((LOOPBACK,), 2)
    assert given.way("other.example", 7) == Way((), 7, "other.example")
    assert given.way("other.example", 8) is None


def test_an_allowed_address_is_reached_in_whatever_form_it_comes() -> None:
    given = permissions("203.0.113.5:80", "[::1]")
    assert given.way("203.0.113.5", 80) == Way((WORLD,), 80)
    assert given.way("::ffff:203.0.113.5", 80) == Way((WORLD,), 80)
    assert given.way("0:0:0::1", 1) == Way((ip_address("::1"),), 1)
    assert given.way("203.0.113.5", 81) is None


def test_of_a_names_addresses_those_count_that_may_be_reached() -> None:
    found = [ip_address(it) for it in ("::1", "169.254.169.254", "203.0.113.5", "fe80::1", "::1")]
    assert Permissions.admitted(found) == (WORLD, ip_address("::1"))


@pytest.mark.parametrize(
    ("host", "port", "says"),
    [
        ("broker.example", 8883, "add --route broker.example:8883=127.0.0.1:PORT (or --allow"),
        ("2001:db8::1", 1, "add --route [2001:db8::1]:1=127.0.0.1:PORT (or --allow-network [20"),
        ("169.254.169.254", 80, "never reached (link-local"),
        ("127.1", 80, "that is no name and no address"),
        ("x;rm -rf ~", 80, "that is no name and no address"),
        ("\x1b[2J", 80, "that is no name and no address"),
        ("", 80, "that is no name and no address"),
        ("broker.example", 0, "that is no port"),
    ],
)
def test_the_line_to_add(host: str, port: int, says: str) -> None:
    assert says in advice(host, port)


HOSTS = st.text(max_size=8) | st.from_regex(r"[a-z0-9.:-]{1,12}", fullmatch=True)


def test_what_is_given_is_told_as_it_was_written() -> None:
    routes = [parse_route(text) for text in ("b.example:1=127.0.0.1:2", "[::1]:3=[::1]:4")]
    allowed = map(parse_allowed, ("c.example", "d.example:5", "[::1]", "[::1]:6"))
    given = Permissions(routes, allowed)
    assert given.routes == ("[::1]:3=[::1]:4", "b.example:1=127.0.0.1:2")
    assert given.allowed == ("[::1]", "[::1]:6", "c.example", "d.example:5")
    assert {parse_allowed(text) for text in given.allowed} == given._allowed
    assert (Permissions().routes, Permissions().allowed) == ((), ())


@given(HOSTS, st.integers(-1, 70_000))
def test_whatever_a_device_asks_for_the_advice_works(host: str, port: int) -> None:
    said = advice(host, port)
    assert place(host, port).isprintable() or "\n" in host or "\t" in host
    assert Permissions().way(host, port) is None
    if "add --route " in said:
        line = said.split("add --route ")[1].split(" ")[0].rstrip(";").replace("PORT", "1")
        assert permissions(line).way(host, port) == Way((LOOPBACK,), 1)
    if "--allow-network " in said:
        line = said.split("--allow-network ")[1].rstrip(")").split(",")[0]
        assert permissions(line).way(host, port) is not None


TEXTS = st.text("abz019.:[]=%x-_*/@ \0\xe9", max_size=40)
T = TypeVar("T")


def what_comes_of(parse: Callable[[str], T], text: str) -> T | QuecsimError:
    try:
        return parse(text)
    except QuecsimError as error:
        return error


def test_a_very_long_name_is_cut_where_it_is_told() -> None:
    with pytest.raises(QuecsimError) as caught:
        parse_route(f"{'a' * 10_000}:1=127.0.0.1:1")
    assert len(str(caught.value)) < 250


@given(TEXTS)
def test_whatever_is_written_is_a_permission_or_one_message(text: str) -> None:
    """And what is permitted is nothing that is never reached."""
    route = what_comes_of(parse_route, text)
    if isinstance(route, QuecsimError):
        assert route.hint
    else:
        assert reach_of(route.address) is not Reach.NEVER
    allowed = what_comes_of(parse_allowed, text)
    if isinstance(allowed, QuecsimError):
        assert allowed.hint
    else:
        address = read_address(allowed.host)
        assert address is None or reach_of(address) is not Reach.NEVER
