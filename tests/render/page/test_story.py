from quecsim.render.page.story import story
from quecsim.run.recorded import recorded
from quecsim.scenario.loader import load_scenario
from quecsim.testing.journey import run_journey
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
