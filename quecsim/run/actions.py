"""What can be done with a running device, whoever asks: Python, or the control socket.

`DeviceActions` is a mixin. Whoever has it says how to get at the rig: `_looking` to look without
letting time pass, `_now` to do something at this moment. `LiveActions` is the one for a simulator
that the caller itself turns; `quecsim.api.OpenDevice` has one with a lock around it.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from quecsim.at.storage import PREFIX, plain_name
from quecsim.device.power import PowerState
from quecsim.errors import QuecsimError
from quecsim.faults.rules import checked
from quecsim.faults.spec import Fault
from quecsim.flash.labels import label_of
from quecsim.flash.ufs import UfsError
from quecsim.rig import Rig
from quecsim.scenario.faults import read_fault
from quecsim.trace.event import CommandLine, Event, Result
from quecsim.trace.log import EventLog
from quecsim.trace.pattern import EventPattern

if TYPE_CHECKING:
    from quecsim.report.model import FaultCount, Report

_COMMANDS: dict[type[Any], str] = {CommandLine: "text", Result: "line"}  # fields that hold one
Since = Literal["now", "start"] | Event


class DeviceActions:
    """Look into a device and steer it. Raises QuecsimError for what cannot be."""

    @abstractmethod
    def _looking(self) -> AbstractContextManager[Rig]:
        """The rig, as it stands."""

    @abstractmethod
    def _now(self) -> AbstractContextManager[tuple[Rig, int]]:
        """The rig, advanced to this moment, and the moment; it goes on afterwards."""

    @abstractmethod
    def report(self) -> "Report":
        """What happened to the bytes: the answer, as far as the run has come (or as it ended)."""

    # look

    @property
    def counters(self) -> dict[str, int]:
        """Where all bytes are: sent = stored + lost + eaten + in_flight."""
        with self._looking() as rig:
            return rig.counters()

    def files(self) -> dict[str, int]:
        """The files on UFS, `UFS:name` -> size in bytes.

        Raises QuecsimError after `close`, and for a flash that is damaged too much.
        """
        with self._looking_inside() as rig, _damage_told():
            return {f"{PREFIX}{name}": size for name, size in rig.device.context.ufs.files()}

    def read_file(self, name: str) -> bytes:
        """The content of a file.

        Raises FileNotFoundError; QuecsimError after `close`, and for a file that is damaged.
        """
        plain = plain_name(name)
        with self._looking_inside() as rig, _damage_told():
            ufs = rig.device.context.ufs
            if plain not in dict(ufs.files()):
                raise FileNotFoundError(name)
            data: bytes = ufs.read_file(plain)
            return data

    @property
    def power(self) -> str:
        """off, booting, on, stopping, or dead: with power, but without a firmware that starts."""
        with self._looking() as rig:
            return rig.device.power.value

    def faults(self) -> "list[FaultCount]":
        """The faults of the scenario and those injected, and how often each fired."""
        return list(self.report().faults)

    # steer

    def inject(self, fault: Fault | str, **values: Any) -> int:
        """A fault from now on: a `quecsim.faults.spec` object, or its kind and values.

        Times and bytes count from now. Returns its number, the `index` of its FaultFired events.
        """
        made = make_fault(fault, values)
        with self._now() as (rig, now_ns):
            return rig.inject(now_ns, made)

    def cut_power(self) -> None:
        """Take the device's power away, whatever it is doing. Nothing, where it has none."""
        with self._now() as (rig, now_ns):
            rig.cut_power(now_ns)

    def power_on(self) -> None:
        """Give it power again: it starts, unless its firmware is torn. Nothing, where it has it."""
        with self._now() as (rig, now_ns):
            if rig.device.power is PowerState.OFF:
                rig.power_on(now_ns)

    def restore_firmware(self) -> None:
        """Put the factory's firmware back, also into a device that does not start any more."""
        with self._now() as (rig, now_ns), _damage_told():
            rig.restore_firmware(now_ns)

    def _looking_inside(self) -> AbstractContextManager[Rig]:
        """As `_looking`, for what is gone once the device is closed."""
        return self._looking()


@contextmanager
def _damage_told() -> Iterator[None]:
    """What the device's flash refuses is for the user to know."""
    try:
        yield
    except UfsError as error:
        raise QuecsimError(
            f"the device's flash: {error}",
            hint="it is full or damaged: give the device another image, or a new one",
        ) from None


def make_fault(fault: Fault | str, values: Mapping[str, Any]) -> Fault:
    """The fault of that kind with those values; or, without values, `fault` itself, checked.

    Raises QuecsimError for one that cannot be.
    """
    if isinstance(fault, str):
        given = {"kind": fault, **values}
    elif values:
        raise QuecsimError(
            f"{', '.join(values)}: a fault object has its values already",
            hint='give its kind as a text, and then the values: inject("power_cut", off_ms=500)',
        )
    else:  # a struct that was made in Python has not been checked: only its values, read afresh
        given = msgspec.to_builtins(fault)
    return checked(read_fault(given))


def event_pattern(kind: type[Any] | str, fields: Mapping[str, Any]) -> EventPattern:
    """The pattern; names and commands may be spelled as a host does (`UFS:ca.pem`, `ATI`)."""
    given = dict(fields)
    pattern = EventPattern(kind, given)
    if isinstance(given.get("name"), str):
        given["name"] = label_of(given["name"])
    command = _COMMANDS.get(pattern.kind, "")
    if isinstance(given.get(command), str) and given[command][:2].upper() == "AT":
        given[command] = given[command][2:]  # the record has command lines without it
    return EventPattern(kind, given)


def first_number(log: EventLog, since: Since) -> int:
    """The number of the first event to look at. Raises QuecsimError for a `since` that is none."""
    if isinstance(since, str):
        if since not in ("now", "start"):
            raise QuecsimError(
                f"since={since!r} cannot be", hint='it is "now", "start" or an event'
            )
        return log.next_number if since == "now" else 0
    number = log.number_of(since)
    return log.first_number if number is None else number + 1


def find_event(log: EventLog, pattern: EventPattern, number: int) -> tuple[int, Event] | None:
    """The first event of that pattern from `number` on, with its number; None: not yet."""
    for found, event in log.since(number):
        if pattern.matches(event):
            return found, event
    return None
