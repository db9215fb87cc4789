"""Two live simulators on one another's air, each with a host on its pty: a central, a peripheral.
Each record runs again without the other.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import serial

from quecsim.api import OpenDevice
from quecsim.live.ble_bridge import BridgeEnd
from quecsim.live.simulator import Simulator
from quecsim.run.replay import replay
from quecsim.scenario.options import make_scenario
from tests.e2e.simulator import READ_TIMEOUT_S, ask
from tests.live.control.bench import runtime_folder

pytestmark = pytest.mark.pty

LIGHT = (
    b"AT+QECHO=0",
    b"AT+QBLEINIT=2,1",
    b'AT+QBLENAME="lamp"',
    b'AT+QBLEGATTSSRV="FFF1"',
    b'AT+QBLEGATTSCHAR="FFF2"',
    b"AT+QBLEGATTSSRVDONE",
    b"AT+QBLEADVSTART",
)
SCANNED = b'+QBLESCAN: "lamp",0,"c8e4a1b1c1f9"\r\n'


class Side:
    """A device, and the host on its port."""

    def __init__(self, end: BridgeEnd, undo: ExitStack) -> None:
        simulator = Simulator(make_scenario("fcm242d", time_scale=5), ble_bridge=end)
        self.device = undo.enter_context(OpenDevice(simulator))
        self.port = undo.enter_context(
            serial.Serial(self.device.port, 115_200, timeout=READ_TIMEOUT_S)
        )

    def ask(self, *lines: bytes, until: bytes = b"OK\r\n") -> bytes:
        """What is said to the last of them."""
        return [ask(self.port, line, until) for line in lines][-1]

    def hears(self, text: bytes) -> bytes:
        """All up to that text."""
        said: bytes = self.port.read_until(text)
        assert said.endswith(text), said
        return said


@pytest.fixture
def sides() -> Iterator[tuple[Side, Side]]:
    """The peripheral, and the central."""
    with runtime_folder() as folder, ExitStack() as undo:
        path = str(Path(folder) / "air")
        made = [Side(BridgeEnd(path, listens), undo) for listens in (True, False)]
        yield made[0], made[1]
    for side in made:
        replayed = replay(side.device.events())
        assert replayed.is_same, (replayed.was, replayed.now)


def test_one_finds_the_other_and_data_goes_both_ways(sides: tuple[Side, Side]) -> None:
    light, phone = sides
    light.ask(*LIGHT)
    phone.ask(b"AT+QECHO=0", b"AT+QBLEINIT=1")
    phone.ask(b"AT+QBLESCAN=1", until=SCANNED)
    phone.ask(b"AT+QBLESCAN=0")
    phone.ask(b"AT+QBLECONN=0,c8e4a1b1c1f9", until=b'+QBLEINFO: "DOWN"\r\n')
    light.hears(b'+QBLESTAT: "CONNECTED"\r\n')
    phone.ask(b'AT+QBLEGATTCNTFCFG=0,"FFF2",1')
    light.device.wait_for("BleHeard", what="subscribed", since="start", timeout_s=READ_TIMEOUT_S)
    phone.ask(b'AT+QBLEGATTCWRCMD=0,"FFF2","on"')
    assert light.hears(b"on\r\n").endswith(b'+QBLERECV: 0,"fff2",2\r\non\r\n')
    light.ask(b'AT+QBLEGATTSNTFY=0,"FFF2","is on"')
    assert phone.hears(b"is on\r\n").endswith(b'+QBLERECV: 0,"fff2",5\r\nis on\r\n')
    phone.ask(b"AT+QBLEDISCONN", until=b'+QBLESTAT: "DISCONNECTED"\r\n')
    light.hears(b'+QBLESTAT: "DISCONNECTED"\r\n')
    phone.ask(b"AT+QBLECONN=0,c8e4a1b1c1f9", until=b'+QBLEINFO: "DOWN"\r\n')
    light.hears(b'+QBLESTAT: "CONNECTED"\r\n')
    light.device.close()
    phone.hears(b'+QBLESTAT: "DISCONNECTED"\r\n')
