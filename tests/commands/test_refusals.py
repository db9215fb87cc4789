"""What answers ERROR has changed nothing: every command as devices declare it, with right values,
values at the bounds, malformed ones, and too many of them.

Nothing that can be read back or snapshotted may be another after ERROR or +CME ERROR: settings, the
stored profile, files, handles and their positions, the line, the flash itself. In a chain, what
stands before the error has happened (V.250 5.2.1), and what stands behind it has not.
"""

import os
import re
from functools import cache

import msgspec
import pytest

from quecsim.at.context import Context
from quecsim.at.grammar import Form
from quecsim.at.spec import Choice, Command, Integer, NumberOrText, Param
from quecsim.commands.catalogue import catalogue
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from quecsim.rng import Stream
from quecsim.testing.command_lines import good_value
from quecsim.trace.event import DataBegin, Result
from quecsim.units import s
from tests.commands.declared import cases, declared
from tests.commands.device_state import changes, state_of
from tests.device.bench import Bench

_DRAWS = 14 * max(1, int(os.environ.get("QUECSIM_SEARCH", "0")))
_PATIENCE_NS = s(70_000)
_MALFORMED = (
    "", "-1", "+1", "1.5", "0x1", "1e3", "9" * 11, "9" * 300, "007", '""', '"', '"1"', '"a"b', "x",
    "1-1", "1:2", "?", "=?", "=", "\xff", "2147483648", "4294967296", "&W", "()", '"no such"',
    '"UFS:b"', '"RAM:b"', '"a"', '"/"', '"*"', '"NVRAM:CA0"', '"NVRAM:CA9"', '"all"', '"urcport"',
)  # fmt: skip
_CHAINED = re.compile(r"(?<=[0-9])[A-Za-z&+]")  # ATS3=1E3 is ATS3=1 and ATE3


def families(name: str) -> tuple[object, ...]:
    commands = load_profile(name).commands
    return commands.families, commands.absent


# One of those that have the same commands.
DEVICES = {families(name): name for name in reversed(profile_names())}.values()
DEVICE_AND_COMMAND = [
    pytest.param(name, command, id=f"{name}-{command.name}") for name, command in declared()
]


@cache
def small(name: str) -> Profile:
    """The device with a small flash, which is compared again and again."""
    device = load_profile(name)
    files = msgspec.structs.replace(device.files, block_count=16)
    return msgspec.structs.replace(device, files=files)


def furnished(name: str) -> Bench:
    """A device that somebody has used: other settings, some kept, a file, one that is open."""
    device = small(name)
    bench = Bench(device, host_baud=device.uart.baud, contents={"a": b"0123456789", "b": b"b"})
    first = device.files.first_handle
    for line in ("AT", "AT", "ATS0=3;&W", "ATS0=5;S10=9", "AT+CREG=2;+CTZU=1", 'AT+QFOPEN="a",0'):
        bench.ask(line)
    for line in (f"AT+QFSEEK={first},4", f"AT+QFREAD={first},2", 'AT+QFOPEN="RAM:a",0'):
        bench.ask(line)
    return bench


def refuses(bench: Bench, line: str) -> bool:
    """Type the line; whether it was refused before any data was asked for."""
    results, transfers = len(bench.events(Result)), len(bench.events(DataBegin))
    bench.send(line.encode("latin-1") + b"\r")
    bench.rest(_PATIENCE_NS)
    found = bench.events(Result)[results:]
    return len(bench.events(DataBegin)) == transfers and any("ERROR" in one.text for one in found)


def drawn_value(param: Param | None, context: Context, stream: Stream) -> str:
    if param is None or stream.below(2):
        return _MALFORMED[stream.below(len(_MALFORMED))]
    if isinstance(param, NumberOrText):
        param = param.number if stream.below(2) else param.text
    if isinstance(param, Choice):
        return param.values[stream.below(len(param.values))]
    if not isinstance(param, Integer):
        return ('"a"', '"x"', '""', f'"{"x" * param.most_bytes(context)}"')[stream.below(4)]
    values = param.values(context) or (param.bottom(context), param.top(context))
    return str(values[stream.below(len(values))] + (0, 0, 0, 1, -1)[stream.below(5)])


def _unchained(value: str) -> str:
    """Not to be taken for a command behind the one that is tried."""
    return re.sub(r"^[A-Za-z&+]", ".", _CHAINED.sub(".", value))


def drawn_line(command: Command, context: Context, stream: Stream) -> str:
    """A write of the command in which some things are right."""
    if command.name[0] != "+":
        equals = ("", "", "=")[stream.below(3)] or "=" * command.name[-1].isdigit()
        value = drawn_value(command.params[0] if command.params else None, context, stream)
        return (
            f"AT{command.name}{equals}{_CHAINED.sub('.', value) if equals else _unchained(value)}"
        )
    known, lead = command.params, []
    if keys := command.known_keys(context):
        key = keys[stream.below(len(keys))]
        known, lead = key.params, [f'"{key.name}"']
    params = [*known, None, None][: stream.between(0, len(known) + 2)]
    values = [
        good_value(param, context)
        if param is not None and stream.below(2)
        else drawn_value(param, context, stream)
        for param in params
    ]
    return f"AT{command.name}={','.join([*lead, *values])}"


@pytest.mark.parametrize(("name", "command"), DEVICE_AND_COMMAND)
def test_what_answers_error_changes_nothing(name: str, command: Command) -> None:
    bench = furnished(name)
    context, before = bench.rig.device.context, state_of(bench)
    stream = Stream(0, f"refusals.{name}.{command.name}")
    lines = [case.line.decode("latin-1") for case in cases(command, context) if not case.fits]
    lines += [drawn_line(command, context, stream) for _ in range(_DRAWS)]
    for line in lines:
        is_refused, after = refuses(bench, line), state_of(bench)
        assert not is_refused or after == before, (line, changes(before, after))
        if after != before:
            bench = furnished(name)
            assert state_of(bench) == before


@pytest.mark.parametrize("name", sorted(DEVICES))
def test_a_chain_stops_at_the_error_and_what_stood_before_it_has_happened(name: str) -> None:
    device = small(name)
    base = state_of(furnished(name))
    for command in catalogue(device):
        if Form.WRITE not in command.handlers or command.name[0] != "+" or command.role:
            continue
        bench = furnished(name)
        context = bench.rig.device.context
        values = [good_value(param, context) for param in command.params]
        if command.keys:
            key = command.known_keys(context)[0]
            values = [f'"{key.name}"', *(good_value(param, context) for param in key.params)]
        line = f"{command.name}={','.join(values)}"
        assert refuses(bench, f"AT+NOSUCH;{line}")
        assert state_of(bench) == base, line
        for error in ("+NOSUCH", "S3=-1", '+QFLST="'):
            alone, chained = furnished(name), furnished(name)
            is_refused = refuses(alone, f"AT{line}")
            refuses(chained, f"AT{line};{error};+NOSUCH")
            assert is_refused or state_of(alone) == state_of(chained), (line, error)
