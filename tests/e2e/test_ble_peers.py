"""A device with Bluetooth LE and who is on its air, from the host's commands to GATT and back: in
virtual time, and again from the record alone.
"""

import asyncio
from typing import Any

import serial

import quecsim
from quecsim.peers.ble_crowd import BlePeerState
from quecsim.run.device_run import DeviceRun, new_run
from quecsim.run.replay import replay
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import BleCame, Event
from quecsim.units import MS

PHONE = {
    "kind": "phone",
    "name": "phone",
    "steps": [
        {"do": "mtu", "mtu": 100},
        {"do": "discover"},
        {"do": "subscribe", "uuid": "fff2"},
        {"do": "write", "uuid": "fff2", "text": "from phone"},
        {"do": "parameters", "parameters": {"interval": 40}},
        {"do": "leave", "after_bytes": 9, "after_ms": 100},
    ],
}
THERMOMETER = {
    "kind": "sensor",
    "name": "thermometer",
    "services": [
        {
            "uuid": "181a",
            "characteristics": [
                {
                    "uuid": "2a6e",
                    "properties": ["read", "write", "notify"],
                    "text": "21.5",
                    "every_ms": 500,
                }
            ],
        }
    ],
}


class Talk:
    """A host that says a line and waits, on a rig that it turns itself. `events` is the record."""

    def __init__(self, **options: Any) -> None:
        self.run: DeviceRun = new_run(make_scenario("fcm242d", **options))
        self.events: list[Event] = []
        self.run.watch(self.events.extend)
        self.run.start()
        self.now_ns = 0

    def say(self, line: str, wait_ms: int = 200) -> str:
        """What comes within `wait_ms`."""
        rig = self.run.rig
        rig.host_write(self.now_ns, line.encode() + b"\r")
        self.now_ns += wait_ms * MS
        rig.advance(self.now_ns)
        self.run.collect()
        told = b"".join(run.data for run in rig.take_output())
        return told.decode("latin-1").replace("\r", "")

    def peer(self) -> BlePeerState:
        """The first on the air."""
        assert self.run.crowd is not None
        return self.run.crowd.states()[0]

    def again(self) -> None:
        """The record, without anybody on the air."""
        self.run.finish(self.now_ns)
        self.run.rig.check()
        played = replay(self.events)
        assert played.is_same, (played.was, played.now)


def test_a_phone_writes_and_is_notified() -> None:
    host = Talk(ble_peers=[PHONE])
    told = advertise(host)
    assert told.index("CONNECTED") < told.index("+QBLEMTU: 100") < told.index("+QBLERECV")
    assert '+QBLERECV: 0,"fff2",10\nfrom phone\n' in told
    assert "+QBLECONNPARAM: 0,40,500,0" in told
    told = host.say('AT+QBLEGATTSNTFY=0,"FFF2","123456789"', 1000)
    assert "OK" in told
    assert '+QBLESTAT: "DISCONNECTED"' in told
    assert [data for _, _, data in host.peer().received] == [b"123456789"]
    assert sum(isinstance(event, BleCame) for event in host.events) == 6
    host.again()


def test_a_thermometer_is_found_read_and_heard() -> None:
    host = Talk(ble_peers=[THERMOMETER, {"kind": "crowd", "count": 2, "adv_interval_ms": 50}])
    assert "OK" in host.say("AT+QBLEINIT=1")
    told = host.say("AT+QBLESCAN=2,1000", 1500)
    assert "thermometer" in told
    assert "c0ffee000001" in told
    assert "other 1" in told
    told = host.say("AT+QBLECONN=1,c0ffee000001", 4000)
    assert told.index("CONNECTED") < told.index("2a6e") < told.index("DOWN")
    assert "21.5" in host.say("AT+QBLEGATTCRD=0,2a6e", 1000)
    told = host.say("AT+QBLEGATTCNTFCFG=0,2a6e,1", 1700)
    assert told.count("21.5") in (2, 3)
    assert "OK" in host.say('AT+QBLEGATTCWRREQ=0,2a6e,"22.0"', 1000)
    assert "22.0" in host.say("AT+QBLEGATTCRD=0,2a6e", 1000)
    assert [data for _, _, data in host.peer().received] == [b"22.0"]
    host.say("AT+QBLEDISCONN", 1000)
    assert not host.peer().is_connected
    host.again()


def advertise(host: Talk) -> str:
    """What comes in the four seconds behind it."""
    for line in ("INIT=2,1", 'GATTSSRV="FFF1"', 'GATTSCHAR="FFF2"', "GATTSSRVDONE"):
        assert "OK" in host.say(f"AT+QBLE{line}")
    return host.say("AT+QBLEADVSTART", 4000)


def test_a_phone_whose_data_gets_lost_goes_on() -> None:
    write = {"do": "write", "uuid": "fff2", "text": "1" * 20 + "2" * 20 + "3" * 20, "window": 1}
    lost = {"kind": "ble_notification_lost", "piece": 2, "direction": "down"}
    host = Talk(ble_peers=[{"kind": "phone", "name": "phone", "steps": [write]}], faults=[lost])
    told = advertise(host)
    assert "1" * 20 in told
    assert "3" * 20 in told
    assert "2" * 20 not in told
    host.again()


def test_a_phone_whose_connection_gets_lost_comes_when_it_is_advertised_again() -> None:
    host = Talk(ble_peers=[{"kind": "phone", "name": "phone"}])
    lost = host.run.rig._beyond.ble.faults
    lost.at_news("ble_connection", 1, 1, lambda _now_ns, _news: None)
    assert "CONNECTED" not in advertise(host)
    assert not host.peer().is_connected
    host.say("AT+QBLEADVSTOP")
    assert '+QBLESTAT: "CONNECTED"' in host.say("AT+QBLEADVSTART", 2000)
    assert host.peer().is_connected


def test_the_stack_runs_within_the_loop_of_an_asyncio_host() -> None:
    async def host(port: str) -> bytes:
        told = b""
        with serial.serial_for_url(port, 115200, timeout=0) as line:
            for word in ("INIT=2,1", 'GATTSSRV="FFF1"', 'GATTSCHAR="FFF2"', "GATTSSRVDONE"):
                line.write(f"AT+QBLE{word}\r".encode())
                await asyncio.sleep(0.3)
            line.write(b"AT+QBLEADVSTART\r")
            while b"from phone" not in told:
                await asyncio.sleep(0.1)
                told += line.read(4096)
        return told

    with quecsim.open_virtual("fcm242d", ble_peers=[PHONE]) as device:
        assert b"+QBLEMTU: 100" in asyncio.run(asyncio.wait_for(host(device.port), 10))
