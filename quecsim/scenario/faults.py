"""Faults from plain values, and those that cannot be: wrong in themselves, or on their device."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from quecsim.at.grammar import Form
from quecsim.commands.catalogue import catalogue
from quecsim.errors import QuecsimError
from quecsim.faults.rules import problems
from quecsim.faults.spec import (
    AckLate,
    AckLost,
    BitError,
    Break,
    DropBytes,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    InsertBytes,
    RtsStuck,
)
from quecsim.flash.labels import FLASH, split_spelling
from quecsim.flash.ufs import UfsError, check_name
from quecsim.profiles.schema import Profile
from quecsim.profiles.toml_check import did_you_mean, read_values
from quecsim.profiles.toml_source import KeyPath
from quecsim.scenario.schema import Scenario

Misfit = tuple[KeyPath, str, str]
_FORMS = {"=?": Form.TEST, "?": Form.READ}
_OF_A_UART = (BitError, DropBytes, InsertBytes, Break, RtsStuck)
_NAME_HINT = 'Use UFS: and 1 to 80 characters without / \\ : * ? " < > |.'

_KINDS: dict[str, type[Any]] = {str(one.__struct_config__.tag): one for one in get_args(Fault)}


def read_fault(values: Mapping[str, Any]) -> Fault:
    """The fault of a table as a scenario has it: {"kind": "ack_late", "delay_ms": 50}.

    Its values are checked one by one, not yet what excludes what. Raises QuecsimError.
    """
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise QuecsimError(f"there is no fault {kind!r}", hint=did_you_mean(str(kind), _KINDS))
    try:
        made: Fault = read_values(dict(values), _KINDS[kind])
    except QuecsimError as error:
        problem = f"the fault {kind!r} cannot be: {error.message}"
        raise QuecsimError(problem, hint=error.hint) from None
    return made


def fault_misfits(scenario: Scenario) -> Iterator[Misfit]:
    """(key of the scenario, message, hint) for each."""
    for index, fault in enumerate(scenario.faults):
        path: KeyPath = ("fault", index)
        for key, message, hint in problems(fault):
            yield (*path, key) if key else path, message, hint
        for key, message, hint in _of_device(fault, scenario):
            yield (*path, key), message, hint


def _of_device(fault: Fault, scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    device = scenario.device_profile
    if isinstance(fault, _OF_A_UART) and scenario.line.port == "usb":
        hint = 'Take it out, or set line.port = "uart".'
        yield "kind", f"{fault.kind} has no meaning on a USB port", hint
    elif isinstance(fault, ErrorReply) and not _has_command(device, fault.command):
        hint = f"See its commands: quecsim commands {scenario.device}"
        yield "command", f"{scenario.device} has no AT{fault.command}", hint
    elif isinstance(fault, ExistingFile):
        yield from _existing(fault, device, scenario.device)
    elif isinstance(fault, AckLate | AckLost) and not _has_command(device, "+QFUPL"):
        yield "kind", f"no upload of {scenario.device} answers A", "Take it out."
    elif isinstance(fault, EchoOn) and not _has_command(device, "E"):
        yield "kind", f"{scenario.device} has no ATE", "Take it out."


def _has_command(device: Profile, spelled: str) -> bool:
    """Whether the device knows the command; of its `?` and `=?`, whether it has that form."""
    suffix = next((suffix for suffix in _FORMS if spelled.endswith(suffix)), "")
    name = spelled.removesuffix(suffix)
    command = next((one for one in catalogue(device) if one.name == name), None)
    return command is not None and (not suffix or _FORMS[suffix] in command.forms)


def _existing(fault: ExistingFile, device: Profile, title: str) -> Iterator[tuple[str, str, str]]:
    storage, name = split_spelling(fault.name)
    try:
        check_name(name if storage == FLASH else fault.name, device.files.name_bytes)
    except UfsError:
        yield "name", f"{fault.name!r} cannot be a file of {title}", _NAME_HINT
