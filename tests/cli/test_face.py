"""What of a run is to be seen, for whom."""

import sys
from typing import Any

import pytest

from quecsim.cli.face import Face, choose_face
from quecsim.cli.live_line import LiveLine
from quecsim.errors import QuecsimError


class Stream:
    """A standard stream, of a terminal or not."""

    encoding = "utf-8"

    def __init__(self, number: int, *, is_terminal: bool) -> None:
        self._number = number
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def fileno(self) -> int:
        return self._number


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets which of the three standard streams are terminals."""
    import pty

    _master, slave = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")

    def set_up(*names: str) -> None:
        for name in ("stdin", "stdout", "stderr"):
            monkeypatch.setattr(sys, name, Stream(slave, is_terminal=name in names))

    return set_up


def chosen(**how: bool) -> Face:
    usual = dict.fromkeys(("tui", "has_program", "as_json", "is_trace_out"), False)
    return choose_face(**{**usual, **how})


ALL = ("stdin", "stdout", "stderr")


@pytest.mark.pty
def test_a_terminal_has_the_live_line(terminal: Any) -> None:
    terminal(*ALL)
    face = chosen()
    assert isinstance(face, LiveLine)
    assert face.draws
    face.close()


@pytest.mark.pty
@pytest.mark.parametrize("names", [("stdout", "stderr"), ("stdin", "stdout"), ("stdin",)])
def test_without_one_to_read_from_and_write_to_there_is_nothing(
    terminal: Any, names: tuple[str, ...]
) -> None:
    terminal(*names)
    face = chosen()
    assert type(face) is Face
    assert (face.draws, face.has_left, face.output) == (False, False, None)
    with face.shown("/dev/pts/7", "") as pause_s:
        face.tick(0)
        assert pause_s() is None


@pytest.mark.pty
def test_the_trace_may_have_standard_output_where_that_is_elsewhere(terminal: Any) -> None:
    terminal("stdin", "stderr")
    face = chosen(is_trace_out=True)
    assert isinstance(face, LiveLine)
    face.close()


@pytest.mark.pty
@pytest.mark.parametrize("other", ["has_program", "as_json", "is_trace_out"])
def test_nothing_is_drawn_where_others_write(terminal: Any, other: str) -> None:
    terminal(*ALL)
    assert type(chosen(**{other: True})) is Face


@pytest.mark.pty
@pytest.mark.parametrize("value", ["dumb", None])
@pytest.mark.parametrize("tui", [False, True])
def test_a_terminal_that_can_do_nothing(
    terminal: Any, monkeypatch: pytest.MonkeyPatch, value: str | None, tui: bool
) -> None:
    terminal(*ALL)
    if value is None:
        monkeypatch.delenv("TERM")
    else:
        monkeypatch.setenv("TERM", value)
    if tui:
        with pytest.raises(QuecsimError, match="needs a terminal"):
            chosen(tui=True)
    else:
        assert type(chosen()) is Face
