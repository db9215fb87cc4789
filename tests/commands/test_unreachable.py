"""Commands that need a network: refused as the device does, and their test forms answered."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from quecsim.at.results import Cme
from quecsim.at.spec import Catalogue, Integer
from quecsim.commands.unreachable import (
    close_command,
    query_of_none,
    refused_command,
    tcpip_command,
)
from tests.device.bench import ERROR, OK, Bench, cme, info

_ID = (Integer("id", high=3),)
_MAYBE = (Integer("id", high=3, optional=True),)


@pytest.fixture
def bench() -> Iterator[Bench]:
    commands = Catalogue((
        tcpip_command("+TCP", "a socket", "-", _ID),
        close_command("+CLOSE", "its end", "-", _ID),
        refused_command("+NO", "never", "-", _ID),
        refused_command(
            "+HTTP", "a request", "-", _MAYBE, cme=Cme.HTTP_NETWORK,
            bad_parameter=Cme.HTTP_PARAMETER,
        ),
        refused_command("+END", "no parameters", "-", ()),
        query_of_none("+LIST", "all of none", "-", _ID),
    ))  # fmt: skip
    with patch("quecsim.rig.rig.catalogue", lambda _profile: commands):
        yield Bench()


def test_what_fits_is_refused_and_what_does_not_is_wrong(bench: Bench) -> None:
    for name in ("+TCP", "+NO"):
        assert bench.ask(f"AT{name}=1") == bench.ask(f"AT{name}=4") == ERROR
        assert bench.ask(f"AT{name}") == bench.ask(f"AT{name}?") == ERROR
        assert bench.ask(f"AT{name}=?") == info(f"{name}: (0-3)")
    assert bench.ask("AT+HTTP") == bench.ask("AT+HTTP=1") == cme(710)
    assert bench.ask("AT+HTTP=4") == cme(730)
    assert bench.ask("AT+END") == bench.ask("AT+END=") == ERROR


def test_closing_and_asking_need_nothing(bench: Bench) -> None:
    assert bench.ask("AT+CLOSE=1") == OK
    assert bench.ask("AT+CLOSE=4") == bench.ask("AT+LIST=4") == ERROR
    for form in ("", "?", "=?", "=0"):
        assert bench.ask(f"AT+LIST{form}") == OK
