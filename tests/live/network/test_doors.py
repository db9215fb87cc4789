"""Where a device can be called, as its user writes it."""

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.live.network.doors import Door, Doors, parse_door
from quecsim.live.network.routes import Permissions, parse_allowed


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("8080", Door(8080)),
        ("8080=127.0.0.1", Door(8080)),
        ("8080=127.0.0.1:18080", Door(8080, ip_address("127.0.0.1"), 18080)),
        ("1=[::1]:2", Door(1, ip_address("::1"), 2)),
        ("1=[::1]", Door(1, ip_address("::1"))),
        ("65535=127.9.9.9:65535", Door(65535, ip_address("127.9.9.9"), 65535)),
    ],
)
def test_a_door(text: str, door: Door) -> None:
    assert parse_door(text) == door
    if door.to_port:
        assert parse_door(str(door)) == door


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is no port"),
        ("0", "is no port"),
        ("65536", "is no port"),
        ("x=127.0.0.1:1", "is no port"),
        ("=127.0.0.1:1", "is no port"),
        ("8080=", "is no host with a port"),
        ("8080=localhost:1", "is no address"),
        ("8080=127.0.0.1:0", '"0" is no port'),
        ("8080=0.0.0.0:1", "never reached"),
        ("8080=[::]:1", "never reached"),
        ("8080=224.0.0.1:1", "never reached"),
        ("8080=::1", "no host with a port"),
        ("8080=127.0.0.1:1=2", "is no port"),
    ],
)
def test_what_is_no_door(text: str, what: str) -> None:
    with pytest.raises(QuecsimError, match=what) as caught:
        parse_door(text)
    assert caught.value.hint


@given(st.text(alphabet="0123456789=:.[]ax \0\u0660", max_size=30))
def test_whatever_is_written_is_a_door_or_a_message(text: str) -> None:
    try:
        door = parse_door(text)
    except QuecsimError:
        return
    assert 0 < door.port < 65_536
    assert 0 <= door.to_port < 65_536


def doors(*texts: str, allowed: tuple[str, ...] = (), is_open: bool = False) -> Doors:
    permissions = Permissions((), map(parse_allowed, allowed))
    return Doors(map(parse_door, texts), permissions, is_open=is_open)


def test_others_than_this_machine_have_to_be_allowed() -> None:
    with pytest.raises(QuecsimError, match="others than this machine") as caught:
        doors("8080=192.0.2.1")
    assert caught.value.hint == "add --allow-network 192.0.2.1, if that is meant"
    with pytest.raises(QuecsimError, match="nothing can listen at"):  # not of this machine
        doors("8080=192.0.2.1", allowed=("192.0.2.1",))


def test_a_place_that_is_taken_is_found_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(QuecsimError, match=f"nothing can listen at 127.0.0.1:{port}: address"):
            doors(f"8080=127.0.0.1:{port}")
    assert doors(f"8080=127.0.0.1:{port}")


def test_one_port_has_one_place() -> None:
    with pytest.raises(QuecsimError, match="given two places"):
        doors("8080", "8080=127.0.0.2")
    assert doors("8080", "8080=127.0.0.1")


def test_what_is_not_given_is_closed_or_at_loopback() -> None:
    assert doors("8080").open(8081, "tcp") is None
    assert not doors(is_open=True)
    opened = doors(is_open=True).open(8081, "udp")
    assert opened is not None
    with opened:
        assert opened.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_it_is_where_it_was_before_if_that_is_free(protocol: str) -> None:
    made = doors("8080", "8081")
    first = made.open(8080, protocol)
    assert first is not None
    at = first.getsockname()
    first.close()
    with made.open(8081, protocol) as other:  # type: ignore[union-attr]
        assert other.getsockname() != at
    again = made.open(8080, protocol)
    assert again is not None
    assert again.getsockname() == at
    with made.open(8080, protocol) as beside:  # type: ignore[union-attr]
        assert beside.getsockname() != at
    again.close()
