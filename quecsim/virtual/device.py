"""A device in this process, in virtual time: what `quecsim.open` gives, without a pty and waiting.

with quecsim.open_virtual("ec200u") as device:
    port = serial.serial_for_url(device.url, timeout=1)
    my_upload(port, "UFS:ca.pem", data)
    assert device.read_file("UFS:ca.pem") == data
    print(device.report())
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.flash.ufs import UfsError
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report
from quecsim.rig import Rig
from quecsim.run.actions import DeviceActions, Since, event_pattern
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall
from quecsim.trace.event import Event
from quecsim.units import S
from quecsim.virtual import registry
from quecsim.virtual.clock import NEVER_NS, Clock
from quecsim.virtual.host_end import HostEnd
from quecsim.virtual.virtual_time import current_clock, virtual_time

_LONGEST_SETTLE_NS = 600 * S


class VirtualDevice(DeviceActions):
    """A device on `clock`. It lives until it is closed, whoever opens and closes its port.

    `is_up`: its start-up is over when the run begins; otherwise the run begins with power-up.
    Raises QuecsimError where the scenario's files cannot be stored.
    """

    def __init__(
        self, scenario: Scenario, *, clock: Clock | None = None, is_up: bool = True
    ) -> None:
        self.scenario = scenario
        self.rig = _make_rig(scenario)
        self.end = HostEnd(self.rig, clock)
        self._record: list[Event] = []
        self._builder = ReportBuilder()
        self._fed = 0
        self._report: Report | None = None
        self.rig.start(0, is_up=is_up)
        self.url = registry.add(self)

    @property
    def port(self) -> str:
        """The URL that hosts open with `serial.serial_for_url`."""
        return self.url

    @property
    def has_ended(self) -> bool:
        """It has been closed: its port is gone, and what happened can only be looked at."""
        return self._report is not None

    @property
    def now_ns(self) -> int:
        """Model time."""
        return self.end.now_ns

    def events(self, since: Since = "start") -> list[Event]:
        """What has happened."""
        record = self.take_events()
        return record[self._first(since) :]

    def wait_for(
        self,
        event: type[Any] | str,
        *,
        timeout_s: float | None = None,
        since: Since = "now",
        **fields: Any,
    ) -> Event:
        """Let time pass until there is an event of `quecsim.trace.event` with those fields.

        `since` "now" counts from this call on, "start" from the start of the run, an event from
        right after it. Raises TimeoutError after `timeout_s` seconds of virtual time, QuecsimError
        where there is no such event or field, and HostHungError where nothing more will happen.
        """
        self._need_open()
        pattern, clock = event_pattern(event, fields), self.end.clock
        place = self._first(since)
        end_ns = NEVER_NS if timeout_s is None else clock.now_ns + round(timeout_s * S)
        found: list[Event] = []

        def has_come() -> bool:
            nonlocal place
            record = self.take_events()
            found.extend(one for one in record[place:] if pattern.matches(one))
            place = len(record)
            return bool(found)

        if not clock.wait(_Ticking(self.end), has_come, end_ns):
            raise TimeoutError(f"no {pattern} within {timeout_s} s")
        return found[0]

    def take_events(self) -> list[Event]:
        """All events so far: the device's own list, which grows."""
        if self._report is None:
            self.end.settle()
        self._record += self.rig.take_events()
        return self._record

    def report(self) -> Report:
        """What happened to the bytes: as far as the run has come, or as it ended."""
        if self._report is not None:
            return self._report
        self._feed()
        return self._builder.report(
            open_events=self.rig.open_events(self.end.now_ns),
            counters=self.rig.counters(),
            profile=self.rig.profile,
        )

    def settle(self) -> None:
        """Let the device end what it is at: without a host, nothing more would happen then."""
        rig, clock = self.rig, self.end.clock
        end_ns = min(clock.now_ns + _LONGEST_SETTLE_NS, clock.limit_ns)
        self.end.settle()
        while not rig.is_quiet and (due_ns := rig.deadline_ns()) is not None:
            at_ns = clock.now_ns + max(due_ns - self.end.now_ns, 0)
            if at_ns > end_ns:
                break
            clock.move_to(at_ns)
            self.end.settle()

    def close(self) -> None:
        """The run ends; report, files and events can still be looked at."""
        if self._report is not None:
            return
        registry.remove(self)
        try:
            if not self.end.is_broken:
                self._finish()
        finally:
            self._feed()
            self._report = self._builder.report(
                counters=self.rig.counters(), profile=self.rig.profile
            )
            self.end.end()

    def _finish(self) -> None:
        now_ns = self.end.settle()
        self._feed()
        if self._builder.is_upgrading:  # nobody goes on with it
            self.rig.cut_power(now_ns)
        self.rig.finish(now_ns)

    def __enter__(self) -> "VirtualDevice":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    @contextmanager
    def _looking(self) -> Iterator[Rig]:
        if self._report is None:
            self.end.settle()
        yield self.rig

    @contextmanager
    def _now(self) -> Iterator[tuple[Rig, int]]:
        self._need_open()
        yield self.rig, self.end.settle()

    def _need_open(self) -> None:
        if self._report is not None:
            raise QuecsimError("this device has ended", hint="do it before its `with` block ends")

    def _first(self, since: Since) -> int:
        """The place in the record from which on to look."""
        record = self.take_events()
        if isinstance(since, str):
            if since not in ("now", "start"):
                raise QuecsimError(
                    f"since={since!r} cannot be", hint='it is "now", "start" or an event'
                )
            return len(record) if since == "now" else 0
        return next((place + 1 for place, one in enumerate(record) if one is since), 0)

    def _feed(self) -> None:
        events = self.take_events()
        self._builder.feed(events[self._fed :])
        self._fed = len(events)


class _Ticking:
    """Time passes from one thing that is due to the next."""

    def __init__(self, end: HostEnd) -> None:
        self._end = end
        self.due_ns = end.due_ns

    def run(self, limit_ns: int) -> int:
        """To the next thing that is due, or to a time."""
        now_ns, due_ns = self._end.clock.now_ns, self._end.due_ns()
        at_ns = limit_ns if due_ns is None else max(now_ns, min(due_ns, limit_ns))
        self._end.settle(at_ns)
        return at_ns


def _make_rig(scenario: Scenario) -> Rig:
    try:
        return Rig(scenario.profile(), rig_config(scenario))
    except UfsError as error:
        raise QuecsimError(
            f"the preloaded files cannot be stored: {error}",
            hint="give fewer or smaller files",
            where=f"scenario {scenario.name}, [files]",
        ) from None


@contextmanager
def open_virtual(
    device: str | Path | None = None,
    *,
    scenario: str | Path | Scenario | None = None,
    power_on: bool = False,
    seed: int | None = None,
    stalls: Sequence[Stall] = (),
    files: Mapping[str, bytes] | None = None,
    **options: Any,
) -> Iterator[VirtualDevice]:
    """A device in virtual time; use it as a context manager.

    Within the `with` block time.sleep and the clocks go along (`quecsim.virtual_time`). The
    arguments are those of `quecsim.open`, but for what only a pty or a file has (`ufs`, `trace`,
    `link`, `protocol_download`). Raises QuecsimError for anything that cannot be.
    """
    made = make_scenario(device, scenario, seed=seed, stalls=stalls, files=files, **options)
    with ExitStack() as stack:
        clock = current_clock() or stack.enter_context(virtual_time())
        opened = stack.enter_context(VirtualDevice(made, clock=clock, is_up=not power_on))
        yield opened
