"""The host program that a simulator is run for: started, watched, and ended in good order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from quecsim.errors import QuecsimError
from quecsim.live.simulator import Simulator

_SETTLE_S = 10.0  # how long the line may take to fall silent after the program has ended
_PATIENCE_S = 0.3  # how long people wait without asking what for
_KILL_S = 5.0


class HostProgram:
    """A program as a child process, `{port}` and the like in its arguments replaced.

    `output` gets its standard output and error (else they are ours); `is_apart` gives it a process
    group of its own, which ends with it, and nothing on its standard input.
    """

    def __init__(
        self,
        words: Sequence[str],
        values: Mapping[str, str],
        *,
        output: IO[bytes] | int | None = None,
        is_apart: bool = False,
    ) -> None:
        """`values`: `{key}` in `words` becomes the value, and QUECSIM_KEY in the environment.

        Raises QuecsimError where it cannot be started.
        """
        if not words:
            raise QuecsimError("there is no program after --", hint="write: -- PROGRAM {port}")
        arguments = [_filled(word, values) for word in words]
        self._is_apart = is_apart
        try:
            self._child: subprocess.Popen[bytes] = subprocess.Popen(
                arguments,
                env={**os.environ, **{f"QUECSIM_{key.upper()}": values[key] for key in values}},
                stdin=subprocess.DEVNULL if is_apart else None,
                stdout=output,
                stderr=output,
                process_group=0 if is_apart else None,
            )
        except OSError as error:
            raise QuecsimError(
                f"cannot start {arguments[0]}: {error.strerror}",
                hint=_where(arguments[0]),
            ) from None

    @property
    def has_ended(self) -> bool:
        """It is over."""
        return self._child.poll() is not None

    @property
    def exit_code(self) -> int | None:
        """None while it runs, and negative where a signal has ended it."""
        return self._child.poll()

    def stop(self) -> int:
        """End it, by force if need be; returns its exit code. Once it is over: only that."""
        self._signal(signal.SIGTERM)
        try:
            self._child.wait(_KILL_S)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._child.wait()
        self.clear_up()
        return self._child.returncode

    def clear_up(self) -> None:
        """End what the program has left behind in a group of its own."""
        if self._is_apart:
            self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._is_apart:
                os.killpg(self._child.pid, number)
            else:
                self._child.send_signal(number)


def told_values(simulator: Simulator) -> dict[str, str]:
    """What a host program may know of its device, as `values`: our own uploader wants it."""
    return {"ack_block": str(simulator.rig.profile.files.ack_block_bytes)}


def how_it_ended(code: int) -> str:
    """An exit code in words: `ended with exit code 3`, `was ended by signal 9`."""
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"


def settle(
    simulator: Simulator,
    has_stop: Callable[[], bool],
    say: Callable[[str], None],
    waits: Callable[[str], None] | None = None,
) -> None:
    """What the program wrote last is still under way: let it arrive.

    `say` hears of an upgrade that goes on, `waits` of anything else that takes a while. What the
    program did not read nobody will read: that is not waited for. A firmware upgrade is: its power
    must not go.
    """
    loop = simulator.loop
    begin_s = time.monotonic()
    end_s, is_told = begin_s + _SETTLE_S, False
    loop.turn()
    while not has_stop():
        if simulator.is_upgrading:
            _await_upgrade(simulator, has_stop, say)
            if simulator.is_upgrading:
                return
            end_s = time.monotonic() + _SETTLE_S
        left_s = end_s - time.monotonic()
        if loop.is_settled or left_s <= 0:
            return
        if waits is not None and not is_told and time.monotonic() - begin_s >= _PATIENCE_S:
            is_told = True
            what = simulator.rig.device.under_way.removeprefix("it was ")
            waits(
                f"the program has ended, the device goes on: {what or 'bytes are on the line'}; "
                "Ctrl-C ends it"
            )
        loop.wait(left_s if is_told else min(left_s, _PATIENCE_S))
        loop.turn()


def _await_upgrade(
    simulator: Simulator, has_stop: Callable[[], bool], say: Callable[[str], None]
) -> None:
    """An upgrade takes as long as it takes, and ends by itself while it has something to do."""
    say("the upgrade goes on; Ctrl-C cuts the power")
    simulator.serve(
        lambda: has_stop() or not simulator.is_upgrading or simulator.rig.deadline_ns() is None
    )


def names_port(words: Sequence[str]) -> bool:
    """Whether a program's arguments say which port it is to open."""
    return any("{port}" in word or "QUECSIM_PORT" in word for word in words)


def _where(word: str) -> str:
    """What to write for a program that cannot be started."""
    if "/" not in word and Path(word).is_file():
        return f"it lies in this folder: write ./{word}"
    return "give the program's path as the shell would take it"


def _filled(word: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        word = word.replace(f"{{{key}}}", value)
    return word
