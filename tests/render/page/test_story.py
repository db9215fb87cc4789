from dataclasses import replace

from msgspec import structs

from quecsim.render.page.story import story
from quecsim.report.air import BleConnection, BleReport, BleSession
from quecsim.run.recorded import recorded
from quecsim.scenario.loader import load_scenario
from quecsim.testing.journey import run_journey
from quecsim.units import s
from tests.cli.test_report import record
from tests.render.page.runs import acked


def test_the_chain_from_the_busy_flash_to_the_lost_bytes() -> None:
    told = " ".join(story(recorded(record("thread-57329"))))
    assert "to a simulated Quectel EC200U over its UART at 115200 8N1" in told
    assert "the receive ring, which holds 512 bytes here" in told
    assert "for up to 45.0 ms in one go" in told
    assert "were lost: 153 bytes in all" in told
    assert "flow control was off at both ends" in told
    assert "Such a file is damaged" in told


def test_flow_control_that_held_the_host_is_told() -> None:
    told = story(recorded(record("thread-57329", flow="rtscts", ifc=(2, 2))))
    assert len(told) == 2
    assert "late, not lost" in told[1]


def test_flow_control_at_one_end_alone_is_told_as_that() -> None:
    told = " ".join(story(recorded(record("thread-57329", flow="none", ifc=(2, 2)))))
    assert "at the device it was RTS/CTS, at the host off" in told


def test_ack_mode_is_told_and_damage_is_not() -> None:
    told = " ".join(story(recorded(acked())))
    assert "asked for ACK mode, in which a host waits after every 1024 bytes until" in told
    assert "damaged" not in told


def test_a_record_that_was_cut_short_says_so() -> None:
    events = record("thread-57329")
    assert "The record ends before the run did" in story(recorded(events[:-1]))[-1]
    assert not any("record ends" in told for told in story(recorded(events)))


def test_what_the_network_was_used_for_is_told() -> None:
    journey = run_journey(load_scenario("journey-fcm242d-https"))
    told = story(recorded(journey.ran.events))
    assert told[-1].startswith("The module asked for 1 connection: ")
    assert "HTTP to web.example:443: open at " in told[-1]


def test_what_was_made_to_go_wrong_is_told_as_that() -> None:
    told = " ".join(story(recorded(record("noisy-line"))))
    assert "was made to go wrong on purpose: bit 5 turned over in byte 700" in told


def test_transparent_mode_and_who_was_connected() -> None:
    lossy = recorded(record("thread-57329"))
    made = BleConnection(number=1, address="58d3", name="phone", joined_ns=s(1), interval=24)
    session = BleSession(connection=1, begin_ns=1, offset=0, lost=9)
    ble = BleReport(connections=[made], sessions=[session])
    paragraphs = story(replace(lossy, report=structs.replace(lossy.report, ble=ble)))
    assert any("while Bluetooth LE has no room for more, what" in each for each in paragraphs)
    assert any("had 1 connection: 1.000 s: phone (58d3) connected (" in each for each in paragraphs)
