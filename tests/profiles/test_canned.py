"""Canned replies as data: which commands they fit, and what is wrong with one."""

from pathlib import Path

import pytest

from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.profiles.canned import Reply


@pytest.mark.parametrize(
    ("pattern", "command", "fits"),
    [
        ("AT+QGPS?", "+QGPS?", True),
        ("AT+QGPS?", "+QGPSX", False),  # a question mark is one
        ("at+qgps=*", "+QGPS=1,2", True),
        ("AT+QGPS=*", "+QGPS", False),
        ("AT+QGPS*", "+qgps", True),
        ('AT+QX="a b", 1', '+QX="A B",1', True),
        ('AT+QX="a b"', '+QX="ab"', False),  # blanks in quotes do matter
        ("AT+Q*=1*2", "+QX=12", True),
        ("AT+Q*=1*2", "+QX=2", False),
        ("AT+QX=1*1", "+QX=1", False),  # the same digit cannot be both
        ("AT*a*a*", "+a", False),
        ("AT*", "", True),
        ("ATI", "I", True),
    ],
)
def test_which_commands_fit(pattern: str, command: str, fits: bool) -> None:
    assert Reply(pattern).fits(command) is fits


def test_many_stars_are_no_work() -> None:
    """A pattern must not be able to stop the simulator."""
    assert not Reply("AT" + "*a" * 90 + "*b").fits("a" * 1000)


def written(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'extends = "ec200u"\n{text}')
    return path


def test_those_of_a_profile_come_before_those_of_what_it_extends(tmp_path: Path) -> None:
    told = 'how = "measured"\nsource = "our log"'
    base = written(tmp_path, f'[[reply]]\ncommand = "AT+A"\n{told}', "base")
    mine = tmp_path / "mine.toml"
    mine.write_text(f'extends = "./base.toml"\n[[reply]]\ncommand = "AT+B"\n{told}')
    assert [reply.command for reply in load_device(base).replies] == ["AT+A"]
    assert [reply.command for reply in load_device(mine).replies] == ["AT+B", "AT+A"]
    assert load_device(mine).replies[0].how == "measured"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[reply]]\ncommand = "AT+A"', "mine.toml:2: reply[1] does not say how it is known"),
        ('[[reply]]\ncommand = "AT+A;+B"\nsource = "x"', "one command as the host writes it, from"),
        ('[[reply]]\ncommand = "+A"\nsource = "x"', 'one command as the host writes it, from "AT"'),
        ('[[reply]]\nsource = "x"', "reply[1].command is missing"),
        ('[[reply]]\ncommand = "AT+A"\nsource = "x"\nreslt = "OK"', 'unknown key "reslt"'),
        ('[[reply]]\ncommand = "AT+A"\nsource = "x"\ndelay_ms = -1', "from 0 to 600000"),
        ("reply = 1", "reply must be"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(QuecsimError) as raised:
        load_device(written(tmp_path, text))
    told = f"{raised.value.where}: {raised.value.message}"
    assert message in told, told
