"""Transparent mode over Bluetooth LE: both ways, packets, what is lost, its end, the way back."""

import msgspec
import pytest

from quecsim.border.ble import Characteristic, Discovered, GattService, Joined, MtuIs
from quecsim.device import jobs
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.report.builder import ReportBuilder
from quecsim.trace.event import BleLost, DataEnd, Eaten, Lost
from quecsim.units import MS, s
from tests.commands.ble_bench import FAST, PHONE, BleBench
from tests.device.bench import ERROR, OK

GONE, NOBODY = "their connection was gone", "nobody had connected yet"
UNHEARD = "the other side had not switched notifications on"
CONNECTED = b'\r\n+QBLESTAT: "CONNECTED"\r\n'
DISCONNECTED = b'\r\n+QBLESTAT: "DISCONNECTED"\r\n'
CONNECT = b"\r\nCONNECT\r\n"


@pytest.fixture
def bench() -> BleBench:
    return BleBench().advertising()


def ends(bench: BleBench) -> list[str]:
    return [event.why for event in bench.events(DataEnd)]


def eaten(bench: BleBench) -> list[tuple[bytes, str]]:
    return [(event.data, str(event.why)) for event in bench.events(Eaten) if event.data]


# both ways


def test_the_line_is_the_connection(bench: BleBench) -> None:
    bench.connected(247).goes_on_line()
    every = bytes(range(256))
    bench.send(every)
    assert bench.says(every[:200]).says(every[200:]).rest() == every
    assert bench.arrived() == every
    bench.send(b"AT+QBLESTAT\r")
    assert bench.rest() == b"", "it is data like any other"
    assert bench.escapes() == OK
    assert bench.ask("AT+QBLESTAT") == b'\r\n+QBLESTAT: "CONNECTED"\r\n' + OK
    assert ends(bench) == ["escape"]
    assert bench.says(b"x").rest() == b'\r\n+QBLERECV: 0,"fff2",1\r\nx\r\n'


def test_packets_are_as_long_as_the_mtu_allows_or_end_with_a_pause(bench: BleBench) -> None:
    bench.connected().goes_on_line()
    bench.send(b"x" * 50)
    bench.rest()
    bench.hear(MtuIs(103)).rest()
    bench.send(b"y" * 120)
    bench.rest()
    # the block that was begun is as long as it was to be
    assert bench.pieces() == [20, 20, 10, 20, 100]


def test_a_central_writes_without_an_answer() -> None:
    bench = BleBench().does("AT+QBLEINIT=1")
    assert bench.ask('AT+QBLETRANMODE="FFF2"') == ERROR
    bench.joins()
    assert bench.ask('AT+QBLETRANMODE="FFF2"') == ERROR, "not discovered"
    each = Characteristic("fff2", write_command=True), Characteristic("fff3", notify=True)
    bench.hear(Discovered((GattService("fff1", each),)))
    assert bench.rest().endswith(b'+QBLEINFO: "DOWN"\r\n')
    assert bench.ask('AT+QBLETRANMODE="FFF4"') == bench.ask('AT+QBLETRANMODE="FFF3"') == ERROR
    bench.goes_on_line(",1")
    bench.send(b"to you")
    assert bench.says(b"to me", "fff3").rest() == b"to me"
    assert (bench.wanted()[-1], bench.arrived()) == ("write", b"to you")
    assert bench.leaves().rest() == DISCONNECTED


@pytest.mark.parametrize(
    "line", ['"FFF3"', '"FFF"', '"FFF2",2', "", '"FFF2",0,0', '"fff2",x', '"FFF1"']
)
def test_what_it_does_not_take(bench: BleBench, line: str) -> None:
    assert bench.ask(f"AT+QBLETRANMODE={line}") == ERROR


def test_it_needs_a_role_advertising_and_a_characteristic_that_notifies() -> None:
    bench = BleBench()
    assert bench.ask('AT+QBLETRANMODE="FFF2"') == ERROR
    bench.advertising().does("AT+QBLEADVSTOP")
    assert bench.ask('AT+QBLETRANMODE="FFF2"') == ERROR
    bench.does('AT+QBLEGATTSCHAR="FFF3",03', "AT+QBLEADVSTART")
    assert bench.ask('AT+QBLETRANMODE="FFF3"') == ERROR


# what is lost


def test_bytes_for_nobody(bench: BleBench) -> None:
    bench.goes_on_line()
    bench.send(b"too early")
    bench.rest()
    bench.hear(Joined(PHONE, parameters=FAST)).rest()
    bench.send(b"unheard")
    bench.rest()
    bench.exchange()
    bench.rest()
    bench.send(b"at last")
    bench.rest()
    assert bench.dropped() == [("up", 9, NOBODY), ("up", 7, UNHEARD)]
    assert eaten(bench)[-2:] == [(b"too early", NOBODY), (b"unheard", UNHEARD)]
    assert bench.arrived() == b"at last"
    assert bench.escapes() == OK + CONNECTED


def test_a_drop_in_the_middle_of_a_packet(bench: BleBench) -> None:
    bench.connected(247).goes_on_line()
    bench.send(b"half a packet")
    assert bench.leaves().rest() == DISCONNECTED
    assert ends(bench) == ["carrier"]
    assert bench.pieces() == []
    lost = dict.fromkeys(why for _, _, why in bench.dropped())
    assert list(lost) in ([GONE], [])
    assert bench.rig.counters().get("forwarded", 0) == 0
    assert bench.ask("AT+QBLESTAT") == b'\r\n+QBLESTAT: "ADVERTISING"\r\n' + OK


def slow(*, has_flow: bool = False) -> Profile:
    """One packet in each event, of 7.5 ms; a real one has no flow control."""
    profile = load_profile("fcm242d")
    assert profile.ble is not None
    ble = msgspec.structs.replace(profile.ble, packets_per_event=1, host_bytes=512)
    uart = profile.uart
    if has_flow:
        levels = {"rts_off_bytes": 1536, "rts_on_bytes": 512, "flow_scope": "always"}
        uart = msgspec.structs.replace(uart, ifc_values=(0, 2), tx_drop_ms=600_000, **levels)
    return msgspec.structs.replace(profile, ble=ble, uart=uart)


def test_more_than_the_air_takes_is_lost_in_the_ring() -> None:
    bench = BleBench(slow()).advertising().connected().goes_on_line()
    data = bytes(range(256)) * 20
    bench.send(data)
    bench.rest()
    lost = bench.events(Lost)
    assert {(event.cause, event.doing) for event in lost} == {
        ("ring", "Bluetooth LE was waiting for the other side to take more")
    }
    before = bench.rig.counters()["sent"] - len(data)
    kept = bytearray(data)
    for event in reversed(lost):
        del kept[event.offset - before : event.offset - before + event.count]
    assert len(kept) < len(data)
    assert bench.arrived() == kept
    assert bench.escapes() == OK


def test_with_flow_control_the_host_waits_instead() -> None:
    bench = BleBench(slow(has_flow=True), ifc=(2, 2), host_flow="rtscts")
    bench.advertising().connected().goes_on_line()
    data = bytes(range(256)) * 20
    bench.send(data)
    bench.run_for(MS * 400)
    assert bench.rig.is_host_held
    bench.rest()
    assert (bench.arrived(), bench.rig.counters()["lost"]) == (data, 0)


def test_a_host_that_takes_nothing_holds_the_other_side_back() -> None:
    bench = BleBench(slow(has_flow=True), ifc=(2, 2), host_flow="rtscts")
    bench.advertising().connected(247).goes_on_line()
    bench.rig.host_ready(bench.now_ns, ready=False)
    for _ in range(30):
        bench.says(b"y" * 200)
    assert bench.rest() == b""
    assert bench.wanted().count("hold") == 1
    counters = bench.rig.counters()
    assert counters["ble_down_on_way"] > 1000
    bench.rig.host_ready(bench.now_ns, ready=True)
    assert bench.rest() == b"y" * 6000
    holds = bench.wanted().count("hold")
    assert holds >= 2
    assert holds % 2 == 0
    assert bench.dropped() == []


def test_what_had_no_room_on_its_way_is_not_waited_for_also_where_it_is_nothing() -> None:
    bench = BleBench(slow(has_flow=True), ifc=(2, 2), host_flow="rtscts")
    bench.advertising().connected(247).goes_on_line()
    bench.rig.host_ready(bench.now_ns, ready=False)
    for _ in range(30):
        bench.says(b"y" * 200)
    bench.rest()
    before = bench.ear.taken
    for _ in range(1024):
        bench.says(b"")
    for data in (b"", b"z"):
        bench.says(data)
    assert bench.dropped()[-1] == ("down", 1, "too much was on its way")
    waiting = bench.rig.counters()["ble_down_on_way"] // 200
    assert bench.ear.taken == before + waiting + 2


def test_what_the_host_has_not_read_it_hears_of_behind_the_end(bench: BleBench) -> None:
    bench.connected(247).goes_on_line()
    bench.says(b"the last words").leaves()
    assert bench.rest() == b"the last words" + DISCONNECTED


def test_what_has_no_room_behind_the_escape_is_lost_by_its_own_offsets(bench: BleBench) -> None:
    bench.connected(247).goes_on_line()
    for _ in range(150):
        bench.says(b"z" * 244)
    seen = bench.run_for(MS * 1000)
    bench.send(b"+++")
    seen += bench.rest()
    lost = [(event.offset, event.count) for event in bench.events(BleLost)]
    assert len(lost) > 2
    assert lost == sorted(set(lost))
    assert seen.count(b"z") + sum(count for _, count in lost) == 150 * 244
    builder = ReportBuilder()
    builder.feed(bench.record())
    (told,) = builder.report().ble.transfers
    assert (told.given, told.pieces) == (150 * 244, 150)
    assert (told.arrived, told.lost) == (seen.count(b"z"), sum(count for _, count in lost))


def test_an_end_before_the_line_is_the_connection() -> None:
    """CONNECT alone fills the transmitter, and waits for the host."""
    profile = slow(has_flow=True)
    uart = msgspec.structs.replace(profile.uart, tx_ring_bytes=8)
    bench = BleBench(msgspec.structs.replace(profile, uart=uart), ifc=(2, 2), host_flow="rtscts")
    bench.advertising().connected()
    bench.rig.host_ready(bench.now_ns, ready=False)
    bench.send(b'AT+QBLETRANMODE="FFF2"\r')
    bench.run_for(s(1))
    bench.leaves().run_for(s(1))
    bench.rig.host_ready(bench.now_ns, ready=True)
    assert bench.rest() == CONNECT + DISCONNECTED
    assert bench.ask("AT") == OK


# the way back


def test_back_with_the_next_connection(bench: BleBench) -> None:
    bench.connected().goes_on_line(",1")
    for _ in range(2):
        assert bench.leaves().rest() == DISCONNECTED
        assert bench.ask("AT") == OK
        bench.hear(Joined(PHONE, parameters=FAST))
        assert bench.rest() == CONNECTED + CONNECT
        bench.exchange()
        bench.rest()
        bench.send(b"again")
        assert bench.says(b"too").rest() == b"too"
    assert bench.arrived() == b"againagain"
    assert bench.escapes() == OK
    assert ends(bench) == ["carrier", "carrier", "escape"]
    assert bench.leaves().rest() == DISCONNECTED
    bench.connected()  # and it stays at commands
    assert bench.ask("AT") == OK


def test_not_back_where_the_host_has_not_said_so(bench: BleBench) -> None:
    bench.connected().goes_on_line()
    assert bench.leaves().rest() == DISCONNECTED
    bench.connected()
    assert bench.ask("AT") == OK


@pytest.mark.parametrize("does", ["again", "off", "restart"])
def test_the_way_back_is_forgotten(bench: BleBench, does: str) -> None:
    bench.connected().goes_on_line(",1").leaves().rest()
    if does == "again":
        bench.goes_on_line(",0")
        assert bench.escapes() == OK
    elif does == "off":
        bench.does("AT+QBLEINIT=0").advertising()
    else:
        bench.ask("AT+QRST")
        bench.does("AT+QECHO=0").advertising()
    bench.connected()
    assert bench.ask("AT") == OK


def test_the_way_back_waits_for_the_command_that_runs(bench: BleBench) -> None:
    bench.connected().goes_on_line(",1").leaves().rest()
    bench.send(b'AT+QFOPEN="a"\r')
    bench.until(OK)
    bench.send(b"AT+QFWRITE=1,3\r")
    bench.until(CONNECT)
    bench.hear(Joined(PHONE, parameters=FAST))
    assert bench.run_for(s(1)) == b""
    bench.send(b"abc")
    assert bench.rest().endswith(OK + CONNECTED + CONNECT)


def test_a_connection_too_short_to_come_back_to(bench: BleBench) -> None:
    bench.connected().goes_on_line(",1").leaves().rest()
    bench.send(b'AT+QFOPEN="a"\r')
    bench.until(OK)
    bench.send(b"AT+QFWRITE=1,3\r")
    bench.until(CONNECT)
    bench.hear(Joined(PHONE, parameters=FAST)).run_for(s(1))
    bench.leaves().run_for(s(1))
    bench.send(b"abc")
    assert bench.rest().endswith(OK + CONNECTED + DISCONNECTED)
    bench.hear(Joined(PHONE, parameters=FAST))
    assert bench.rest() == CONNECTED + CONNECT


def test_no_room_for_another_job(bench: BleBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.connected()
    monkeypatch.setattr(jobs, "MOST_BACKGROUND", 0)
    assert bench.ask('AT+QBLETRANMODE="FFF2"') == ERROR
    monkeypatch.undo()
    bench.goes_on_line()
