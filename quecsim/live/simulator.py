"""One device on one port: the run, a pseudo terminal or a board's real line, and its files."""

import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from quecsim.border import Peer
from quecsim.flash.nor import Storage
from quecsim.live.clock import WallClock
from quecsim.live.host import Host
from quecsim.live.loop import Guest, LiveLoop
from quecsim.live.network.beyond import Beyond, Within
from quecsim.live.network.options import NetworkOptions
from quecsim.live.ports.link import PortLink
from quecsim.live.ports.pty_port import PtyPort
from quecsim.live.pty_host import PtyHost
from quecsim.live.readiness import Waker, Wakes
from quecsim.live.trace_file import TraceFile
from quecsim.peers.served import Served
from quecsim.profiles.schema import Profile
from quecsim.report.model import Report
from quecsim.rig import Rig
from quecsim.run.actions import DeviceActions
from quecsim.run.device_run import ProtocolDownload, Watcher, new_run
from quecsim.run.host_way import HostWay
from quecsim.scenario.schema import Scenario
from quecsim.trace.event import Event
from quecsim.trace.log import EventLog
from quecsim.trace.redact import FULL

if TYPE_CHECKING:
    from quecsim.live.ble_bridge import BleBridge, BridgeEnd
    from quecsim.live.hosts import Hosts
    from quecsim.live.network.capture import Capture
    from quecsim.live.ports.adapter import Adapter
    from quecsim.live.ports.entrance import Entrance, Gate
    from quecsim.live.serial_host import SerialHost

Teller = Callable[[str], None]


def _warn(text: str) -> None:
    warnings.warn(text, RuntimeWarning, stacklevel=2)


def _tell_nobody(text: str) -> None:
    """For those who do not ask."""


class Simulator(DeviceActions):
    """A device that runs in real time, turned by whoever has it: `start` it, `serve` until told to
    stop, `finish`, `close`.

    `image` keeps UFS in a file; `trace` writes the record, with
    `trace_payload` (full | digest) of what the host uploads; `link` is a stable name for the port;
    `watch` sees every event as it happens (for messages to people); `tell` gets what goes wrong
    without ending the run, as text: by default it is a warning; `protocol_download` is that of
    `quecsim.at.context.Outside`; `command` is the host program, for the record;
    `network` is what real network the device may reach, and `tell_network` gets a sentence for each
    place that it reached or wanted. Hosts of other machines come in at the `gates`, and
    `tell_hosts` gets a sentence when one comes or goes. `serial` is a real UART, with a board
    behind it, in place of the pty (`quecsim.live.ports.serial_place`). `ble_bridge` has the device
    of another simulator on the air of this one (`quecsim.live.ble_bridge`).
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        image: str | Path | None = None,
        trace: str | Path | None = None,
        trace_payload: str = FULL,
        link: str | Path | None = None,
        is_up: bool = True,
        watch: Watcher | None = None,
        tell: Teller = _warn,
        protocol_download: ProtocolDownload | None = None,
        command: Sequence[str] = (),
        network: NetworkOptions | None = None,
        tell_network: Teller = _tell_nobody,
        gates: "Sequence[Gate]" = (),
        tell_hosts: Teller = _tell_nobody,
        serial: str | None = None,
        ble_bridge: "BridgeEnd | None" = None,
    ) -> None:
        self.scenario = scenario
        self._undo = ExitStack()  # every step of it runs, even if another one fails
        self._outside: Beyond | None = None
        self._network = network
        self._tell_hosts = tell_hosts
        self._hosts: Hosts | None = None
        self.entrances: list[Entrance] = []
        self.port: PtyPort | None = None
        self.adapter: Adapter | None = None
        self._board: SerialHost | None = None
        try:
            storage = self._open_image(image, scenario.profile()) if image is not None else None
            self._run = new_run(
                scenario,
                storage=storage,
                is_up=is_up,
                protocol_download=protocol_download,
                date=datetime.now().astimezone().isoformat(timespec="seconds"),
                command=command,
                beyond=lambda served: self._reach_beyond(served, tell_network),
                is_real_line=serial is not None,
            )
            if network is not None:
                permissions = network.permissions
                self._run.routes, self._run.allowed = permissions.routes, permissions.allowed
                if network.capture is not None:
                    self._begin_capture(network.capture, tell)
            if (outside := self._outside) is not None:
                self._run.doors = lambda: outside.doors
            self._run.ways = self._ways
            if trace is not None:
                self._write_trace(trace, tell, trace_payload)
            if watch is not None:
                self._run.watch(watch)
            self._open_port(link, serial)
            self._bridge = self._open_bridge(ble_bridge, tell_network)
            self.entrances += map(self._open_entrance, gates)
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> str:
        """The port that hosts open: the link where there is one."""
        return self._path

    def url(self, kind: str) -> str:
        """Where hosts come in of that kind (rfc2217, tcp), as pyserial opens it; or empty."""
        return next((one.url for one in self.entrances if one.gate.kind == kind), "")

    @property
    def rig(self) -> Rig:
        """What is turned."""
        return self._run.rig

    @property
    def log(self) -> EventLog:
        """The last events."""
        return self._run.log

    def _ways(self) -> list[HostWay]:
        visitor = None if self._hosts is None else self._hosts.visitor
        at, client = visitor or (self.path, "")
        ports = [self.path, *(one.url for one in self.entrances)]
        return [HostWay(port, client if port == at else "", port == at) for port in ports]

    def start(self, waker: Wakes | None = None) -> None:
        """The model's clock begins to run; `waker` wakes whoever waits for the loop."""
        self.clock = WallClock(self.scenario.line.time_scale)
        waker = waker if waker is not None else Waker()
        host = self._new_host()
        self.loop = LiveLoop(self.rig, host, self.clock, self._run.take, waker)
        self._undo.callback(self.loop.close)
        self.loop.outside = self._outside
        if self._bridge is not None:
            self.loop.guests.append(self._bridge)
        self._run.start()
        if self._board is not None:
            self._board.come(0)
        self.loop.turn()

    def take_in(self, guest: Guest, close: Callable[[], None]) -> None:
        """Serve `guest` too, from now on; `close` is called at the end."""
        self._undo.callback(close)
        self.loop.guests.append(guest)

    def serve(
        self,
        must_stop: Callable[[], bool],
        pause_s: Callable[[], float | None] = lambda: None,
    ) -> None:
        """Run until `must_stop` says so; it is asked after every turn, and when `pause_s` real
        seconds have passed without one (None: it can wait).
        """
        while not (must_stop() or self.gone):
            self.loop.wait(pause_s())
            self.loop.turn()

    def watch(self, watcher: Watcher) -> None:
        """`watcher` sees every event from now on, too."""
        self._run.watch(watcher)

    @property
    def is_upgrading(self) -> bool:
        """A firmware upgrade waits for its restart, or runs."""
        return self._run.is_upgrading

    @property
    def gone(self) -> str:
        """Why nobody can reach the device any more, in words: its real line has gone."""
        return "" if self._board is None else self._board.gone

    @property
    def is_unheard(self) -> bool:
        """Somebody was given the device's bytes, and has read none; of a board nobody knows."""
        return self.port is not None and self.port.is_untouched()

    def finish(self) -> Report:
        """Let the last things happen, end the record, and say what came of it."""
        self.loop.turn()
        if self._board is not None:
            self._board.leave(self.rig.moment.now_ns)
        return self._run.finish(self.loop.now_ns())

    def close(self) -> None:
        """Let go of everything; the link is removed."""
        self._undo.close()

    def collect(self) -> None:
        """What has happened goes to the record."""
        self._run.collect()

    @contextmanager
    def _looking(self) -> Iterator[int]:
        yield self.loop.now_ns()

    @contextmanager
    def _now(self) -> Iterator[int]:
        now_ns = self.loop.now_ns()
        self.rig.advance(now_ns)
        try:
            yield now_ns
        finally:
            self.loop.wake()  # what came of it is due at once

    def _wait(self, has_come: Callable[[], bool], timeout_s: float | None) -> bool:
        end_s = None if timeout_s is None else time.monotonic() + timeout_s
        while not has_come():
            left_s = None if end_s is None else end_s - time.monotonic()
            if left_s is not None and left_s <= 0:
                return False
            self.loop.wait(left_s)
            self.loop.turn()
        return True

    def _reach_beyond(self, served: Served, tell: Teller) -> Peer:
        """The network of the scenario, and the real one behind it, for those who may ask for it."""
        network = self._network
        if network is None:
            return served
        within: Within = served
        if network.capture is not None:
            within = self._tap(served, network.capture)
        beyond = Beyond(within, network.permissions, lambda names: network.sockets(names, tell))
        self._outside = beyond
        self._undo.callback(beyond.close)
        return beyond

    def _tap(self, served: Served, capture: "Capture") -> Within:
        """What goes over the network is seen; the last of all ends is that of the file."""
        from quecsim.live.network.tapped_served import TappedServed
        from quecsim.packets.book import Book
        from quecsim.scenario.build import surroundings

        book = Book.of(self.scenario.profile(), surroundings(self.scenario))
        tapped = TappedServed(served, capture, book)
        self._undo.callback(capture.close)
        self._undo.callback(tapped.finish)
        return tapped

    def _begin_capture(self, capture: "Capture", tell: Teller) -> None:
        from quecsim.render.files.pcapng import note_of

        def note(events: Iterable[Event]) -> None:
            for text in filter(None, map(note_of, events)):
                capture.note(text)

        capture.begin(tell)
        self._run.watch(note)

    def _write_trace(self, path: str | Path, tell: Teller, payload: str) -> None:
        trace = TraceFile(path, tell, payload=payload)
        self._undo.callback(trace.close)
        self._run.watch(trace.write)

    def _open_port(self, link: str | Path | None, serial: str | None) -> None:
        if serial is not None:
            self._open_adapter(serial)
            return
        self.port = PtyPort(self.rig.device.line_baud)
        self._undo.callback(self.port.close)
        self._path = self.port.path
        if link is not None:
            made = PortLink(link, self.port.path)
            self._undo.callback(made.remove)  # first: also what a failing `create` has begun
            made.create()
            self._path = str(link)

    def _open_adapter(self, place: str) -> None:
        from quecsim.live.ports.serial_place import check_scenario, open_adapter

        check_scenario(self.scenario)
        self.adapter = open_adapter(place)
        self._undo.callback(self.adapter.close)
        self._path = place

    def _open_entrance(self, gate: "Gate") -> "Entrance":
        from quecsim.live.ports.entrance import Entrance

        entrance = Entrance(gate)
        self._undo.callback(entrance.close)
        return entrance

    def _open_bridge(self, end: "BridgeEnd | None", tell: Teller) -> "BleBridge | None":
        if end is None:
            return None
        from quecsim.live.ble_bridge import BleBridge
        from quecsim.peers.ble_far import FarDevice

        def stir(act: Callable[[int], None]) -> None:
            with self._now() as now_ns:
                self.rig.stir_air(now_ns, act)

        air, wireless = self._run.air, self.rig.profile.wireless
        assert air is not None, "the device has no Bluetooth LE"
        assert wireless is not None
        far = FarDevice(self.scenario.seed, wireless.ble_address)
        air.add(0, far)
        bridge = BleBridge(end, self.scenario.device, far, stir, tell)
        self._undo.callback(bridge.close)
        return bridge

    def _new_host(self) -> Host:
        if self.adapter is not None:
            from quecsim.live.serial_host import SerialHost

            self._board = SerialHost(
                self.rig, self.adapter, lambda: self.loop.turn_ns, self._tell_hosts
            )
            return self._board
        assert self.port is not None
        pty = PtyHost(self.rig, self.port)
        if not self.entrances:
            return pty
        from quecsim.live.hosts import Hosts

        self._hosts = Hosts(self.rig, pty, self.entrances, self._tell_hosts)
        self._undo.callback(self._hosts.close)
        return self._hosts

    def _open_image(self, path: str | Path, profile: Profile) -> Storage:
        from quecsim.flash.image import open_image

        size_bytes = profile.files.block_bytes * profile.files.block_count
        image = open_image(path, size_bytes, profile.files.block_bytes, profile.identity.model)
        self._undo.callback(image.close)
        return image.storage
