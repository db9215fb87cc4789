"""Characteristics of the other side: those of a sensor, whose GATT is that of another program."""

import pytest

from quecsim.peers.ble_crowd import BleCrowd
from quecsim.peers.ble_settings import BleParameters, BleSensor, BleService, BleValue
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.units import s
from tests.commands.test_ble_central import lines
from tests.device.bench import ERROR, OK, Bench, info

pytest.importorskip("bumble")

ADDRESS = "c0ffee000001"
SENSOR = BleSensor(
    name="日",
    mtu=100,
    asks=BleParameters(interval=30),
    services=(
        BleService(
            uuid="180d",
            characteristics=(
                BleValue(uuid="2a37", properties=("notify",), text="beat", every_ms=1000),
                BleValue(uuid="2a39", properties=("read", "write"), text="old"),
            ),
        ),
    ),
)


class SensorBench(Bench):
    """A central whose air has the sensor."""

    def __init__(self) -> None:
        device = load_profile("fcm242d")
        super().__init__(device)
        self.crowd = BleCrowd((SENSOR,), seed=1)
        self.rig = Rig(device, RigConfig(), ble_peer=self.crowd)
        self.rig.start(is_up=True)
        self.ask("AT+QECHO=0")
        assert self.ask("AT+QBLEINIT=1") == OK

    def say(self, line: str, until: str, limit_ns: int = s(5)) -> bytes:
        """Type it, and run until that is read; all that was."""
        self.send(line.encode() + b"\r")
        begin = len(self.output)
        self.until(until.encode("latin-1"), limit_ns)
        return bytes(self.output[begin:])


@pytest.fixture
def bench() -> SensorBench:
    return SensorBench()


def test_it_finds_reads_writes_and_is_notified(bench: SensorBench) -> None:
    name = "日".encode().decode("latin-1")
    heard = lines(f'+QBLESCAN: "{name}",1,"{ADDRESS}"')
    assert heard in bench.ask("AT+QBLESCAN=1,1000")
    bench.say("AT+QBLECFGMTU=200", "OK\r\n")
    told = bench.say(f"AT+QBLECONN=1,{ADDRESS}", '"DOWN"')
    assert told.startswith(OK + lines('+QBLESTAT: "CONNECTED"', "+QBLEMTU: 100"))
    assert "+QBLECONNPARAM: 0,30,500,0" in told.decode()
    own = ("2a00", "2a01")  # each device has them
    assert [each for each in told.decode().split("\r\n") if "INFO" in each] == [
        f'+QBLEINFO: "{each}"' for each in (*own, "2a37", "2a39", "DOWN")
    ]
    bench.run_for(s(1))
    assert bench.say("AT+QBLECONNPARAM?", "OK\r\n").endswith(info("+QBLECONNPARAM: 0,30,500,0"))
    assert bench.say("AT+QBLEGATTCRD=0,2a39", "old").endswith(OK + b"\r\nold")
    bench.say("AT+QBLEGATTCWRREQ=0,2a39,3,6e6577", "OK\r\n")
    assert bench.say("AT+QBLEGATTCRD=0,2a39", "new").endswith(OK + b"\r\nnew")
    assert [data for _, _, data in bench.crowd.states()[0].received] == [b"new"]
    bench.say("AT+QBLEGATTCNTFCFG=0,2a37,1", '+QBLERECV: 0,"2a37",4\r\nbeat\r\n')
    assert bench.ask("AT+QBLEGATTCWRCMD=0,2a39,x").startswith(ERROR), "it knows requests alone"
    bench.crowd.leave(bench.now_ns, "日")
    bench.say("AT", '+QBLESTAT: "DISCONNECTED"')


def test_nobody_is_there_of_that_address(bench: SensorBench) -> None:
    wrong = bench.say(f"AT+QBLECONN=0,{ADDRESS},1000", "DISCONNECTED")
    assert wrong == OK + b'\r\n+QBLESTAT: "DISCONNECTED', "its address is a random one"
