"""A device on a pseudo terminal, from Python: for a test, a notebook, a script.

with quecsim.open("ec200u") as device:
    subprocess.run(["./my-uploader", device.port])
    assert device.read_file("UFS:ca.pem") == data
    print(device.report())
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.live.control.server import open_control
from quecsim.live.network.options import NetworkOptions
from quecsim.live.ports.gates import gates_of
from quecsim.live.reactor import Seat
from quecsim.live.simulator import Simulator
from quecsim.run.actions import DeviceActions
from quecsim.run.device_run import ProtocolDownload
from quecsim.scenario.misfits import check_protocol_download
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall


class OpenDevice(DeviceActions):
    """A device that runs until the `with` block ends, in one thread with all others of the process.

    All methods may be called from any thread at any time. They raise what went wrong inside the
    device, if anything did.
    """

    def __init__(self, simulator: Simulator, ctl: str | Path | bool = False) -> None:
        self._simulator = simulator
        self._lock = threading.Lock()
        self._has_turned = threading.Condition(self._lock)
        self._is_stopping = False
        self._failure: BaseException | None = None
        self._run = simulator._run
        self._seat = Seat()
        try:
            simulator.start(self._seat)
            self._socket = _control(simulator, ctl)
        except BaseException:
            simulator.close()
            raise
        self._seat.take(simulator.loop, self._turn)

    @property
    def port(self) -> str:
        """The path that hosts open as a serial port."""
        return self._simulator.path

    @property
    def rfc2217(self) -> str:
        """Where hosts come in over RFC 2217, as pyserial opens it; empty where that is nowhere."""
        return self._simulator.url("rfc2217")

    @property
    def tcp(self) -> str:
        """The same over plain TCP."""
        return self._simulator.url("tcp")

    @property
    def ctl(self) -> str:
        """The control socket, for `quecsim ctl --ctl`; empty where none was asked for."""
        return self._socket

    def close(self) -> None:
        """Stop the device. Raises what went wrong inside it, if anything did."""
        if self._is_stopping:
            return
        self._is_stopping = True
        self._seat.leave()
        with self._has_turned:
            self._has_turned.notify_all()
        try:
            if self._simulator.gone:  # the record is whole all the same
                self._simulator.finish()
            self._need_health()
            self._simulator.finish()
        finally:
            self._simulator.close()

    def __enter__(self) -> "OpenDevice":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    @contextmanager
    def _looking(self) -> Iterator[int]:
        with self._lock:
            self._need_health()
            yield self._simulator.loop.now_ns()

    @contextmanager
    def _looking_inside(self) -> Iterator[int]:
        self._need_open()
        with self._looking() as now_ns:
            yield now_ns

    @contextmanager
    def _now(self) -> Iterator[int]:
        """Its thread goes on afterwards."""
        with self._looking_inside(), self._simulator._now() as now_ns:
            yield now_ns

    def _wait(self, has_come: Callable[[], bool], timeout_s: float | None) -> bool:
        end_s = None if timeout_s is None else time.monotonic() + timeout_s
        with self._has_turned:
            while not has_come():
                self._need_health()
                self._need_open()
                left_s = None if end_s is None else end_s - time.monotonic()
                if left_s is not None and left_s <= 0:
                    return False
                self._has_turned.wait(left_s)
            return True

    def _need_health(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _need_open(self) -> None:
        if self._is_stopping:
            raise QuecsimError(
                "this device is closed, and its files with it",
                hint="look at the files before the `with` block ends",
            )

    def _turn(self) -> bool:
        """By the reactor's thread. False: it has failed, and is turned no more."""
        with self._has_turned:
            try:
                self._simulator.loop.turn()
                if gone := self._simulator.gone:
                    self._failure = QuecsimError(gone, hint="plug it in, and begin again")
            except BaseException as error:
                self._failure = error
            self._has_turned.notify_all()
            return self._failure is None


def _control(simulator: Simulator, ctl: str | Path | bool) -> str:
    if ctl is False:
        return ""
    return open_control(simulator, None if ctl is True else ctl).path


def open(
    device: str | Path | None = None,
    *,
    scenario: str | Path | Scenario | None = None,
    ufs: str | Path | None = None,
    trace: str | Path | None = None,
    link: str | Path | None = None,
    ctl: str | Path | bool = False,
    power_on: bool = False,
    seed: int | None = None,
    stalls: Sequence[Stall] = (),
    services: Sequence[Service | Mapping[str, Any]] = (),
    files: Mapping[str, bytes] | None = None,
    quirks: Mapping[str, Any] | None = None,
    protocol_download: ProtocolDownload | None = None,
    routes: Sequence[str] = (),
    allow_network: Sequence[str] = (),
    listen: Sequence[str] = (),
    keylog: str | Path | None = None,
    pcapng: str | Path | None = None,
    rfc2217: str | None = None,
    tcp: str | None = None,
    allow_remote: bool = False,
    serial: str | None = None,
    **options: Any,
) -> OpenDevice:
    """Run a device on a pty; use it as a context manager.

    `device` is a name or a profile's path, `scenario` a name, a path or an object. `ufs` keeps the
    storage in an image file, `files` puts files onto it first, `quirks` are values of the device by
    their words (docs/SCENARIOS.md), `trace` writes the record, `link` gives the port a stable name,
    `ctl` opens a control socket (True, or a name for it), `power_on` begins at power-up,
    `protocol_download` goes on where the documents of AT+QFOTADL="FILE:<length>",2 leave off
    (docs/PYTHON.md). `services` are servers in process and `ble_peers` others on its air, beside
    those of the scenario, as records or as tables. As in `quecsim run`: `routes` and
    `allow_network` are what the device may reach beside them, `listen` says where it can be called
    (without: nowhere), `keylog` is a file for the keys of TLS, `pcapng` one for what goes over the
    network; `rfc2217` and `tcp` are where hosts may come in beside the pty (":0": a free port of
    loopback), `allow_remote`: where other machines reach them; `serial` is a board's UART. Further
    options: interface ("uart", "usb"), speed ("paced", "unlimited"), baud, flow ("auto", "none",
    "rtscts", "xonxoff"), wires, garble, any_rate, lag_bytes, reopen_ms, flash ("typical", "worst",
    "drawn", "instant"), ring_bytes, data_bytes, ifc, ipr, restore, clock ("2026-06-01T00:00:00Z"),
    bearer ("none"), joined (Wi-Fi), time_scale. Raises QuecsimError for anything that cannot be.
    """
    options |= {"seed": seed, "stalls": stalls, "services": services}
    made = make_scenario(device, scenario, files=files, quirks=quirks, **options)
    if protocol_download is not None:
        check_protocol_download(made)
    simulator = Simulator(
        made,
        image=ufs,
        trace=trace,
        link=link,
        is_up=not power_on,
        protocol_download=protocol_download,
        network=NetworkOptions(made, routes, allow_network, listen, keylog=keylog, pcapng=pcapng),
        gates=gates_of({"rfc2217": rfc2217, "tcp": tcp}, is_remote_allowed=allow_remote),
        serial=serial,
    )
    return OpenDevice(simulator, ctl)
