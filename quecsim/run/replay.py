"""A recorded run again, from its record alone: the same events, or the first that differs.

The set-up comes out of `Start`, and every event that is an input is handed to a fresh rig at its
time; what the rig says is compared with the record as it comes. Nothing else is needed, and nothing
of a record is run: no program, no socket, no file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from quecsim import __version__
from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import read_fault
from quecsim.rig import Rig
from quecsim.rig.setup import config_of, unpacked
from quecsim.rig.tap import Tap
from quecsim.trace import event as ev
from quecsim.trace.redact import Redactor
from quecsim.trace.restore import is_hidden, restored, without_digests

_FEED: dict[type[Any], Callable[[Rig, Any], object]] = {
    ev.HostBytes: lambda rig, event: rig.host_write(event.at_ns, event.data),
    ev.HostOpened: lambda rig, event: rig.host_port(event.at_ns, is_open=True),
    ev.HostClosed: lambda rig, event: rig.host_port(event.at_ns, is_open=False),
    ev.HostLine: lambda rig, event: rig.host_line(event.at_ns, event.baud, event.frame, event.flow),
    ev.HostReady: lambda rig, event: rig.host_ready(event.at_ns, ready=event.ready),
    ev.HostRts: lambda rig, event: rig.host_rts(event.at_ns, is_on=event.on),
    ev.HostDtr: lambda rig, event: rig.host_dtr(event.at_ns, is_on=event.on),
    ev.HostBreak: lambda rig, event: rig.host_break(event.at_ns, is_on=event.on),
    ev.HostFlushed: lambda rig, event: rig.host_flushed(event.at_ns, event.count, event.read),
    ev.HostUnread: lambda rig, event: rig.host_unread(event.at_ns, event.count, event.read),
    ev.HostDiscard: lambda rig, event: rig.host_discard(event.at_ns),
    ev.AdapterErrors: lambda rig, event: rig.adapter_errors(event),
    ev.ClockStopped: lambda rig, event: rig.clock_stopped(event.at_ns, event.real_ns),
    ev.FaultInjected: lambda rig, event: rig.inject(event.at_ns, read_fault(event.fault)),
    ev.NewsCame: lambda rig, event: rig.hear_news(event.at_ns, event.news),
    ev.BleCame: lambda rig, event: rig.hear_ble(event.at_ns, event.news),
    ev.SendDropped: lambda rig, event: rig.host_missed(event.at_ns, event.count),
    ev.Operated: lambda rig, event: _OPERATIONS[event.did](rig, event),
    ev.End: lambda rig, event: rig.finish(event.at_ns),
}
_OPERATIONS: dict[str, Callable[[Rig, ev.Operated], None]] = {
    "power_on": lambda rig, event: rig.power_on(event.at_ns),
    "cut_power": lambda rig, event: rig.cut_power(event.at_ns),
    "restore_firmware": lambda rig, event: rig.restore_firmware(event.at_ns),
    "lose_bearer": lambda rig, event: rig.lose_bearer(event.at_ns, event.context),
    "lose_registration": lambda rig, event: rig.lose_registration(event.at_ns),
    "deauthenticate": lambda rig, event: rig.deauthenticate(event.at_ns),
    "client_comes": lambda rig, event: rig.client_comes(event.at_ns, *event.values),
    "client_goes": lambda rig, event: rig.client_goes(event.at_ns, *event.values),
    "provision": lambda rig, event: rig.provision(event.at_ns, *cast("Any", event.values)),
    "wake": lambda rig, event: rig.wake(event.at_ns),
    "find_network": lambda rig, event: rig.find_network(event.at_ns),
}


_Sight = Callable[[list[ev.Event]], list[ev.Event]]


def _as_it_is(events: list[ev.Event]) -> list[ev.Event]:
    return events


def is_input(event: ev.Event) -> bool:
    """It came from outside the model; `Start` aside, which is how a run begins."""
    if isinstance(event, ev.SendDropped):
        return event.why == "backlog"
    return type(event) in _FEED


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it. `same` of the `recorded` events are the same, from the first one on.

    Where that is not all of them, `was` and `now` are the first that differ; None where one of the
    two has no more events. `is_ended`: the record goes to the end of its run. `version` is that of
    the quecsim that recorded it.
    """

    recorded: int
    same: int
    is_ended: bool
    version: str
    was: ev.Event | None = None
    now: ev.Event | None = None

    @property
    def is_same(self) -> bool:
        """Everything that was recorded has happened again."""
        return self.same == self.recorded

    @property
    def is_other_version(self) -> bool:
        """Another quecsim has recorded it: its model may have been another."""
        return self.version != __version__


class _DiffersError(Exception):
    def __init__(self, now: ev.Event | None) -> None:
        self.now = now


def replay(
    record: Sequence[ev.Event],
    image: bytes | None = None,
    payloads: Sequence[bytes] = (),
    tap: Tap | None = None,
) -> Replayed:
    """Run the record again. `image` is the flash as it was before the run, where the record does
    not have it; `payloads` are the files that the host uploaded, where it has digests of them;
    `tap` hears the wires.

    Raises QuecsimError where the record does not hold all that its run depended on, or cannot be
    the record of a run.
    """
    is_redacted = is_hidden(record)
    whole = restored(record, payloads) if is_redacted else record
    record = without_digests(record)
    start = whole[0] if whole else None
    if not isinstance(start, ev.Start):
        raise QuecsimError(
            "the record does not begin with the start of its run",
            hint="its beginning was not kept: only a whole record can be run again",
        )
    if start.observed is not None:
        raise QuecsimError(
            f"a real device's record ({start.observed.source}) cannot be run again",
            hint="compare it with a profile: quecsim compare TRACE --profile DEVICE",
        )
    is_ended = any(isinstance(event, ev.End) for event in record)
    see = Redactor().feed if is_redacted else _as_it_is
    rig = rig_of(start, image)
    if tap is not None:
        rig.clamp(tap)
    rerun = _Rerun(record, whole, rig, see)
    was = now = None
    try:
        rerun.run(is_ended=is_ended)
    except _DiffersError as differs:
        was, now = record[rerun.same] if rerun.same < len(record) else None, differs.now
    return Replayed(len(record), rerun.same, is_ended, start.origin.version, was, now)


def rig_of(start: ev.Start, image: bytes | None = None) -> Rig:
    """A rig as at the start of the run. Raises QuecsimError, see `replay`."""
    profile, config = config_of(start)
    return Rig(profile, config, storage=unpacked(start.origin.image, image))


class _Rerun:
    """The rig and how far it agrees with the record, as `see` sees what it says; `whole` is the
    record with the inputs as they were.
    """

    def __init__(
        self, record: Sequence[ev.Event], whole: Sequence[ev.Event], rig: Rig, see: "_Sight"
    ) -> None:
        self.same = 0
        self._record = record
        self._whole = whole
        self._rig = rig
        self._see = see

    def run(self, *, is_ended: bool) -> None:
        """Raises _DiffersError at the first event that is another one."""
        start = self._whole[0]
        assert isinstance(start, ev.Start)
        self._rig.start(start.at_ns, is_up=start.is_up)
        self._compare()
        for number, event in enumerate(self._whole):
            if is_input(event):
                self._feed(number, event)
        if not is_ended:
            self._go_on()
        if self.same < len(self._record):
            raise _DiffersError(None)

    def _feed(self, number: int, event: ev.Event) -> None:
        """The input, once everything before it has been found to be the same."""
        try:
            self._rig.advance(event.at_ns)
            self._compare()
            _FEED[type(event)](self._rig, event)
            self._rig.advance(event.at_ns)  # so the write, if it is one, is over
        except (AssertionError, KeyError, QuecsimError) as error:
            raise QuecsimError(
                f"event {number + 1} cannot have happened: {error}",
                hint="the file was changed, or damaged, after it was written",
            ) from error
        self._compare()

    def _go_on(self) -> None:
        """The record breaks off: up to its last event nothing more came from outside."""
        rig = self._rig
        while self.same < len(self._record) and (due_ns := rig.deadline_ns()) is not None:
            rig.advance(due_ns)
            self._compare()
        if self.same < len(self._record):
            rig.finish(rig.moment.now_ns)
            self._compare()

    def _compare(self) -> None:
        for event in without_digests(self._see(self._rig.take_events())):
            if self.same == len(self._record):
                return
            if event != self._record[self.same]:
                raise _DiffersError(event)
            self.same += 1
