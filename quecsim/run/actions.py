"""What can be done with a running device, whoever asks: Python, or the control socket.

`DeviceActions` is all of it, once; what is about the network is in `network_actions`. Who has it
says three things: how to get hold of the device (`_looking`), how to do something to it at this
moment (`_now`), and how to wait (`_wait`). There are `quecsim.live.simulator.Simulator`, which is
turned by whoever has it, `quecsim.api.OpenDevice`, which has a thread for that, and
`quecsim.virtual.device.VirtualDevice`, whose time is the host's.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from quecsim.at.storage import PREFIX, plain_name
from quecsim.device.power import PowerState
from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import checked, read_fault
from quecsim.faults.fault import Fault
from quecsim.flash.ufs import UfsError
from quecsim.rig import Rig
from quecsim.run.event_search import Since, event_pattern, find_event, first_number
from quecsim.run.host_way import HostWay
from quecsim.run.network_actions import NetworkActions
from quecsim.trace.event import Event

if TYPE_CHECKING:
    from quecsim.report.model import FaultCount, Report


class DeviceActions(NetworkActions):
    """Look into a device and steer it. Raises QuecsimError for what cannot be."""

    @abstractmethod
    def _looking(self) -> AbstractContextManager[int]:
        """The device holds still, as it stands; yields the time."""

    @abstractmethod
    def _now(self) -> AbstractContextManager[int]:
        """The device has come to this moment, and goes on afterwards; yields the moment.

        Raises QuecsimError where it has ended.
        """

    @abstractmethod
    def _wait(self, has_come: Callable[[], bool], timeout_s: float | None) -> bool:
        """Let time pass until `has_come`; False where `timeout_s` was up first."""

    # look

    @property
    def counters(self) -> dict[str, int]:
        """Where all bytes are: sent = stored + lost + eaten + in_flight."""
        with self._looking():
            return self._rig.counters()

    def files(self) -> dict[str, int]:
        """The files on UFS, `UFS:name` -> size in bytes.

        Raises QuecsimError after `close`, and for a flash that is damaged too much.
        """
        with self._looking_inside(), _damage_told():
            return {f"{PREFIX}{name}": size for name, size in self._rig.device.context.ufs.files()}

    def read_file(self, name: str) -> bytes:
        """The content of a file.

        Raises FileNotFoundError; QuecsimError after `close`, and for a file that is damaged.
        """
        plain = plain_name(name)
        with self._looking_inside(), _damage_told():
            ufs = self._rig.device.context.ufs
            if plain not in dict(ufs.files()):
                raise FileNotFoundError(name)
            data: bytes = ufs.read_file(plain)
            return data

    @property
    def power(self) -> str:
        """off, booting, on, stopping, asleep, deep asleep, or dead: with power, but without a
        firmware that starts.
        """
        with self._looking():
            return self._rig.device.power.value

    def report(self) -> "Report":
        """What happened to the bytes: the answer, as far as the run has come (or as it ended)."""
        with self._looking() as now_ns:
            return self._run.report(now_ns)

    def hosts(self) -> list[HostWay]:
        """How hosts reach it in real time, and who is connected."""
        with self._looking():
            return list(self._run.ways())

    def faults(self) -> "list[FaultCount]":
        """The faults of the scenario and those injected, and how often each fired."""
        return list(self.report().faults)

    def events(self, since: Since = "start") -> list[Event]:
        """What has happened, as far as it is kept (the last 50,000 events, about 32 MiB)."""
        with self._looking():
            self._run.collect()
            log = self._run.log
            return [event for _, event in log.since(first_number(log, since))]

    def wait_for(
        self,
        event: type[Any] | str,
        *,
        timeout_s: float | None = None,
        since: Since = "now",
        **fields: Any,
    ) -> Event:
        """Wait for an event of `quecsim.trace.event` with those fields; `*` in a text is anything.

        `since` "now" counts from this call on, "start" from the start of the run, an event from
        right after it. Raises TimeoutError after `timeout_s` seconds of the host's time, and
        QuecsimError where there is no such event or field, or the device is closed before; in
        virtual time HostHungError where nothing more will happen.
        """
        pattern, run = event_pattern(event, fields), self._run
        found: list[Event] = []
        with self._looking():
            run.collect()
            number = first_number(run.log, since)

        def has_come() -> bool:
            nonlocal number
            run.collect()
            if (one := find_event(run.log, pattern, number)) is not None:
                found.append(one[1])
            number = run.log.next_number
            return bool(found)

        if not self._wait(has_come, timeout_s):
            raise TimeoutError(f"no {pattern} within {timeout_s:g} s")
        return found[0]

    # steer

    def inject(self, fault: Fault | str, **values: Any) -> int:
        """A fault from now on: a record of `quecsim.faults`, or its kind and values.

        Times and bytes count from now. Returns its number, the `index` of its FaultFired events.
        """
        made = make_fault(fault, values)
        with self._now() as now_ns:
            return self._rig.inject(now_ns, made)

    def cut_power(self) -> None:
        """Take the device's power away, whatever it is doing. Nothing, where it has none."""
        with self._now() as now_ns:
            self._rig.cut_power(now_ns)

    def power_on(self) -> None:
        """Give it power again: it starts, unless its firmware is torn. Nothing, where it has it."""
        with self._now() as now_ns:
            if self._rig.device.power is PowerState.OFF:
                self._rig.power_on(now_ns)

    def restore_firmware(self) -> None:
        """Put the factory's firmware back, also into a device that does not start any more."""
        with self._now() as now_ns, _damage_told():
            self._rig.restore_firmware(now_ns)

    @property
    def _rig(self) -> Rig:
        return self._run.rig

    def _looking_inside(self) -> AbstractContextManager[int]:
        """As `_looking`, for what may be gone once the device is closed."""
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
