"""+CFUN, +CPIN, +QPOWD, and the start-up texts, each at its time."""

import pytest

from quecsim.flash.timing import FlashMode
from quecsim.trace.event import Lost, Power, SendDropped, Urc, UrcDropped
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, cme, info, profile


def byte_ns(count: int) -> int:
    return count * 10 * s(1) // 115200


def urc(text: str) -> bytes:
    return f"\r\n{text}\r\n".encode()


def powers(bench: Bench) -> list[tuple[int, str, str]]:
    return [(event.at_ns, event.state, event.why) for event in bench.events(Power)]


FAREWELL = urc("POWERED DOWN")
START_UP = [
    ("RDY", 0),
    ("+CPIN: READY", 600),
    ("+QUSIM: 1", 650),
    ("+QIND: SMS DONE", 5500),
    ("+QIND: PB DONE", 6000),
]


def test_start_up_texts_come_in_order_at_their_times() -> None:
    """Observed on EC200 class: RDY, +CPIN, +QUSIM, SMS DONE 5 to 6 s after RDY, PB DONE."""
    bench = Bench(is_up=False)
    bench.rest()
    assert bytes(bench.output) == b"".join(urc(text) for text, _ in START_UP)
    for text, at_ms in START_UP:
        ready_ns = ms(3300)
        assert bench.arrival_ns(urc(text)) == ready_ns + ms(at_ms) + byte_ns(len(urc(text)))
    assert powers(bench) == [(0, "booting", "power on"), (ms(3300), "on", "ready")]


def test_a_device_that_boots_hears_nothing() -> None:
    bench = Bench(is_up=False)
    bench.send(b"AT\r")
    assert bench.run_for(s(1)) == b""
    (lost,) = bench.events(Lost)
    assert (lost.cause, lost.count) == ("off", 3)
    bench.rest()
    assert bench.ask("AT") == OK


def test_a_device_that_is_up_says_nothing_by_itself() -> None:
    bench = Bench()
    assert bench.run_for(s(60)) == b""
    assert powers(bench) == [(0, "on", "already up")]


# CFUN


def test_cfun_forms() -> None:
    bench = Bench()
    assert bench.ask("AT+CFUN=?") == info("+CFUN: (0,1,4),(0,1)")
    assert bench.ask("AT+CFUN?") == info("+CFUN: 1")
    for tail in ("2", "5", "", "1,2", "1,0,0"):
        assert bench.ask(f"AT+CFUN={tail}") == cme(50)


def test_radio_off_and_on_brings_the_four_texts_again() -> None:
    """Observed: the last four of the start-up also follow AT+CFUN=0 / AT+CFUN=1."""
    bench = Bench()
    assert bench.ask("AT+CFUN=0") == OK
    assert bench.ask("AT+CFUN?") == info("+CFUN: 0")
    bench.send(b"AT+CFUN=1\r")
    ok_ns = bench.until(OK)
    texts = [("+CPIN: READY", 400), ("+QUSIM: 1", 450)]
    texts += [("+QIND: SMS DONE", 3000), ("+QIND: PB DONE", 3500)]
    assert bench.rest() == b"".join(urc(text) for text, _ in texts)
    for text, after_ms in texts:
        assert bench.arrival_ns(urc(text)) == ok_ns + ms(after_ms) + byte_ns(len(urc(text)))


@pytest.mark.parametrize("functionality", [0, 4])
def test_what_the_radio_had_to_say_is_not_said_when_it_goes_off_again(functionality: int) -> None:
    bench = Bench()
    bench.ask("AT+CFUN=0")
    bench.send(b"AT+CFUN=1\r")
    bench.until(urc("+QUSIM: 1"))
    assert bench.ask(f"AT+CFUN={functionality}") == OK
    dropped = [(event.text, event.why) for event in bench.events(UrcDropped)]
    why = "the radio was switched off"
    assert dropped == [("+QIND: SMS DONE", why), ("+QIND: PB DONE", why)]


def test_the_radio_on_and_off_many_times_is_announced_once() -> None:
    bench = Bench()
    for _ in range(8):
        bench.send(b"AT" + b";".join([b"+CFUN=0;+CFUN=1"] * 40) + b"\r")
        bench.until(OK)
    bench.rest()
    texts = ["+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"]
    assert [event.text for event in bench.events(Urc)] == texts


def test_cfun_1_when_it_is_1_already_says_nothing_more() -> None:
    bench = Bench()
    assert bench.ask("AT+CFUN=1") == OK
    assert bench.ask("AT+CFUN=1,0") == OK


@pytest.mark.parametrize("functionality", [0, 4])
def test_without_radio(functionality: int) -> None:
    bench = Bench()
    bench.ask(f"AT+CFUN={functionality}")
    assert bench.ask("AT+CSQ") == info("+CSQ: 99,99")
    assert bench.ask("AT+CREG?") == info("+CREG: 0,0")
    assert bench.ask("AT+CGATT?") == info("+CGATT: 0")
    assert bench.ask("AT+COPS?") == info("+COPS: 0")
    assert bench.ask("AT+CPIN?") == (cme(10) if functionality == 0 else info("+CPIN: READY"))


def test_cfun_1_1_answers_and_restarts() -> None:
    """UIS8910DM AT engine: OK, then the restart; about 5 s until RDY."""
    bench = Bench(contents={"x": b"kept"})
    bench.send(b"AT+CFUN=1,1\r")
    ok_ns = bench.until(OK)
    bench.rest()
    for text, at_ms in START_UP:
        ready_ns = ok_ns + s(5)
        assert bench.arrival_ns(urc(text)) == ready_ns + ms(at_ms) + byte_ns(len(urc(text)))
    assert powers(bench)[1:] == [(ok_ns, "booting", "restart"), (ok_ns + s(5), "on", "ready")]
    assert bench.ask('AT+QFLST="x"') == info('+QFLST: "UFS:x",4')


def test_what_comes_during_a_restart_is_lost() -> None:
    bench = Bench()
    bench.send(b"AT+CFUN=1,1\r")
    bench.until(OK)
    bench.send(b"AT\r")
    bench.rest()
    assert bench.rig.counters()["lost_off"] == 3


@pytest.mark.parametrize("functionality", [0, 4])
def test_a_restart_with_the_radio_off_is_refused(functionality: int) -> None:
    """UIS8910DM AT engine: <rst>=1 is refused with fun 0 or 4."""
    assert Bench().ask(f"AT+CFUN={functionality},1") == cme(3)


def test_a_restart_brings_the_radio_back() -> None:
    bench = Bench()
    bench.ask("AT+CFUN=4")
    bench.ask("AT+CFUN=1,1")
    bench.run_for(s(15))
    assert bench.ask("AT+CFUN?") == info("+CFUN: 1")


# CPIN


def test_cpin() -> None:
    bench = Bench()
    assert bench.ask("AT+CPIN?") == info("+CPIN: READY")
    assert bench.ask("AT+CPIN=?") == OK
    assert bench.ask("AT+CPIN") == ERROR


# QPOWD


@pytest.mark.parametrize("command", ["AT+QPOWD", "AT+QPOWD=1"])
def test_power_down_says_ok_and_then_farewell(command: str) -> None:
    """AT engine of a sibling: OK first, POWERED DOWN a second after; then the power goes."""
    bench = Bench()
    bench.send(command.encode() + b"\r")
    ok_ns = bench.until(OK)
    assert bench.rest() == FAREWELL
    assert powers(bench)[1:] == [
        (ok_ns, "stopping", "power down"),
        (ok_ns + s(1) + byte_ns(len(FAREWELL)), "off", "stopped"),
    ]
    assert bench.arrival_ns(FAREWELL) == ok_ns + s(1) + byte_ns(len(FAREWELL))
    assert bench.events(SendDropped) == []
    assert bench.ask("AT") == b""
    assert bench.events(Lost)[-1].doing == "the device was off"


def test_power_down_0_says_no_farewell() -> None:
    """The engine of a sibling prints neither OK nor the farewell for mode 0."""
    bench = Bench()
    assert bench.ask("AT+QPOWD=0") == b""
    assert [why for _, _, why in powers(bench)][1:] == ["power down", "stopped"]


def test_the_farewell_leaves_a_usb_port_too() -> None:
    assert Bench(port="usb").ask("AT+QPOWD") == OK + FAREWELL


def test_a_power_cut_before_the_farewell_takes_it_away() -> None:
    bench = Bench()
    bench.send(b"AT+QPOWD\r")
    bench.until(OK)
    bench.run_for(ms(500))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    assert FAREWELL not in bench.rest()
    assert [state for _, state, _ in powers(bench)][1:] == ["stopping", "off", "booting", "on"]


@pytest.mark.parametrize(
    ("line", "states"),
    [
        ("AT+QPOWD;+QPOWD", ["stopping", "off"]),
        ("AT+QPOWD;+CFUN=1,1", ["stopping", "off"]),
        ("AT+QPOWD;+IPR=9600;+QPOWD=0", ["stopping", "off"]),
        ("AT+CFUN=1,1;+CFUN=1,1", ["booting", "on"]),
        ("AT+CFUN=1,1;+QPOWD", ["booting", "on"]),
        ("AT+IPR=9600;+CFUN=1,1;+QPOWD=0", ["booting", "on"]),
    ],
)
def test_the_first_power_command_of_a_line_is_the_last_that_acts(
    line: str, states: list[str]
) -> None:
    bench = Bench()
    bench.ask(line)
    assert [state for _, state, _ in powers(bench)][1:] == states
    if states[-1] == "off":
        bench.rig.power_on(bench.now_ns)
        bench.rest()
    assert bench.ask("AT") == OK


def test_power_down_forms() -> None:
    bench = Bench()
    assert bench.ask("AT+QPOWD=?") == info("+QPOWD: (0,1)")
    assert bench.ask("AT+QPOWD=2") == cme(50)
    assert bench.ask("AT+QPOWD?") == ERROR


def test_another_family_says_it_in_other_words() -> None:
    """M95 and BG95."""
    bench = Bench(profile(boot={"power_down_text": "NORMAL POWER DOWN"}))
    assert bench.ask("AT+QPOWD") == OK + b"\r\nNORMAL POWER DOWN\r\n"


def test_power_on_again_after_power_down() -> None:
    bench = Bench(contents={"x": b"kept"})
    bench.ask("AT+QPOWD")
    on_ns = bench.now_ns
    bench.rig.power_on(on_ns)
    bench.rest()
    rdy = [event.at_ns for event in bench.events(Urc) if event.text == "RDY"]
    assert rdy == [on_ns + ms(3300)]
    assert bench.ask("AT+QFLST") == info('+QFLST: "UFS:x",4')


def test_a_power_cut_in_the_middle_of_an_upload_keeps_what_was_closed() -> None:
    """BG95: after a reset in the middle of an upload the file is there, truncated."""
    bench = Bench(flash_mode=FlashMode.TYPICAL, contents={"old": b"old"})
    bench.send(b'AT+QFUPL="x",50000\r')
    bench.until(b"CONNECT\r\n")
    bench.send(bytes(30_000))
    bench.run_for(s(2))
    bench.rig.cut_power(bench.now_ns)
    assert bench.file("old") == b"old"
    bench.rig.power_on(bench.now_ns)
    bench.run_for(s(15))
    counters = bench.rig.counters()
    assert counters["sent"] == sum(
        counters[place] for place in ("stored", "lost", "eaten", "in_flight")
    )
    assert bench.ask("AT") == OK
    assert bench.ask('AT+QFUPL="x",3') == cme(407)
