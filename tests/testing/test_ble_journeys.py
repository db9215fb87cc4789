"""What the scenarios over Bluetooth LE show is so: which bytes get there, which do not, and why."""

from functools import cache

from quecsim.report.model import Report
from quecsim.scenario.loader import load_scenario
from quecsim.testing.journey import JourneyRun, run_journey


@cache
def played(name: str) -> JourneyRun:
    """One journey, as it stands."""
    run = run_journey(load_scenario(name))
    assert run.trouble == ""
    return run


def report(name: str) -> Report:
    """What it was about."""
    return played(name).ran.report


def test_a_phone_gets_all_that_a_sensor_has_to_say() -> None:
    ble = report("journey-fcm242d-ble-sensor").ble
    (connection,) = ble.connections
    assert (connection.name, connection.is_central, connection.mtu) == ("phone", False, 185)
    found = {(one.uuid, one.way): (one.given, one.arrived, one.lost) for one in ble.transfers}
    assert found == {("fff2", "up"): (18, 18, 0), ("fff2", "down"): (10, 10, 0)}


def test_a_central_reads_a_thermometer_and_is_notified() -> None:
    ble = report("journey-fgm842d-ble-thermometer").ble
    (connection,) = ble.connections
    assert (connection.name, connection.is_central) == ("Thermo", True)
    (notified,) = [one for one in ble.transfers if one.way == "down"]
    assert notified.uuid == "2a1c"
    assert notified.arrived == notified.given


def test_a_fast_line_without_flow_control_loses_in_the_ring_what_the_air_cannot_carry() -> None:
    whole = report("ble-image-no-flow")
    (session,) = whole.ble.sessions
    (transfer,) = whole.ble.transfers
    assert transfer.lost == 0  # what the air was given has got there
    assert session.lost == whole.counters.lost_by_cause["ring"] > 5000
    assert transfer.arrived + session.lost == 20_000
    assert session.carries_bytes_per_s == 4 * 244 * 1000 // 30
    assert "waiting for the other side to take more" in session.losses[0].why
    assert "flow control: device off, host off" in session.losses[0].why


def test_who_is_out_of_range_for_too_long_never_gets_what_waited() -> None:
    whole = report("ble-out-of-range")
    (connection,) = whole.ble.connections
    assert connection.why == "timeout"
    assert [fault.fired for fault in whole.faults] == [1]
    (transfer,) = whole.ble.transfers
    assert transfer.lost > 0
    assert transfer.given == transfer.arrived + transfer.lost
    (session,) = whole.ble.sessions
    assert session.sent == 6000  # of which the ring had no room for the last
    assert session.lost == whole.counters.lost_by_cause["ring"]
