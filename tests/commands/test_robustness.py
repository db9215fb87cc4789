"""Every command as devices declare it, tried in every way that follows from its declaration.

What does not fit gets exactly the declared error; what fits gets some final result; afterwards the
device reads commands again (or is off, where that was the command).
"""

from functools import cache

import pytest

from quecsim.at.grammar import parse_body
from quecsim.at.results import AtError, error_text
from quecsim.at.spec import Command
from quecsim.device.power import PowerState
from quecsim.device.shared import Phase
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Result
from quecsim.units import s
from tests.commands.declared import Case, cases, declared
from tests.device.bench import ERROR, Bench

DEVICE_AND_COMMAND = [
    pytest.param(name, command, id=f"{name}-{command.name}")
    for name, command in declared(lambda profile: (profile.errors, profile.at.prompt_blank))
]
PROMPTS, ESC = (b"\r\n> ", b"\r\n>"), b"\x1b"
# The longest time-out that any command can be given.
PATIENCE_NS = s(70_000)


@cache
def device(name: str) -> Profile:
    return load_profile(name)


def new_bench(name: str) -> Bench:
    bench = Bench(device(name), host_baud=device(name).uart.baud)
    bench.ask("AT")  # a device may have to find the rate first
    bench.ask("AT")
    return bench


def declared_error(bench: Bench, command: Command) -> bytes:
    """What the device says to parameters that do not fit."""
    cmee = bench.rig.device.settings.cmee
    text = error_text(AtError(command.bad_parameter), cmee, bench.rig.profile.errors)
    return ERROR if text is None else f"\r\n{text}\r\n".encode()


def reply_to(bench: Bench, case: Case) -> bytes:
    typed = case.line + b"\r"
    bench.send(typed)
    said = bench.rest(PATIENCE_NS).removeprefix(typed)
    if said in PROMPTS:  # it waits for ever
        bench.send(ESC)
        said += bench.rest()
    return said


def check_alive(bench: Bench, case: Case) -> None:
    part = bench.rig.device
    is_ready = part.phase is Phase.COMMAND and part.power is PowerState.ON
    away = (PowerState.OFF, PowerState.ASLEEP, PowerState.DEEP)
    is_resting = part.power in away  # as the host has wanted
    assert is_ready or is_resting, (case, part.phase, part.power)


@pytest.mark.parametrize(("name", "command"), DEVICE_AND_COMMAND)
def test_what_does_not_fit_gets_the_declared_error(name: str, command: Command) -> None:
    bench = new_bench(name)
    for case in cases(command, bench.rig.device.context):
        if not case.fits:
            error = ERROR if case.is_grammar else declared_error(bench, command)
            if case.why.endswith("has text behind its quotes"):
                error = ERROR
            assert reply_to(bench, case) == error, case
            check_alive(bench, case)


@pytest.mark.parametrize(("name", "command"), DEVICE_AND_COMMAND)
def test_what_fits_is_taken_and_the_device_lives_on(name: str, command: Command) -> None:
    bench = new_bench(name)
    for case in cases(command, bench.rig.device.context):
        if case.fits:
            if b"=?" not in case.line and b"=" in case.line:
                (call,) = parse_body(case.line[2:].decode("latin-1"))
                command.bind(call, bench.rig.device.context)  # it does fit
            before = len(bench.events(Result))
            reply_to(bench, case)
            is_over = len(bench.events(Result)) > before
            assert is_over or bench.rig.device.power is PowerState.OFF, case
            check_alive(bench, case)
            bench = new_bench(name)
