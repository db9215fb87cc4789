"""The options of the ways in for hosts of other machines."""

import socket

import pytest
from click.testing import CliRunner

from quecsim.cli.port_options import gates_from
from quecsim.cli.run import run
from quecsim.errors import QuecsimError

NOTHING = {"rfc2217": None, "tcp": None, "allow_remote": False}


def test_nothing_is_asked_for() -> None:
    assert gates_from(NOTHING) == []


def test_both_kinds() -> None:
    gates = gates_from({"rfc2217": "2217", "tcp": "[::1]:0", "allow_remote": False})
    told = [(one.kind, str(one.address), one.port) for one in gates]
    assert told == [("rfc2217", "127.0.0.1", 2217), ("tcp", "::1", 0)]


@pytest.mark.parametrize("option", ["--rfc2217", "--tcp"])
@pytest.mark.parametrize("place", ["", "here:7", "70000", "1.2.3.4:5", "0.0.0.0:0"])
def test_what_cannot_be_is_one_mistake(option: str, place: str) -> None:
    done = CliRunner().invoke(run, ["ec200u", option, place, "--", "true"], standalone_mode=False)
    assert isinstance(done.exception, QuecsimError)
    assert done.exception.where == option
    assert done.exception.hint


@pytest.mark.pty
def test_a_port_that_is_taken_is_told_before_anything_runs() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = str(taken.getsockname()[1])
        words = ["ec200u", "--tcp", place, "--", "true"]
        done = CliRunner().invoke(run, words, standalone_mode=False)
    assert isinstance(done.exception, QuecsimError)
    assert "nothing can listen" in str(done.exception)
