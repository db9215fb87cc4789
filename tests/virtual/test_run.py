"""Python uploaders in virtual time."""

import threading
import time
from typing import Any

import pytest
import serial

from quecsim.host.plan import UploadPlan
from quecsim.host.uploader import upload
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import HostBytes
from quecsim.units import s
from quecsim.virtual.clock import HostHungError
from quecsim.virtual.run import FunctionRun, run_function

DATA = bytes(range(32, 112)) * 20


def run(function: Any, **options: Any) -> FunctionRun:
    return run_function(make_scenario("ec200u"), function, "UFS:ca.pem", DATA, **options)


def good(port: Any, name: str, data: bytes) -> bool:
    return upload(port, UploadPlan(name, data, ack=True), sleep=time.sleep).verified


def test_a_good_uploader() -> None:
    outcome = run(good)
    assert (outcome.claim, outcome.error, outcome.content) == (True, None, DATA)
    assert outcome.counters["lost"] == 0
    assert outcome.report.uploads[0].verdict == "intact"
    assert outcome.report.is_ended
    assert any(isinstance(event, HostBytes) for event in outcome.events)
    assert 0 < outcome.now_ns < s(5)


def test_every_run_is_the_same() -> None:
    assert run(good).events == run(good).events


@pytest.mark.parametrize(("said", "claim"), [(None, True), (True, True), (0, True), (False, False)])
def test_what_an_uploader_says(said: object, claim: bool) -> None:
    outcome = run(lambda port, name, data: said)
    assert outcome.claim is claim
    assert outcome.content == b""


@pytest.mark.parametrize("reads", [True, False])
def test_whether_an_uploader_has_read_anything(reads: bool) -> None:
    def host(port: Any, name: str, data: bytes) -> None:
        port.write(b"AT\r")
        time.sleep(0.5)
        if reads:
            port.read(1)

    assert run(host).has_read is reads


def test_what_an_uploader_raises() -> None:
    def broken(port: Any, name: str, data: bytes) -> None:
        raise serial.SerialException("no")

    outcome = run(broken)
    assert not outcome.claim
    assert isinstance(outcome.error, serial.SerialException)


def test_an_uploader_that_hangs() -> None:
    def stubborn(port: Any, name: str, data: bytes) -> None:
        while True:
            try:
                port.write(b"AT\r")
                port.read(1000)
            except Exception:
                continue

    outcome = run(stubborn, limit_ns=s(30))
    assert isinstance(outcome.error, HostHungError)
    assert outcome.now_ns == s(30)


def test_the_device_ends_what_it_is_at() -> None:
    def hasty(port: Any, name: str, data: bytes) -> None:
        port.write(b'AT+QFUPL="%s",%d\r' % (name.encode(), len(data)))
        port.read_until(b"CONNECT\r\n")
        port.write(data)

    outcome = run(hasty)
    assert outcome.content == DATA


def test_the_port_is_as_the_scenario_has_it() -> None:
    seen: list[dict[str, Any]] = []

    def look(port: Any, name: str, data: bytes) -> None:
        seen.append(port.get_settings())

    scenario = make_scenario("ec200u", flow="rtscts", baud=9600)
    run_function(scenario, look, "x", b"")
    assert (seen[0]["rtscts"], seen[0]["baudrate"], seen[0]["timeout"]) == (True, 9600, 1.0)


def test_a_file_that_cannot_be() -> None:
    assert run_function(make_scenario("ec200u"), lambda *_: None, "a/b:c*", b"").content is None


def test_sys_exit_goes_through() -> None:
    with pytest.raises(SystemExit):
        run(lambda *_: exit(3))


def test_how_much_an_uploader_may_do_is_bounded() -> None:
    def endless(port: Any, name: str, data: bytes) -> None:
        while True:
            port.write(b"AT\r")

    def in_a_thread(port: Any, name: str, data: bytes) -> None:
        thread = threading.Thread(target=endless, args=(port, name, data))
        thread.start()
        thread.join()

    once, again = run(endless, most_work=13_000), run(endless, most_work=13_000)
    assert isinstance(once.error, HostHungError)
    assert "again and again" in str(once.error)
    assert once.events == again.events, "it is counted, not timed"
    assert sum(len(event.data) for event in once.events if isinstance(event, HostBytes)) == 3_000
    assert isinstance(run(in_a_thread, most_work=13_000).error, HostHungError)
    assert run(good, most_work=13_000).claim
