"""A device in this process, in virtual time: what `quecsim.open` gives, without a pty and waiting.

with quecsim.open_virtual("ec200u") as device:
    port = serial.serial_for_url(device.url, timeout=1)
    my_upload(port, "UFS:ca.pem", data)
    assert device.read_file("UFS:ca.pem") == data
    print(device.report())
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.rig import Rig
from quecsim.run.actions import DeviceActions
from quecsim.run.device_run import Watcher, new_run
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall
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
        self._run = new_run(scenario, is_up=is_up)
        self.end = HostEnd(self.rig, clock)
        self.end.drain = self._run.collect
        self._run.start()
        self.url = registry.add(self)

    @property
    def rig(self) -> Rig:
        """What stands behind the port."""
        return self._run.rig

    @property
    def port(self) -> str:
        """The URL that hosts open with `serial.serial_for_url`."""
        return self.url

    @property
    def has_ended(self) -> bool:
        """It has been closed: its port is gone, and what happened can only be looked at."""
        return self._run.has_ended

    @property
    def now_ns(self) -> int:
        """Model time."""
        return self.end.now_ns

    def watch(self, watcher: Watcher) -> None:
        """`watcher` gets all events, those of before too, whenever `collect` finds some."""
        self._run.watch(watcher)

    def collect(self) -> None:
        """Tell those who watch what has happened by now."""
        with self._looking():
            self._run.collect()

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
        if self.has_ended:
            return
        registry.remove(self)
        try:
            if not self.end.is_broken:
                self._run.finish(self.end.settle())
        finally:
            self._run.break_off()
            self.end.end()

    def __enter__(self) -> "VirtualDevice":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    @contextmanager
    def _looking(self) -> Iterator[int]:
        yield self.end.now_ns if self.has_ended else self.end.settle()

    @contextmanager
    def _now(self) -> Iterator[int]:
        self._need_open()
        yield self.end.settle()

    def _wait(self, has_come: Callable[[], bool], timeout_s: float | None) -> bool:
        if has_come():
            return True
        self._need_open()
        clock = self.end.clock
        end_ns = NEVER_NS if timeout_s is None else clock.now_ns + round(timeout_s * S)

        def has_come_by_now() -> bool:
            self.end.settle()
            return has_come()

        return clock.wait(_Ticking(self.end), has_come_by_now, end_ns)

    def _need_open(self) -> None:
        if self.has_ended:
            raise QuecsimError("this device has ended", hint="do it before its `with` block ends")


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


@contextmanager
def open_virtual(
    device: str | Path | None = None,
    *,
    scenario: str | Path | Scenario | None = None,
    power_on: bool = False,
    seed: int | None = None,
    stalls: Sequence[Stall] = (),
    services: Sequence[Service | Mapping[str, Any]] = (),
    files: Mapping[str, bytes] | None = None,
    quirks: Mapping[str, Any] | None = None,
    **options: Any,
) -> Iterator[VirtualDevice]:
    """A device in virtual time; use it as a context manager.

    Within the `with` block time.sleep and the clocks go along (`quecsim.virtual_time`). The
    arguments are those of `quecsim.open`, but for what only a pty or a file has (`ufs`, `trace`,
    `link`, `protocol_download`). Raises QuecsimError for anything that cannot be.
    """
    made = make_scenario(
        device,
        scenario,
        seed=seed,
        stalls=stalls,
        services=services,
        files=files,
        quirks=quirks,
        **options,
    )
    with ExitStack() as stack:
        clock = current_clock() or stack.enter_context(virtual_time())
        opened = stack.enter_context(VirtualDevice(made, clock=clock, is_up=not power_on))
        yield opened
