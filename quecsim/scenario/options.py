"""A scenario made or changed in place: what options and keyword arguments say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import read_fault
from quecsim.faults.fault import Fault
from quecsim.profiles.loader import load_profile
from quecsim.profiles.toml_check import did_you_mean, read_values, wanted
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.misfits import misfits
from quecsim.scenario.schema import (
    Scenario,
    ScenarioFile,
    Seed,
    Stall,
)

# option -> (table of the scenario, key in it)
_PLACES = {
    "port": ("line", "port"),
    "speed": ("line", "speed"),
    "baud": ("line", "baud"),
    "garble": ("line", "garble"),
    "lag_bytes": ("line", "lag_bytes"),
    "reopen_ms": ("line", "reopen_ms"),
    "time_scale": ("line", "time_scale"),
    "flow": ("host", "flow"),
    "wires": ("host", "wires"),
    "ifc": ("device_settings", "ifc"),
    "ipr": ("device_settings", "ipr"),
    "restore": ("device_settings", "restore"),
    "ring_bytes": ("ring", "rx_bytes"),
    "data_bytes": ("buffer", "data_bytes"),
    "flash": ("flash", "timing"),
}


# What has no meaning on a USB port.
_UART_ONLY = ("baud", "garble", "lag_bytes", "reopen_ms", "wires", "ifc", "ipr")


def make_scenario(
    device: str | Path | None = None,
    scenario: str | Path | Scenario | None = None,
    *,
    seed: int | None = None,
    stalls: Sequence[Stall] = (),
    files: Mapping[str, bytes] | None = None,
    faults: Sequence[Fault | Mapping[str, Any]] = (),
    **options: Any,
) -> Scenario:
    """A scenario from a file (or none), for `device` if given, with `options` on top.

    `faults` come behind those of the scenario, as records of `quecsim.faults` or as tables.
    Options are the keys of `_PLACES`; None leaves a value as it is. Raises QuecsimError.
    """
    made = _base(device, scenario)
    if seed is not None:
        made = replace(made, seed=_checked("seed", seed, Seed))
    if stalls:
        made = replace(made, stalls=tuple(map(_checked_stall, stalls)))
    if faults:
        checked = tuple(map(_checked_fault, faults))
        made = replace(made, faults=(*made.faults, *checked))
    if files:
        made = replace(made, contents={**made.contents, **_checked_files(files)})
    for option, value in options.items():
        if option not in _PLACES:
            raise QuecsimError(
                f"there is no option {option!r}", hint=did_you_mean(option, sorted(_PLACES))
            )
        if value is not None:
            table, key = _PLACES[option]
            before = getattr(made, table)
            fresh = _checked(option, value, type(before), key)
            made = replace(made, **{table: replace(before, **{key: fresh})})
    if made.line.port == "usb":
        _check_usb(made, [option for option, value in options.items() if value is not None])
    for _, message, hint in misfits(made):
        raise QuecsimError(message, hint=hint)
    return made


def _checked_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Preloaded files: name -> bytes."""
    for name, data in files.items():
        if not isinstance(data, bytes | bytearray):
            raise QuecsimError(
                f"the content of {name!r} is {type(data).__name__}, not bytes",
                hint="encode text first: text.encode()",
            )
    return {name: bytes(data) for name, data in files.items()}


def _check_usb(made: Scenario, given: Sequence[str]) -> None:
    """The device must have the port, and none of the options may be about the UART."""
    if made.device_profile.usb is None:
        hint = "leave the port out, or say uart"
        raise QuecsimError(f"{made.device} has no USB port", hint=hint)
    for option in given:
        if option in _UART_ONLY:
            hint = "leave it out, or use the UART"
            raise QuecsimError(f"{option} has no meaning on a USB port", hint=hint)


def _checked(option: str, value: Any, kind: Any, key: str = "") -> Any:
    """The value as `kind` has it, or as the struct `kind` has its `key`.

    Raises QuecsimError where it does not fit.
    """
    if key:
        kind = next(field.type for field in msgspec.structs.fields(kind) if field.name == key)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise QuecsimError(
            f"{option}={value!r} cannot be: it must be {wanted(kind)}",
            hint=f"it is what a scenario calls {key or option}: see docs/SCENARIOS.md",
        ) from None


def _checked_fault(fault: Fault | Mapping[str, Any]) -> Fault:
    """A fault of `quecsim.faults`, or the same as a scenario has it: {"kind": "ack_lost"}."""
    values = dict(fault) if isinstance(fault, Mapping) else msgspec.to_builtins(fault)
    return read_fault(values)


def _checked_stall(stall: object) -> Stall:
    # A struct that was made in Python has not been checked: only its values, read afresh, are.
    values = msgspec.structs.asdict(stall) if isinstance(stall, Stall) else stall
    if not isinstance(values, dict):
        raise QuecsimError(f"stall={stall!r} cannot be", hint="make it: quecsim.Stall(...)")
    try:
        checked: Stall = read_values(values, Stall)
    except QuecsimError as error:
        problem = f"stall={stall!r} cannot be: {error.message}"
        raise QuecsimError(problem, hint=error.hint) from None
    if (checked.at_byte is None) == (checked.every_bytes is None):
        raise QuecsimError(
            f"stall={stall!r} cannot be: it needs at_byte or every_bytes, one of them",
            hint="at_byte=1 stalls once, every_bytes=256 again and again",
        )
    return checked


def _base(device: str | Path | None, scenario: str | Path | Scenario | None) -> Scenario:
    if isinstance(scenario, Scenario):
        loaded = scenario
    elif scenario is not None:
        loaded = load_scenario(scenario)
    else:
        return _plain(device if device is not None else "ec200u")
    if device is None:
        return loaded
    return replace(loaded, device=str(device), device_profile=load_profile(device))


def _plain(device: str | Path) -> Scenario:
    """A device with nothing added."""
    written = ScenarioFile(title=str(device), shows="a device with nothing added")
    fields = {key: getattr(written, key) for key in written.__struct_fields__}
    fields["device"] = str(device)
    return Scenario(**fields, name=str(device), contents={}, device_profile=load_profile(device))
