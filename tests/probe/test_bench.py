"""The bench: whatever happens in the middle, the module is as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
import serial

import quecsim
from quecsim.probe.bench import Bench
from quecsim.probe.finding import Finding, NotMeasuredError
from quecsim.probe.plan import Plan, make_plan
from quecsim.probe.probe import Probed, run_probe
from quecsim.probe.step import Step
from quecsim.profiles.loader import load_profile
from quecsim.rng import Stream
from quecsim.virtual.device import VirtualDevice
from tests.probe.fakes import Scripted, Watched

USERS = {"UFS:QSIMPROBE000.TMP": b"a file of somebody's", "UFS:ca.pem": b"certificate"}
SLOW = ("lines", "names", "escape", "commands")  # many writes of one kind


def state(device: VirtualDevice) -> tuple[Any, ...]:
    """What the module keeps for its host: settings, files and open handles."""
    device.settle()
    context = device.rig.device.context
    files = {name: device.read_file(name) for name in device.files()}
    return deepcopy(context.settings), files, dict(context.handles.files)


@contextmanager
def on_the_bench(
    name: str, before_write: Callable[[int], None] = lambda _number: None
) -> Iterator[tuple[VirtualDevice, Bench]]:
    with quecsim.open_virtual(name, files=USERS) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=0.05)
        yield device, Bench(Watched(port, before_write), base=load_profile(name))


def stopped_at(name: str, number: int, plan: Plan) -> tuple[Probed, bool]:
    """What came of a probe with Ctrl-C at that write, and whether all is as it was.

    At an odd one it comes when that is written, at an even one just before.
    """

    def stop(at: int) -> None:
        if at == number:
            raise KeyboardInterrupt

    with on_the_bench(name, stop) as (device, bench):
        assert isinstance(bench.wire.port, Watched)
        bench.wire.port.is_late = number % 2 == 1
        before = state(device)
        probed = run_probe(bench, plan)
        return probed, state(device) == before


def writes_of(name: str, plan: Plan) -> int:
    with on_the_bench(name) as (_, bench):
        run_probe(bench, plan)
        assert isinstance(bench.wire.port, Watched)
        return bench.wire.port.count


@pytest.mark.parametrize(("name", "tries"), [("ec200u", 8), ("m95", 4), ("fcm242d", 4)])
def test_stopped_at_any_write_the_module_is_as_it_was(name: str, tries: int) -> None:
    plan = make_plan(skip=SLOW)
    stream, most = Stream(1, f"stop {name}"), writes_of(name, plan)
    assert most > 150
    drawn = sorted(stream.between(2, most) for _ in range(tries))
    for number in (*drawn, most - 1, most):  # the last ones put things back
        probed, is_same = stopped_at(name, number, plan)
        assert probed.interrupted, number
        assert probed.not_restored == [], number
        assert is_same, number


def test_a_file_of_somebody_s_is_not_touched_even_if_it_is_called_as_ours() -> None:
    with on_the_bench("ec200u") as (device, bench):
        before = state(device)
        run_probe(bench, make_plan(only=["directory", "refusals", "timeouts"]))
        assert state(device) == before
        assert bench.found["files.existing_file"].value == "refuse"


def test_a_second_stop_leaves_the_rest_and_says_so() -> None:
    def stop(at: int) -> None:
        if at >= 40:
            raise KeyboardInterrupt

    with on_the_bench("ec200u", stop) as (_, bench):
        probed = run_probe(bench, make_plan(only=["handles"]))
    assert probed.interrupted
    assert "echo on" in probed.not_restored


@pytest.mark.parametrize("number", [1, 60, 160, 210])
def test_a_module_that_restarts_in_the_middle_is_waited_for(number: int) -> None:
    resets: list[int] = []

    def reset(at: int) -> None:
        if at == number and not resets:
            resets.append(at)
            device.cut_power()
            device.power_on()

    with on_the_bench("ec200u", reset) as (device, bench):
        before = state(device)
        probed = run_probe(bench, make_plan(skip=SLOW))
        assert resets
        assert probed.stopped == ""
        assert probed.not_restored == []
        assert state(device)[:2] == before[:2]
        assert len(probed.measured) > 35


def silent_after(number: int) -> Callable[[bytes], bytes]:
    """A module that answers OK to so many commands, and to none after them."""
    left = [number]

    def answer(data: bytes) -> bytes:
        left[0] -= 1
        return b"\r\nOK\r\n" if left[0] >= 0 else b""

    return answer


def run_with(answer: Callable[[bytes], bytes], **options: Any) -> Probed:
    with quecsim.virtual_time():
        bench = Bench(Scripted(answer), base=load_profile("ec200u"))
        return run_probe(bench, make_plan(**options))


@pytest.mark.parametrize("number", [3, 20])
def test_a_module_that_falls_silent_ends_the_probe(number: int) -> None:
    probed = run_with(silent_after(number))
    assert probed.stopped == "the module does not answer any more"
    missing = probed.findings["files.list_order"]
    assert missing.why_not == probed.stopped


NONSENSE = {
    "OK to everything": lambda _data: b"\r\nOK\r\n",
    "ERROR to everything": lambda data: b"\r\nOK\r\n" if data == b"AT\r" else b"\r\nERROR\r\n",
    "wild numbers": lambda _data: b'\r\n+QFLST: "",,x\r\n+IPR: (9-,)\r\n+IFC: (0-x)\r\n\r\nOK\r\n',
    "noise": lambda data: b"\r\nOK\r\n" if data == b"AT\r" else b"\xfe\x00\r\n\xff\r\nOK\r\n",
    "CONNECT to everything": lambda d: b"\r\nOK\r\n" if d == b"AT\r" else b"\r\nCONNECT\r\n",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_no_traceback(name: str) -> None:
    probed = run_with(NONSENSE[name], skip=["commands"])
    assert not [f for f in probed.measured if f.key.startswith("identity") and not f.value]
    assert any(not finding.is_measured for finding in probed.findings.values())


class Vanishing(Watched):
    """A port that goes away at one write, and comes back when it is opened again, or not."""

    def __init__(self, port: serial.SerialBase, at: int, *, comes_back: bool) -> None:
        super().__init__(port, self._look)
        self.at, self.comes_back, self.is_gone = at, comes_back, False
        self.is_closed = False

    def _look(self, number: int) -> None:
        if number == self.at:
            self.is_gone = True
        if self.is_closed:
            raise TypeError("argument must be an int")  # as pyserial has it
        if self.is_gone:
            raise serial.SerialException("device disconnected")

    @property
    def in_waiting(self) -> int:
        self._look(0)
        return int(self._port.in_waiting)

    def read(self, size: int = 1) -> bytes:
        self._look(0)
        return bytes(self._port.read(size))

    def open(self) -> None:
        if not self.comes_back:
            raise serial.SerialException("no such device")
        self.is_gone = self.is_closed = False
        self._port.open()

    def close(self) -> None:
        self.is_closed = True
        self._port.close()


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_port_that_goes_away(comes_back: bool) -> None:
    with quecsim.open_virtual("ec200u", files=USERS) as device:
        port = serial.serial_for_url(device.url, 115200, timeout=0.05)
        before = state(device)
        bench = Bench(Vanishing(port, 60, comes_back=comes_back), base=load_profile("ec200u"))
        probed = run_probe(bench, make_plan(only=["sizes", "directory", "handles", "write"]))
        if comes_back:
            assert probed.stopped == ""
            assert probed.not_restored == []
            assert state(device) == before
        else:
            assert "went away" in probed.stopped
            assert "echo on" in probed.not_restored


def test_what_was_changed_is_put_back_in_reverse_order() -> None:
    order: list[str] = []

    def done(word: str) -> bool:
        order.append(word)
        return True

    with quecsim.virtual_time():
        bench = Bench(Scripted(lambda _data: b"\r\nOK\r\n"), base=load_profile("ec200u"))
        with bench.scope():
            bench.undo("first", lambda: done("first"))
            with bench.scope():
                bench.undo("second", lambda: done("second"))
                bench.undo("third", lambda: done("third"))
            assert order == ["third", "second"]
    assert order == ["third", "second", "first"]


def test_what_cannot_be_put_back_is_told() -> None:
    with quecsim.virtual_time():
        bench = Bench(Scripted(lambda _data: b"\r\nOK\r\n"), base=load_profile("ec200u"))
        with bench.scope():
            bench.undo("the impossible", lambda: False)
    assert bench.not_restored == ["the impossible"]


def test_a_step_that_finds_nothing_says_why() -> None:
    def run(_bench: Bench) -> Iterator[Finding]:
        yield Finding("at.cmee", 1, "a look")
        raise NotMeasuredError("it has no such thing")

    step = Step(name="x", title="looks", seconds=1, keys=("at.cmee", "at.spaces"), run=run)
    with quecsim.virtual_time():
        bench = Bench(Scripted(lambda _data: b"\r\nOK\r\n"), base=load_profile("ec200u"))
        probed = run_probe(bench, Plan((step,)))
    assert probed.findings["at.cmee"].value == 1
    assert probed.findings["at.spaces"].why_not == "it has no such thing"


def test_a_late_answer_is_not_taken_for_that_of_the_next_command() -> None:
    with on_the_bench("ec200u") as (_, bench):
        late = bench.command("AT+CGMI", seconds=0.001)
        assert late.final == ""
        assert bench.command("AT+CGMM").lines == ("EC200U",)
