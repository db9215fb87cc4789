"""A device on a pseudo terminal, from Python: for a test, a notebook, a script.

with quecsim.open("ec200u") as device:
    subprocess.run(["./my-uploader", device.port])
    assert device.read_file("UFS:ca.pem") == data
    print(device.report())
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quecsim.at.effects import Steps
from quecsim.commands.context import Context
from quecsim.commands.storage import PREFIX, plain_name
from quecsim.device.power import PowerState
from quecsim.errors import QuecsimError
from quecsim.live.simulator import Simulator
from quecsim.report.model import Report
from quecsim.scenario.misfits import check_protocol_download
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall


class OpenDevice:
    """A device that runs in a thread of its own until the `with` block ends.

    All methods may be called from any thread at any time. They raise what went wrong inside the
    device, if anything did.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._lock = threading.Lock()
        self._is_stopping = False
        self._failure: BaseException | None = None
        self._report: Report | None = None
        try:
            simulator.start()
        except BaseException:
            simulator.close()
            raise
        self._thread = threading.Thread(target=self._serve, name="quecsim", daemon=True)
        self._thread.start()

    @property
    def port(self) -> str:
        """The path that hosts open as a serial port."""
        return self._simulator.path

    @property
    def counters(self) -> dict[str, int]:
        """Where all bytes are: sent = stored + lost + eaten + in_flight."""
        with self._healthy():
            return self._simulator.rig.counters()

    def files(self) -> dict[str, int]:
        """The files on UFS, `UFS:name` -> size in bytes. Raises QuecsimError after `close`."""
        with self._healthy():
            return {f"{PREFIX}{name}": size for name, size in self._ufs.files()}

    def read_file(self, name: str) -> bytes:
        """The content of a file. Raises FileNotFoundError, and QuecsimError after `close`."""
        plain = plain_name(name)
        with self._healthy():
            if plain not in dict(self._ufs.files()):
                raise FileNotFoundError(name)
            data: bytes = self._ufs.read_file(plain)
            return data

    def cut_power(self) -> None:
        """Take the device's power away, whatever it is doing. Nothing, where it has none."""
        with self._now() as now_ns:
            self._simulator.rig.cut_power(now_ns)

    def power_on(self) -> None:
        """Give it power again: it starts, unless its firmware is torn. Nothing, where it has it."""
        with self._now() as now_ns:
            if self._simulator.rig.device.power is PowerState.OFF:
                self._simulator.rig.power_on(now_ns)

    @property
    def power(self) -> str:
        """off, booting, on, stopping, or dead: with power, but without a firmware that starts."""
        with self._healthy():
            return self._simulator.rig.device.power.value

    def restore_firmware(self) -> None:
        """Put the factory's firmware back, also into a device that does not start any more."""
        with self._now() as now_ns:
            self._simulator.rig.restore_firmware(now_ns)

    def report(self) -> Report:
        """What happened to the bytes: the answer, as far as the run has come (or as it ended)."""
        if self._report is not None:
            return self._report
        with self._healthy():
            return self._simulator.report()

    def close(self) -> None:
        """Stop the device. Raises what went wrong inside it, if anything did."""
        if self._is_stopping:
            return
        self._is_stopping = True
        os.write(self._simulator.loop.wake_descriptor, b"x")
        self._thread.join()
        try:
            if self._failure is not None:
                raise self._failure
            self._report = self._simulator.finish()
        finally:
            self._simulator.close()

    def __enter__(self) -> "OpenDevice":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    @contextmanager
    def _healthy(self) -> Iterator[None]:
        with self._lock:
            if self._failure is not None:
                raise self._failure
            yield

    @contextmanager
    def _now(self) -> Iterator[int]:
        """Something happens to the device at the time that is yielded; its thread goes on then."""
        self._need_open()
        with self._healthy():
            now_ns = self._simulator.loop.now_ns()
            self._simulator.rig.advance(now_ns)
            yield now_ns
        os.write(self._simulator.loop.wake_descriptor, b"x")

    def _need_open(self) -> None:
        if self._is_stopping:
            raise QuecsimError(
                "this device is closed, and its files with it",
                hint="look at the files before the `with` block ends",
            )

    @property
    def _ufs(self) -> Any:
        self._need_open()
        return self._simulator.rig.device.context.ufs

    def _serve(self) -> None:
        try:
            while not self._is_stopping:
                self._simulator.loop.wait()
                with self._lock:
                    self._simulator.loop.turn()
        except BaseException as error:
            self._failure = error


def open(
    device: str | Path | None = None,
    *,
    scenario: str | Path | Scenario | None = None,
    ufs: str | Path | None = None,
    trace: str | Path | None = None,
    link: str | Path | None = None,
    power_on: bool = False,
    seed: int | None = None,
    stalls: Sequence[Stall] = (),
    files: Mapping[str, bytes] | None = None,
    protocol_download: "Callable[[Context, int], Steps] | None" = None,
    **options: Any,
) -> OpenDevice:
    """Run a device on a pty; use it as a context manager.

    `device` is a name or a profile's path, `scenario` a name, a path or an object. `ufs` keeps the
    storage in an image file, `files` puts files onto it first, `trace` writes the record, `link`
    gives the port a stable name, `power_on` begins at power-up, `protocol_download` goes on where
    the documents of AT+QFOTADL="FILE:<length>",2 leave off (docs/PYTHON.md). Further options: port
    ("uart", "usb"), speed ("paced", "unlimited"), baud, flow ("auto", "none", "rtscts", "xonxoff"),
    wires, garble, lag_bytes, flash ("typical", "worst", "drawn", "instant"), ring_bytes,
    data_bytes, ifc, ipr, restore, time_scale. Raises QuecsimError for anything that cannot be.
    """
    made = make_scenario(device, scenario, seed=seed, stalls=stalls, files=files, **options)
    if protocol_download is not None:
        check_protocol_download(made)
    simulator = Simulator(
        made,
        image=ufs,
        trace=trace,
        link=link,
        is_up=not power_on,
        protocol_download=protocol_download,
    )
    return OpenDevice(simulator)
