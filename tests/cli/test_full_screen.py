"""The full screen as a process of the run. (How it looks and ends: `tests/e2e`.)"""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import quecsim
from quecsim.cli.full_screen import _command, _held_back, need_terminal
from quecsim.errors import QuecsimError
from tests.cli.test_face import ALL, terminal

__all__ = ["terminal"]


@pytest.mark.pty
def test_a_missing_package_is_named_with_its_extra(
    terminal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal(*ALL)
    need_terminal("--tui")
    monkeypatch.setattr("quecsim.cli.full_screen.find_spec", lambda _name: None)
    with pytest.raises(QuecsimError, match="--tui needs Textual") as raised:
        need_terminal("--tui")
    assert raised.value.hint == "pip install 'quecsim[tui]'"


def test_the_process_is_this_quecsim_wherever_the_user_stands() -> None:
    *python, code, root, socket = _command("/run/x.sock")
    assert python == [sys.executable, "-P", "-c"]  # nothing of the user's folder comes first
    assert Path(root) == Path(quecsim.__file__).parents[1]
    assert socket == "/run/x.sock"
    compile(code, "shown", "exec")


def test_a_signal_is_held_back_for_who_is_started_meanwhile_and_is_not_lost() -> None:
    code = "import signal; print(*map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ())))"
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        with _held_back(signal.SIGINT):
            signal.raise_signal(signal.SIGINT)
            held = subprocess.check_output([sys.executable, "-c", code], text=True)
            assert came == []
    finally:
        signal.signal(signal.SIGINT, before)
    assert held.split() == [str(int(signal.SIGINT))]
    assert came == [signal.SIGINT]
