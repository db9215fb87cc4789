"""Counterexamples that the laws have found, each as the smallest run that shows it."""

from quecsim.device.power import PowerState
from quecsim.firmware.package import build_package
from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.trace.event import Lost, Rts, SendDropped
from quecsim.units import S, ms, s
from tests.laws.driver import (
    CutPower,
    Cutter,
    Line,
    Parts,
    PowerOn,
    Setup,
    Step,
    Write,
    device_profile,
    essence,
    play,
)
from tests.laws.host import Host
from tests.laws.strategies import pattern

XOFFABLE = {"ifc_values": (0, 1, 2)}
BYTE_NS = 10 * S // 115200


def test_what_has_left_is_not_held_back_by_a_later_xoff() -> None:
    """The host types, and its XOFF follows at once: what was echoed before has been sent."""
    run = play(Setup({"uart": XOFFABLE}, RigConfig(ifc=(1, 1))), [(0, Write(b"abcdef\x13"))])
    assert run.text == b"abcdef"
    assert not run.of(SendDropped)


def test_an_echo_never_comes_before_its_byte() -> None:
    """A slow host and a fast device: the device cannot send what it has not heard."""
    run = play(Setup({}, RigConfig(host_baud=9600)), [(0, Write(b"slow"))])
    assert [at_ns for at_ns, _ in run.output] == [
        (index + 1) * 10 * S // 9600 + 10 * S // 115200 for index in range(4)
    ]


def test_xoff_leaves_when_the_ring_reaches_the_level() -> None:
    """Not when the device last did something."""
    marks = {"rts_off_bytes": 100, "rts_on_bytes": 10}
    config = RigConfig(
        ifc=(0, 1), flash_mode=FlashMode.INSTANT, stalls=(AddedStall(ms(300), at_byte=500),)
    )
    script: list[Step] = [(0, Write(b'AT+QFUPL="a",3000,5\r')), (s(1), Write(pattern(700)))]
    run = play(Setup({"uart": XOFFABLE | marks}, config), script)
    reached_ns = s(1) + 600 * 10 * S // 115200
    assert next((event.at_ns, event.on) for event in run.of(Rts)) == (reached_ns, False)
    assert [at_ns for at_ns, byte in run.output if byte == 0x13] == [reached_ns + BYTE_NS]


def test_rts_comes_back_at_its_level_however_the_bytes_were_cut() -> None:
    setup = Setup(
        {"uart": {"rts_off_bytes": 200, "rts_on_bytes": 50}},
        RigConfig(ifc=(2, 2), host_flow="rtscts"),
    )
    script: list[Step] = [(0, Write(b'AT+QFUPL="a",4000,2,1\r')), (ms(50), Write(pattern(4000)))]
    whole, cut = play(setup, script), play(setup, script, Cutter(cuts=[1, 7]))
    levels = [(event.on, event.level) for event in whole.of(Rts)]
    assert set(levels) == {(False, 200), (True, 50)}
    assert essence(cut.events) == essence(whole.events)


def test_xon_wakes_a_waiting_command_only_once() -> None:
    """CONNECT waits for room in the transmit buffer; XON comes at the moment there is room."""
    parts: Parts = {
        "uart": {**XOFFABLE, "tx_ring_bytes": 16},
        "at": {"command_latency_us": 0, "lf_wait_ms": 0},
        "files": {"block_count": 16, "ufs_bytes": 0, "first_handle": 1027},
    }
    config = RigConfig(ifc=(1, 1), flash_mode=FlashMode.INSTANT)
    for spaces in range(9):  # for one of them the two times are equal to the nanosecond
        line = b"ATE0\rAT" + b" " * spaces + b'+CMEE?;+QFUPL="a",100,1\r'
        early = b"x" * (12 + 11 - 16 - 1)  # what is too much for the buffer, and the XON
        script: list[Step] = [(0, Write(line + early + b"\x11")), (ms(100), Write(bytes(100)))]
        run = play(Setup(parts, config), script)
        assert dict(run.files)["a"].startswith(early + bytes(1))
        assert run.counters["stored"] == 100


def test_a_mismatch_is_reported_when_the_rate_changes_under_way() -> None:
    script: list[Step] = [(0, Write(bytes(100))), (ms(1), Line(9600, "8N1", "none"))]
    kinds = [type(event).__name__ for event in play(Setup(), script).events]
    assert kinds.count("LineMismatch") == 1


def test_power_that_goes_within_a_flash_work_leaves_the_flash_usable() -> None:
    host = Host(Setup().rig())
    host.rig.nor.cut_after_operations = 1
    host.send(b'AT+QFUPL="a",10\r')
    host.pause(s(1))
    assert host.rig.device.power is PowerState.OFF
    assert host.rig.nor.power_cuts == 1
    host.rig.power_on(host.now_ns)
    host.pause(s(12))
    assert host.ask(b"AT+QFLST").endswith(b"\r\nOK\r\n")


def test_factory_settings_let_go_of_a_held_line() -> None:
    """AT&F switches flow control off; nothing could release the transmitter otherwise."""
    run = play(
        Setup({"uart": XOFFABLE}),
        [
            (0, Write(b"AT+IFC=1,1\r")),
            (ms(100), Write(b"\x13AT&F\r")),
            (s(2), Write(b"AT\r")),
        ],
    )
    assert run.text.endswith(b"AT\r\r\nOK\r\n")


def test_the_record_does_not_show_that_somebody_looked() -> None:
    """Bytes to a device that is off are one loss; what somebody does on the way parts it in two."""
    script: list[Step] = [(0, CutPower()), (0, Write(bytes(40)))]
    (lost,) = play(Setup(), script).of(Lost)
    assert (lost.offset, lost.count, lost.last_ns) == (0, 40, 40 * 10 * S // 115200)
    first, second = play(Setup(), [*script, (ms(2), CutPower())]).of(Lost)
    assert (first.offset, first.last_ns < ms(2), second.offset) == (0, True, first.count)
    assert (second.count, second.last_ns) == (40 - first.count, lost.last_ns)


def test_nor_how_often_in_the_middle_of_a_line_or_of_a_full_ring() -> None:
    config = RigConfig(stalls=(AddedStall(ms(300), at_byte=100),))
    script: list[Step] = [
        (0, Write(bytes(700))),  # junk, and a long echo of it
        (ms(90), Write(b'AT+QFUPL="a",900\r')),
        (ms(90), Write(pattern(900))),
    ]
    setup = Setup({"uart": {"rx_ring_bytes": 200}}, config)
    for shares in ([3], [1, 2, 500], list(range(0, 1000, 7))):
        assert play(setup, script, Cutter(naps=shares)).events == play(setup, script).events


def test_a_finished_work_is_not_undone_by_a_cut_in_the_pause_after_it() -> None:
    """The flash says that it is done; the device then waits a second before it restarts."""
    package = build_package(pattern(900), device_profile("ec200t").identity.revision, "NEXT")
    host = Host(Setup(device="ec200t").rig())
    host.send(b'AT+QFOTADL="FILE:%d",1,0,5\r' % len(package))
    host.wait_for(b'"FILESTART"\r\n')
    host.send(package)
    host.wait_for(b'"END",0')
    host.rig.cut_power(host.now_ns)
    host.rig.power_on(host.now_ns)
    assert host.pause(s(9)).startswith(b"\r\nRDY\r\n")
    assert host.rig.device.context.revision == "NEXT"


def test_an_old_xoff_ends_with_its_mode() -> None:
    run = play(
        Setup({"uart": XOFFABLE}),
        [
            (0, Write(b"AT+IFC=1,1\r")),
            (ms(100), Write(b"\x13AT+IFC=0,0\r")),
            (s(2), Write(b"AT+IFC=1,1\r")),
            (s(2), Write(b"AT\r")),
        ],
    )
    assert run.text.endswith(b"AT\r\r\nOK\r\n")


def test_an_echo_that_cannot_leave_is_dropped_in_time() -> None:
    script: list[Step] = [(0, Write(b"\x13")), (s(1), Write(b"typed"))]
    run = play(Setup({"uart": XOFFABLE}, RigConfig(ifc=(1, 1))), script)
    (dropped,) = run.of(SendDropped)
    assert (dropped.count, dropped.why) == (5, "cts")
    assert dropped.at_ns == s(1) + BYTE_NS + ms(500)


def test_a_farewell_that_could_not_leave_is_not_heard_after_the_next_start() -> None:
    script: list[Step] = [
        (0, Write(b"AT+QPOWD\r\x13")),
        (s(5), PowerOn()),
        (s(12), Write(b"AT\r")),
    ]
    run = play(Setup({"uart": XOFFABLE}, RigConfig(ifc=(1, 1))), script)
    assert run.text.count(b"POWERED DOWN") <= 1
    after = b"".join(bytes((byte,)) for at_ns, byte in run.output if at_ns > s(5))
    assert after.startswith(b"\r\nRDY\r\n")
