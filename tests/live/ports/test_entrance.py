"""Where hosts of other machines come in."""

import contextlib
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.live.ports.entrance import Entrance, Gate, parse_gate


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("2217", "127.0.0.1", 2217),
        (":2217", "127.0.0.1", 2217),
        ("0", "127.0.0.1", 0),
        ("localhost:7", "127.0.0.1", 7),
        ("127.0.0.5:65535", "127.0.0.5", 65535),
        ("[::1]:2217", "::1", 2217),
    ],
)
def test_places(text: str, address: str, port: int) -> None:
    gate = parse_gate("tcp", text)
    assert (str(gate.address), gate.port) == (address, port)


@pytest.mark.parametrize(
    "text",
    ["", ":", "x", "-1", "65536", "99999", "1:2:3", "::1:7", "[::1]", "[::1:7", "[]:7", "a.b:7",
     "127.1:7", "0x7f000001:7", "1" * 5000, "127.0.0.1:", "fe80::1%eth0:7", " 7", "٣"],
)  # fmt: skip
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(QuecsimError) as told:
        parse_gate("tcp", text, is_remote_allowed=True)
    assert told.value.where == "--tcp"
    assert told.value.hint


@given(st.text(max_size=30))
def test_any_text_is_a_place_or_a_mistake(text: str) -> None:
    with contextlib.suppress(QuecsimError):
        assert 0 <= parse_gate("tcp", text).port <= 65_535


@pytest.mark.parametrize("text", ["0.0.0.0:0", "192.168.1.2:7", "[::]:7", "8.8.8.8:7"])
def test_other_machines_need_to_be_allowed(text: str) -> None:
    with pytest.raises(QuecsimError, match="password") as told:
        parse_gate("tcp", text)
    assert "--allow-remote" in told.value.hint
    assert parse_gate("tcp", text, is_remote_allowed=True)


def test_a_free_port_is_told_as_a_url() -> None:
    entrance = Entrance(parse_gate("tcp", "0"))
    assert entrance.url == f"socket://127.0.0.1:{entrance.port}"
    assert not entrance.is_remote
    with socket.create_connection(("127.0.0.1", entrance.port)) as caller:
        call = entrance.accept()
        assert call is not None
        assert call[1] == f"127.0.0.1:{caller.getsockname()[1]}"
        call[0].close()
    assert entrance.accept() is None
    entrance.close()


def test_everywhere_is_told_as_an_address_that_can_be_opened() -> None:
    entrance = Entrance(parse_gate("tcp", "0.0.0.0:0", is_remote_allowed=True))
    assert entrance.url == f"socket://127.0.0.1:{entrance.port}"
    assert entrance.place == f"0.0.0.0:{entrance.port}"
    assert entrance.is_remote
    entrance.close()


def test_a_port_that_is_taken() -> None:
    taken = Entrance(parse_gate("tcp", "0"))
    with pytest.raises(QuecsimError, match="nothing can listen") as told:
        Entrance(Gate("tcp", taken.gate.address, taken.port))
    assert told.value.hint
    taken.close()
