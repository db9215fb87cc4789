"""What a probe sets before its first step, for all of them: no echo, and numbers for errors.

How the module was found is kept: that is put back at the end, and some of it is a finding.
"""

import re
from dataclasses import dataclass
from functools import partial

from quecsim.probe.bench import Bench

_ECHO_OFF = ("ATE0", "AT+QECHO=0")
_ECHO_ON = ("ATE1", "AT+QECHO=1")


@dataclass(frozen=True, slots=True)
class Found:
    """How the module was: `cmee` is None where it has no AT+CMEE."""

    echo: bool
    cmee: int | None


def prepare(bench: Bench) -> Found:
    """Set the module for the probe, until the scope ends; how it was found."""
    as_found = found(bench)
    if as_found.cmee is not None:
        text = f"AT+CMEE={as_found.cmee}"
        bench.undo(text, lambda: bench.command(text).ok)
    if as_found.echo:
        bench.undo("echo on", partial(set_echo, bench, on=True))
    bench.on_restart = partial(_set, bench, as_found)
    _set(bench, as_found)
    return as_found


def found(bench: Bench) -> Found:
    """How the module is."""
    bench.sync()
    return Found(is_echoed(bench), cmee_of(bench))


def _set(bench: Bench, as_found: Found) -> None:
    set_echo(bench, on=False)
    if as_found.cmee is not None:
        bench.command("AT+CMEE=1")


def set_echo(bench: Bench, *, on: bool) -> bool:
    """The echo on or off; whether it is, then."""
    for text in _ECHO_ON if on else _ECHO_OFF:
        if bench.command(text).ok and is_echoed(bench) == on:
            return True
    return False


def is_echoed(bench: Bench) -> bool:
    """Whether the module echoes what it is sent."""
    return bench.command("AT").raw.startswith(b"AT\r")


def cmee_of(bench: Bench) -> int | None:
    """How it tells errors: AT+CMEE?; None where there is no such command."""
    for line in bench.command("AT+CMEE?").info("+CMEE:"):
        if re.fullmatch(r"[012]", line):
            return int(line)
    return None
