"""Asserts about what is on a device: their messages say which bytes, when and why."""

import time
from collections.abc import Callable

import pytest
import serial

import quecsim
from quecsim.host.plan import Mistake, UploadPlan
from quecsim.host.uploader import upload
from quecsim.report.model import Report
from quecsim.run.device_run import new_run
from quecsim.scenario.options import make_scenario
from quecsim.testing.asserts import (
    assert_connected,
    assert_good_conduct,
    assert_no_bytes_lost,
    assert_no_network_trouble,
    assert_uploaded,
)
from quecsim.trace.event import Event
from quecsim.units import ms
from quecsim.virtual.port import VirtualPort
from tests.report.network_story import CA, NetworkStory

NAME = "UFS:ca.pem"
DATA = bytes(range(256)) * 20


class Bench:
    """A device in virtual time, with a look inside."""

    def __init__(self, scenario: str) -> None:
        made = make_scenario(scenario=scenario)
        self.run = new_run(made)
        self.run.start()
        self.port = VirtualPort(self.run.rig)

    def upload(self, data: bytes, *, ack: bool = True, waits: bool = True) -> "Bench":
        wrong = frozenset() if waits else frozenset({Mistake.IGNORE_ACK})
        plan = UploadPlan(NAME, data, ack=ack, chunk_bytes=4096, mistakes=wrong)
        upload(self.port, plan, sleep=self.port.sleep)
        return self

    def files(self) -> dict[str, int]:
        return {f"UFS:{name}": size for name, size in self.run.rig.device.context.ufs.files()}

    def read_file(self, name: str) -> bytes:
        if name not in self.files():
            raise FileNotFoundError(name)
        content: bytes = self.run.rig.device.context.ufs.read_file(name.removeprefix("UFS:"))
        return content

    def events(self) -> list[Event]:
        self.run.collect()
        return [event for _, event in self.run.log.since()]

    def report(self) -> Report:
        return self.run.report(self.port.now_ns)


def message(bench: Bench, name: str, data: bytes) -> str:
    with pytest.raises(AssertionError) as caught:
        assert_uploaded(bench, name, data)
    return str(caught.value)


def test_an_intact_file_passes() -> None:
    bench = Bench("typical-flash").upload(DATA)
    assert_uploaded(bench, NAME, DATA)
    assert_no_bytes_lost(bench)


def test_a_missing_file_says_what_is_there() -> None:
    bench = Bench("typical-flash").upload(DATA)
    said = message(bench, "UFS:other", DATA)
    assert said.splitlines()[0] == "UFS:other is not on the device, which has UFS:ca.pem"
    assert "no upload of that name was begun" in said


def test_an_empty_device_says_so() -> None:
    assert "which has no file at all" in message(Bench("typical-flash"), NAME, DATA)


def test_lost_bytes_are_told_with_place_time_and_reason() -> None:
    bench = Bench("thread-57329").upload(DATA, ack=False)
    first, second, third, *_ = message(bench, NAME, DATA).splitlines()
    assert "of 5120 bytes stored; byte 1024 is the first that is wrong" in first
    assert second.startswith("  lost: ")
    assert "lost from byte 1024 on, at 0." in third
    assert "ring full for" in third
    with pytest.raises(AssertionError, match="lost from byte 1024"):
        assert_no_bytes_lost(bench)


def test_wrong_bytes_are_shown() -> None:
    bench = Bench("typical-flash").upload(DATA)
    wrong = DATA[:7] + b"x" + DATA[8:]
    said = message(bench, NAME, wrong)
    assert "byte 7 is the first that is wrong" in said
    assert "instead of b'x" in said
    assert "wrong: UFS:ca.pem differs from byte 7 on" in said


def test_a_shorter_and_a_longer_file_are_told_apart() -> None:
    bench = Bench("typical-flash").upload(DATA)
    said = message(bench, NAME, DATA + b"more")
    assert "5120 of 5124 bytes stored; the last are missing, from byte 5120 on" in said
    said = message(bench, NAME, DATA[:-1])
    assert "5120 bytes stored instead of 5119; the surplus is at the end" in said


def test_the_hosts_conduct_is_named_where_it_was_the_cause() -> None:
    bench = Bench("thread-57329").upload(DATA, waits=False)
    said = message(bench, NAME, DATA)
    assert "byte 1024 was lost because you did not wait for `A`: ring full" in said
    assert "  no-wait-for-ack at 0." in said
    assert " -> after every 1024 bytes read until the `A` has come" in said


def test_good_conduct_and_bad_even_where_the_file_is_whole() -> None:
    right = Bench("typical-flash").upload(DATA)
    assert_good_conduct(right)
    lucky = Bench("typical-flash").upload(DATA[:2048], waits=False)
    assert_uploaded(lucky, NAME, DATA[:2048])
    with pytest.raises(AssertionError, match=r"no-wait-for-ack at .*, byte 1024: 1024 more bytes"):
        assert_good_conduct(lucky)
    assert_good_conduct(lucky, allow=["no-wait-for-ack"])


def leave_early(*, closes: bool, waits_s: float) -> str:
    """Half an upload, then silence: what `assert_good_conduct` says."""
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=1)
        port.write(b'AT+QFUPL="UFS:ca.pem",40,20\r')
        assert port.read_until(b"CONNECT\r\n").endswith(b"CONNECT\r\n")
        port.write(b"x" * 40)
        port.flush()
        if closes:
            port.close()
        time.sleep(waits_s)
        try:
            assert_good_conduct(device)
        except AssertionError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("waits_s", [0, 30])
def test_a_host_left_when_it_closed_the_port(waits_s: float) -> None:
    said = leave_early(closes=True, waits_s=waits_s)
    assert "gave-up-early at 0.0" in said
    assert "s after the last byte of" in said or "together with the last byte" in said


def test_who_has_the_port_open_is_still_there() -> None:
    with quecsim.open_virtual("ec200u") as device:
        port = serial.serial_for_url(device.url, 115200, timeout=1)
        port.write(b'AT+QFUPL="UFS:ca.pem",40,20\r')
        port.read_until(b"CONNECT\r\n")
        port.write(b"x" * 30)
        time.sleep(10)
        with pytest.raises(AssertionError, match=r"left-in-data-mode at 10\.\d+ s"):
            assert_good_conduct(device)
        assert device.report().at_ns == device.now_ns


@pytest.mark.parametrize("any_rate", [False, True])
def test_a_wrong_rate_fails_every_assert_unless_any_will_do(any_rate: bool) -> None:
    with quecsim.open_virtual("ec200u", any_rate=any_rate) as device:
        port = serial.serial_for_url(device.url, baudrate=9600, timeout=1)
        assert upload(port, UploadPlan("UFS:x", b"data")).ok
        port.close()
        checks: list[Callable[[], None]] = [
            lambda: assert_uploaded(device, "UFS:x", b"data"),
            lambda: assert_no_bytes_lost(device),
            lambda: assert_good_conduct(device),
        ]
        complaints = []
        for check in checks:
            try:
                check()
            except AssertionError as error:
                complaints.append(str(error))
    assert len(complaints) == (0 if any_rate else 3)
    assert all("line-mismatch at " in each and "9600 8N1" in each for each in complaints)


class Looked:
    """What a test can look at, of a run that is over."""

    def __init__(self, story: NetworkStory) -> None:
        self._story = story

    def files(self) -> dict[str, int]:
        return {}

    def read_file(self, name: str) -> bytes:
        raise FileNotFoundError(name)

    def events(self) -> list[Event]:
        return self._story.events

    def report(self) -> Report:
        return self._story.report


def complaint(check: Callable[[Looked], None], story: NetworkStory) -> str:
    with pytest.raises(AssertionError) as caught:
        check(Looked(story))
    return str(caught.value)


def test_a_client_that_is_connected() -> None:
    story = NetworkStory().upload("ca.pem", CA).names_ca().opens()
    assert complaint(assert_connected, story) == (
        "MQTT client 0 and broker.example:8883: after +QMTOPEN comes +QMTCONN, and it never came"
    )
    story.ask('AT+QMTCONN=0,"me"')
    assert_connected(Looked(story))
    assert_no_network_trouble(Looked(story))
    story.ask("AT+QMTDISC=0")
    assert_connected(Looked(story))
    assert_no_network_trouble(Looked(story))


def test_a_client_that_is_not_is_told_with_the_byte() -> None:
    story = NetworkStory().upload("ca.pem", CA[:700], len(CA)).names_ca().opens()
    told = complaint(assert_connected, story)
    assert told.startswith("MQTT client 0 could not connect to broker.example:8883: the CA in ")
    assert ", because its upload did not bring the file: only 700 of 1188 bytes came" in told
    lines = complaint(assert_no_network_trouble, story).splitlines()
    assert lines == ["the network had trouble:", f"  {told}"]


def test_results_that_are_no_success_are_trouble() -> None:
    story = NetworkStory().opens(1883).opens(1883)
    assert complaint(assert_no_network_trouble, story).splitlines()[1:] == [
        "  MQTT client 0: +QMTOPEN said 2 (the client is in use already)"
    ]


def test_a_client_that_asked_for_nothing() -> None:
    story = NetworkStory().ask('AT+QMTOPEN=1,"broker.example",1883')
    assert complaint(assert_connected, story) == (
        "MQTT client 0 asked for no connection; MQTT client 1 did"
    )
    assert complaint(assert_connected, NetworkStory()).endswith("; nobody did")


def test_a_client_that_waits() -> None:
    story = NetworkStory().ask('AT+QMTOPEN=0,"broker.example",1883', ms(600))
    assert complaint(assert_connected, story).endswith(
        "the connection is waiting, and was never open"
    )
