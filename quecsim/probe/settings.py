"""Settings of the line that the long part changes, and puts back: echo, flow control, the rate."""

import re
from dataclasses import dataclass
from functools import partial

from quecsim.probe.bench import Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.prepare import is_echoed, set_echo

_HIGHEST_BAUD = 921_600
_RATE_COMMANDS = {"+IPR": "AT+IPR={}", "+QSETBAND": "AT+QSETBAND={},0"}
_FINDS_RATE = 0  # what AT+IPR tells where the module looks for the host's rate
_USUAL_BAUDS = (230_400, 460_800, 921_600)
_SETTLE_S = 0.1


def with_echo(bench: Bench, *, on: bool = True) -> None:
    """Switch the echo, if it is not so already."""
    if is_echoed(bench) == on:
        return
    bench.undo(f"echo {'off' if on else 'on'}", lambda: set_echo(bench, on=not on))
    if not set_echo(bench, on=on) or is_echoed(bench) != on:
        raise NotMeasuredError(f"the echo cannot be switched {'on' if on else 'off'}")


def without_flow(bench: Bench) -> None:
    """Flow control off at the module's end, where it has any."""
    set_flow(bench, (0, 0))


def set_flow(bench: Bench, wanted: tuple[int, int]) -> None:
    """AT+IFC. Raises NotMeasuredError where the module does not take it."""
    before = flow(bench)
    if before is None:
        if wanted == (0, 0):
            return
        raise NotMeasuredError("the module has no AT+IFC")
    if before == wanted:
        return
    text = "AT+IFC={},{}".format
    bench.undo(f"flow control {before[0]},{before[1]}", lambda: _set(bench, text(*before)))
    if not _set(bench, text(*wanted)):
        raise NotMeasuredError(f"the module does not take {text(*wanted)}")


def flow(bench: Bench) -> tuple[int, int] | None:
    """What AT+IFC is set to; None where there is no such command."""
    for line in bench.command("AT+IFC?").info("+IFC:"):
        if found := re.fullmatch(r"(\d),(\d)", line.replace(" ", "")):
            return int(found[1]), int(found[2])
    return None


def _set(bench: Bench, text: str) -> bool:
    is_ok = bench.command(text).ok
    bench.pause(_SETTLE_S)  # the UART may close and open again
    return is_ok and bench.sync()


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate command and its `form`; what the module and the port were set to before."""

    command: str
    form: str
    was: int
    port: int


def raise_rate(bench: Bench, highest: int = _HIGHEST_BAUD) -> int:
    """The fastest rate up to `highest` at which module and port understand one another, until the
    scope ends; returns it. Where there is none, or no command for it, all stays as it is. So it
    does where the module says another rate than that of the port: that is not the line it means.
    """
    before = bench.wire.port.baudrate
    for command, form in _RATE_COMMANDS.items():
        was = _told_rate(bench, command)
        if was not in (before, _FINDS_RATE):
            continue
        how = _Rate(command, form, was, before)
        for rate in _faster(bench, command, before, highest):
            bench.undo(f"AT{command}: {was}", partial(_come_back, bench, how, rate))
            if _change(bench, form, rate, rate):
                return rate
            if not _come_back(bench, how, rate):
                raise NotMeasuredError(f"it does not answer any more after {form.format(rate)}")
    return before


def _told_rate(bench: Bench, command: str) -> int | None:
    """What the module says its rate is set to."""
    told = bench.command(f"AT{command}?").info(f"{command}:")
    return int(told[0]) if told and told[0].isdecimal() else None


def _faster(bench: Bench, command: str, above: int, highest: int) -> list[int]:
    """The usual rates between the two that the module's test reply names, the fastest first."""
    reply = bench.command(f"AT{command}=?")
    text = " ".join(reply.lines) if reply.ok else ""
    rates = {int(number) for number in re.findall(r"\d+", text)}
    for low, high in re.findall(r"(\d+)-(\d+)", text):
        rates.update(rate for rate in _USUAL_BAUDS if int(low) <= rate <= int(high))
    return sorted((rate for rate in rates if above < rate <= highest), reverse=True)


def _change(bench: Bench, form: str, rate: int, port: int) -> bool:
    """The module to another rate, and the port with it; whether the module answers there."""
    if not bench.command(form.format(rate)).ok:
        return False
    bench.wire.drain()
    _set_port(bench, port)
    return bench.sync()


def _come_back(bench: Bench, how: _Rate, rate: int) -> bool:
    """To what was set before, from whichever of the two rates the module is at now."""
    for now in (bench.wire.port.baudrate, rate, how.port):
        _set_port(bench, now)
        if bench.sync():
            is_there = now == how.port and _told_rate(bench, how.command) == how.was
            return is_there or _change(bench, how.form, how.was, how.port)
    return False


def _set_port(bench: Bench, rate: int) -> None:
    bench.wire.port.baudrate = rate
    bench.pause(_SETTLE_S)
    bench.wire.waiting()
