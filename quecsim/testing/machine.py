"""A ready-made state machine for Hypothesis: an uploader's life, drawn step by step.

class MyUploader(UploaderMachine):
    def upload(self, port, name, data):
        my_upload(port, name, data)

TestMyUploader = MyUploader.TestCase

One device, in virtual time, for each example: files are uploaded, replaced and deleted, the power
goes, faults strike. Whatever happens, what the uploader said was there must be there, byte for
byte; and where nothing went wrong, it must not fail.
"""

from contextlib import ExitStack
from typing import Any, ClassVar

from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import KINDS
from quecsim.faults.fault import Fault
from quecsim.judge.stored import looks_whole
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.scenario.text import scenario_text
from quecsim.testing import strategies as ours
from quecsim.trace.event import Event, FaultFired, Lost, Power
from quecsim.virtual.device import VirtualDevice
from quecsim.virtual.virtual_time import virtual_time

try:
    from hypothesis import note
    from hypothesis import strategies as st
    from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
except ImportError:
    raise QuecsimError(
        "the state machine needs Hypothesis", hint="pip install 'quecsim[fuzz]'"
    ) from None

NAMES = ("UFS:ca.pem", "UFS:client.pem", "UFS:key.pem")
_START_S = 20
_AT_WAIT_S = 2.0
# Others stay what they are for as long as the machine lives.
_KINDS = tuple(kind for kind, fault in KINDS.items() if fault.CAN_RECUR)


class UploaderMachine(RuleBasedStateMachine):
    """Subclass it and say how your uploader uploads.

    `scenario` is where it begins (a name, a path, a Scenario; None: `device` with nothing added),
    `fault_kinds` are the faults that may strike, `max_bytes` the longest file.
    """

    device: ClassVar[str | None] = None
    scenario: ClassVar[str | Scenario | None] = None
    fault_kinds: ClassVar[tuple[str, ...]] = _KINDS
    max_bytes: ClassVar[int] = 3000

    def upload(self, port: Any, name: str, data: bytes) -> object:
        """Upload `data` as `name` over an open pyserial port.

        None or True says that all went well; False, or an exception, that it failed.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how it uploads")

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._files: dict[str, bytes | None] = {}  # None: what is there is not known
        self._faults: list[Fault] = []
        self._news: list[Event] = []  # since the last look
        self._had_trouble = False
        self._is_line_spoiled = False

    @initialize()
    def start(self) -> None:
        """A device, and a port that is open all the time."""
        import serial

        made = make_scenario(self.device, self.scenario)
        self._scenario = made
        clock = self._stack.enter_context(virtual_time())
        self.simulated = self._stack.enter_context(VirtualDevice(made, clock=clock))
        self.simulated.watch(self._news.extend)
        self.port = self._stack.enter_context(serial.serial_for_url(self.simulated.url, timeout=1))

    # what happens

    @rule(name=st.sampled_from(NAMES), data=st.deferred(lambda: ours.payloads(3000)))
    def upload_file(self, name: str, data: bytes) -> None:
        """The uploader at work; the file may be there already."""
        data = data[: self.max_bytes]
        self._look()
        try:
            claim = self.upload(self.port, name, data) is not False
            error: Exception | None = None
        except NotImplementedError:
            raise
        except Exception as failure:
            claim, error = False, failure
        self.port.reset_input_buffer()
        self._look()
        if claim:
            self._files[name] = self._believed(name, data)
            self._check(name)
            return
        if not self._had_trouble:
            raise AssertionError(f"nothing went wrong, and the upload of {name} failed") from error
        self._files[name] = None
        self._recover()

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        """Somebody deletes a file."""
        reply = self._command(f'AT+QFDEL="{name}"')
        if b"OK" in reply:
            self._files.pop(name, None)

    @rule()
    def power_cycle(self) -> None:
        """The power goes and comes back; files that were there are still there."""
        self.simulated.cut_power()
        self.simulated.power_on()
        self._recover()

    @rule(data=st.data())
    def inject(self, data: st.DataObject) -> None:
        """A fault, from now on: it strikes when what it waits for comes."""
        profile = self._scenario.device_profile
        kinds = [kind for kind in self.fault_kinds if KINDS[kind].suits(profile)]
        fault = data.draw(ours.faults(kinds), label="fault")
        self._faults.append(fault)
        self.simulated.inject(fault)

    @rule(
        name=st.sampled_from(NAMES),
        payload=st.deferred(lambda: ours.payloads(3000)),
        data=st.data(),
    )
    def upload_under_fault(self, name: str, payload: bytes, data: st.DataObject) -> None:
        """A fault strikes during an upload."""
        self.inject(data)
        self.upload_file(name, payload)

    # what must hold

    @invariant()
    def files_are_there(self) -> None:
        """What was said to be there is there, byte for byte."""
        for name in self._files:
            self._check(name)

    @invariant()
    def bytes_are_conserved(self) -> None:
        """No byte gets lost in the simulator itself."""
        if hasattr(self, "simulated"):
            self.simulated.rig.check()

    def teardown(self) -> None:
        """End of an example; what stood in it is told, for the case that it failed."""
        if self._faults:
            scenario = replace(self._scenario, faults=tuple(self._faults))
            note(f"The faults, as a scenario has them:\n\n{scenario_text(scenario)}")
        self._stack.close()

    # helpers

    def _check(self, name: str) -> None:
        expected = self._files[name]
        if expected is None:
            return
        found = self._stored(name)
        assert found is not None, f"{name} was said to be there, and is not"
        assert found == expected, f"{name} is not what was uploaded: {_difference(found, expected)}"

    def _stored(self, name: str) -> bytes | None:
        try:
            return self.simulated.read_file(name)
        except FileNotFoundError:
            return None

    def _believed(self, name: str, data: bytes) -> bytes:
        """What must be there from now on: `data`, or what no uploader can tell from it."""
        found = self._stored(name)
        if self._is_line_spoiled and found is not None and looks_whole(found, data):
            return found
        return data

    def _look(self) -> None:
        """Has anything gone wrong since the last look?"""
        self.simulated.collect()
        self._had_trouble = any(map(_is_trouble, self._news))
        self._is_line_spoiled = any(map(_is_on_the_line, self._news))
        self._news.clear()

    def _recover(self) -> None:
        """Until the device answers again: it may be starting, or in a data mode."""
        import time

        for _ in range(_START_S):
            time.sleep(1.2)
            self.port.reset_input_buffer()
            self.port.write(b"+++")
            time.sleep(1.2)
            if b"OK" in self._command("AT"):
                break
            if self.simulated.power == "off":
                self.simulated.power_on()
        self._look()

    def _command(self, text: str) -> bytes:
        self.port.reset_input_buffer()
        self.port.write(text.encode() + b"\r")
        self.port.timeout, before = _AT_WAIT_S, self.port.timeout
        reply = b""
        while not reply.endswith((b"OK\r\n", b"ERROR\r\n")):
            line = self.port.read_until(b"\r\n")
            if not line:
                break
            reply += line
            if line.startswith(b"+CME ERROR"):
                break
        self.port.timeout = before
        return reply


def _is_trouble(event: Event) -> bool:
    return isinstance(event, FaultFired | Lost) or (
        isinstance(event, Power) and event.state != "on"
    )


def _is_on_the_line(event: Event) -> bool:
    return isinstance(event, FaultFired) and KINDS[event.kind].MISLEADS


def _difference(found: bytes, expected: bytes) -> str:
    pairs = enumerate(zip(found, expected, strict=False))
    places = [index for index, (a, b) in pairs if a != b]
    if len(found) == len(expected):
        differ = "1 byte differs" if len(places) == 1 else f"{len(places)} bytes differ"
        return f"same size, {differ}, the first at byte {places[0]}"
    place = places[0] if places else min(len(found), len(expected))
    return f"{len(found)} bytes instead of {len(expected)}, and other ones from byte {place} on"
