"""Does the faults of a run: arms each at its place, and what is due by the clock itself."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from quecsim.errors import QuecsimError
from quecsim.faults.armed import Firings
from quecsim.faults.catalogue import checked, fault_table
from quecsim.faults.fault import Fault, Target
from quecsim.faults.places import Places
from quecsim.faults.places.agenda import Act
from quecsim.flash.ufs import Ufs, UfsError
from quecsim.trace.event import FaultInjected
from quecsim.trace.recorder import Recorder


class Outgoing(Protocol):
    """The wire towards the host: what is to become of its bytes is asked when they arrive."""

    @property
    def is_spoiled(self) -> bool:
        """What arrives may be other than what was sent."""

    def next_ns(self) -> int | None:
        """When the next byte arrives that something happens to."""

    def collect(self, now_ns: int) -> None:
        """What the device has sent by now is with the host."""


class Injector:
    """`is_idle`: the run has no fault, and the line spoils nothing: there is nothing to ask."""

    def __init__(
        self,
        places: Places,
        firings: Firings,
        outgoing: Outgoing,
        target: Target,
        record: Recorder,
    ) -> None:
        self.is_idle = not outgoing.is_spoiled
        self._places = places
        self._firings = firings
        self._outgoing = outgoing
        self._target = target
        self._record = record

    def begin(self, now_ns: int, faults: Sequence[Fault]) -> None:
        """The faults of a scenario; what has to be on the flash is there already."""
        for fault in faults:
            self._arm(checked(fault), now_ns)

    def plan(self, now_ns: int, happenings: Iterable[tuple[int, Act]]) -> None:
        """What else happens at times of the run, and is no fault: (when from now on, what)."""
        for at_ns, act in happenings:
            self.is_idle = False
            self._places.agenda.add(now_ns + at_ns, act)

    def inject(self, now_ns: int, fault: Fault) -> int:
        """One more, which counts times and bytes from now. Returns its number.

        Raises QuecsimError where it cannot be; then nothing has changed.
        """
        for _, message, hint in checked(fault).misfits(self._target):
            raise QuecsimError(f"{fault.kind} cannot be: {message}", hint=hint)
        with self._places.flash.paused():
            prepare(self._places.device.ufs, [fault], is_running=True)
        index = self._firings.count
        self._record.add(FaultInjected(now_ns, index, fault_table(fault)))
        self._arm(fault, now_ns)
        self._places.device.follow_faults()
        return index

    def next_ns(self) -> int | None:
        """When something is due."""
        if self.is_idle:
            return None
        due_ns, outgoing_ns = self._places.agenda.next_ns(), self._outgoing.next_ns()
        if due_ns is None or outgoing_ns is None:
            return outgoing_ns if due_ns is None else due_ns
        return min(due_ns, outgoing_ns)

    def act(self, now_ns: int) -> None:
        """Do what is due now."""
        self._outgoing.collect(now_ns)
        if self._places.agenda.next_ns() == now_ns:
            self._places.agenda.act()

    def follow(self) -> None:
        """The device has come to where a fault takes its power, or has it start anew."""
        for act in self._places.power.take():
            act(self._places.device.now_ns)

    def finish(self, now_ns: int) -> None:
        """The run ends."""
        self._places.commands.give_up(now_ns)

    def points(self) -> dict[str, int]:
        """What the run has had so far that a fault could hit."""
        return {
            "byte": self._places.wires["to_device"].passed,
            "byte_to_host": self._places.wires["to_host"].passed,
            **self._firings.points,
            "flash_op": self._places.flash.done,
        }

    def _arm(self, fault: Fault, now_ns: int) -> None:
        self.is_idle = False
        fault.arm(self._firings.add(fault, now_ns), self._places)


def prepare(ufs: Ufs, faults: Sequence[Fault], *, is_running: bool = False) -> None:
    """Put on the flash what the faults want there: files, and then whatever fills it.

    Raises QuecsimError where the storage refuses; with `is_running` also where something of the
    device could get lost.
    """
    for fault in sorted(faults, key=lambda each: each.FILLS_STORAGE):
        try:
            if is_running:
                fault.check_room(ufs)
            fault.prepare(ufs)
        except UfsError as error:
            hint = "name another file, or a smaller one"
            raise QuecsimError(f"{fault.kind} cannot be: {error}", hint=hint) from None
