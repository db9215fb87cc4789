"""What does not go with a board's real line is one message, before anything is opened."""

import re
import sys

import pytest

from quecsim.cli.main import main

NOWHERE = "/dev/nowhere"


class Said:
    """What `quecsim run` with these words says, and that it is the user's mistake."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def __call__(self, *words: str) -> str:
        self.monkeypatch.setattr(sys, "argv", ["quecsim", "run", "ec200u", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        return re.sub(r"\s+", " ", self.capsys.readouterr().err)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--link", "modem"], "--link"),
        (["--rfc2217", "0"], "--rfc2217"),
        (["--tcp", "0"], "--tcp"),
        (["--time-scale", "10"], "a time scale"),
        (["--interface", "usb"], "another interface"),
        (["--speed", "unlimited"], "an unlimited speed"),
        (["--baud", "9600"], "baud rate"),
        (["--any-rate"], "baud rate"),
        (["--garble"], "garbling"),
        (["--flow", "rtscts"], "flow control"),
        (["--no-wires"], "without RTS and CTS"),
        (["--lag", "16"], "the host's lag"),
    ],
)
def test_what_only_a_simulated_far_end_has(said: Said, words: list[str], what: str) -> None:
    told = said("--serial", NOWHERE, *words)
    assert "--serial: " in told
    assert what in told
    assert "cannot be had with a real line" in told
    assert "leave one of the two out" in told


def test_a_port_that_is_not_there(said: Said) -> None:
    told = said("--serial", NOWHERE)
    assert f"cannot open {NOWHERE}" in told
    assert "plugged in" in told


def test_a_place_that_is_none(said: Said) -> None:
    assert "no place of a serial port" in said("--serial", "http://x:1")
