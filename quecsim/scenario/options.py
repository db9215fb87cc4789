"""A scenario made or changed in place: what options and keyword arguments say."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from quecsim.commands.catalogue import load_device
from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import AnyFault
from quecsim.faults.fault import Fault
from quecsim.peers.ble_settings import AnyBlePeer
from quecsim.profiles.quirks import Quirks
from quecsim.profiles.toml_check import Checker, FileError, did_you_mean, dotted
from quecsim.profiles.toml_source import KeyPath, TomlSource
from quecsim.scenario.fetched import fetched
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.misfit import KEY
from quecsim.scenario.misfits import misfits, own_misfits
from quecsim.scenario.network import Service
from quecsim.scenario.old_words import new_option
from quecsim.scenario.schema import (
    Scenario,
    ScenarioFile,
    Seed,
    Stall,
)

# option -> (table of the scenario, key in it)
_PLACES = {
    "interface": ("line", "interface"),
    "speed": ("line", "speed"),
    "baud": ("line", "baud"),
    "garble": ("line", "garble"),
    "any_rate": ("line", "any_rate"),
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
    "clock": ("network", "clock"),
    "bearer": ("network", "bearer"),
    "joined": ("network", "joined"),
}

_OPTIONS: dict[KeyPath, str] = {place: option for option, place in _PLACES.items()}


def make_scenario(
    device: str | Path | None = None,
    scenario: str | Path | Scenario | None = None,
    *,
    seed: int | None = None,
    stalls: Sequence[Stall] = (),
    files: Mapping[str, bytes] | None = None,
    faults: Sequence[Fault | Mapping[str, Any]] = (),
    services: Sequence[Service | Mapping[str, Any]] = (),
    ble_peers: Sequence[AnyBlePeer | Mapping[str, Any]] = (),
    quirks: Mapping[str, Any] | None = None,
    **options: Any,
) -> Scenario:
    """A scenario from a file (or none), for `device` if given, with `options` on top.

    `faults` come behind those of the scenario, as records of `quecsim.faults` or as tables, and so
    do the servers of `services`, as records or as tables of `[[service]]`, and `ble_peers` of
    `[[ble_peer]]`; `quirks` are values by their words, on top of the scenario's.
    Options are the keys of `_PLACES`; None leaves a value as it is. Raises QuecsimError.
    """
    made = _base(device, scenario)
    if seed is not None:
        made = replace(made, seed=_read(("seed",), seed, Seed))
    if stalls:
        made = replace(made, stalls=_records("stall", stalls, 0, Stall))
    if faults:
        read = _records("fault", faults, len(made.faults), AnyFault)
        made = replace(made, faults=(*made.faults, *read))
    if services:
        added = _records("service", services, len(made.services), Service)
        made = replace(made, services=(*made.services, *(_fetched(made, one) for one in added)))
    if ble_peers:
        joined = _records("ble_peer", ble_peers, len(made.ble_peers), AnyBlePeer)
        made = replace(made, ble_peers=(*made.ble_peers, *joined))
    if quirks:
        table = {name: getattr(made.quirks, name) for name in made.quirks.__struct_fields__}
        told = {name: value for name, value in {**table, **quirks}.items() if value is not None}
        made = replace(made, quirks=_read(("quirks",), told, Quirks))
    if files:
        made = replace(made, contents={**made.contents, **_checked_files(files)})
    for written, value in options.items():
        option = new_option(written)
        if option not in _PLACES:
            raise QuecsimError(
                f"there is no option {option!r}", hint=did_you_mean(option, sorted(_PLACES))
            )
        if value is not None:
            made = _with_option(made, option, value)
    for path, message, hint in chain(own_misfits(made), misfits(made)):
        raise QuecsimError(message.replace(KEY, _OPTIONS.get(path, dotted(path))), hint=hint)
    return made


def _fetched(made: Scenario, service: Service) -> Service:
    """With the content of its files, from the folder that the program is in."""

    def complain(_path: KeyPath, message: str, hint: str) -> None:
        raise QuecsimError(message, hint=hint)

    return fetched(service, Path(), (), complain, made.device_profile.identity.revision)


def _with_option(made: Scenario, option: str, value: Any) -> Scenario:
    table, key = _PLACES[option]
    before = getattr(made, table)
    kind = next(field.type for field in msgspec.structs.fields(before) if field.name == key)
    return replace(made, **{table: replace(before, **{key: _read((option,), value, kind)})})


def _checked_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Preloaded files: name -> bytes."""
    for name, data in files.items():
        if not isinstance(data, bytes | bytearray):
            raise QuecsimError(
                f"the content of {name!r} is {type(data).__name__}, not bytes",
                hint="encode text first: text.encode()",
            )
    return {name: bytes(data) for name, data in files.items()}


def _records(name: str, given: Sequence[Any], first: int, kind: Any) -> tuple[Any, ...]:
    """Stalls, faults or servers, as records or as a scenario has them: {"kind": "ack_lost"}."""
    return tuple(
        _read((name, index), _values(one), kind) for index, one in enumerate(given, start=first)
    )


def _values(record: Any) -> Any:
    """A record that was made in Python has not been checked: only its values, read afresh, are."""
    return _given(msgspec.to_builtins(record) if isinstance(record, msgspec.Struct) else record)


def _given(plain: Any) -> Any:
    """A table without what is None, which no file can say, and so are those in it."""
    if isinstance(plain, list | tuple):
        return [_given(value) for value in plain]
    if not isinstance(plain, Mapping):
        return plain
    return {key: _given(value) for key, value in plain.items() if value is not None}


def _read(path: KeyPath, value: Any, kind: Any) -> Any:
    """The value as `kind`, as it would be read from a file. Raises QuecsimError."""
    check = Checker(TomlSource(Path(), "", {}))
    made = check.value(path, value, kind)
    try:
        check.finish()
    except FileError as error:
        first = error.mistakes[0]
        raise QuecsimError(first.message, hint=first.hint) from None
    return made


def _base(device: str | Path | None, scenario: str | Path | Scenario | None) -> Scenario:
    if isinstance(scenario, Scenario):
        loaded = scenario
    elif scenario is not None:
        loaded = load_scenario(scenario)
    else:
        return _plain(device if device is not None else "ec200u")
    if device is None:
        return loaded
    return replace(loaded, device=str(device), device_profile=load_device(device))


def _plain(device: str | Path) -> Scenario:
    """A device with nothing added."""
    written = ScenarioFile(title=str(device), shows="a device with nothing added")
    fields = {key: getattr(written, key) for key in written.__struct_fields__}
    fields["device"] = str(device)
    return Scenario(**fields, name=str(device), contents={}, device_profile=load_device(device))
