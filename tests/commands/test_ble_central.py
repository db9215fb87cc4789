"""A device as a central: it scans, connects, and reads and writes what it finds."""

from collections.abc import Iterable

import pytest

from quecsim.border.ble import (
    BleNews,
    BleWhy,
    Came,
    Characteristic,
    Discovered,
    GattService,
    Heard,
    Joined,
    Left,
    MtuIs,
    Parameters,
    ParametersAre,
    Refused,
    Subscribed,
    Value,
    Written,
)
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import BleAsked
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, info

ADDRESS = "58d391010203"
LONG = "f" * 32
FOUND = Discovered(
    (
        GattService("fff1", (Characteristic("fff2", read=True, write_command=True, notify=True),)),
        GattService(LONG, (Characteristic(LONG, write=True),)),
    ),
    5,
)


class AirBench(Bench):
    """A device, and somebody on the air."""

    def __init__(self, name: str = "fcm242d", role: int | None = 1) -> None:
        super().__init__(load_profile(name))
        self._asked = 0
        if role is not None:
            assert self.ask(f"AT+QBLEINIT={role}") == OK

    def hear(self, *news: BleNews) -> bytes:
        """Somebody on the air says it; what the host reads."""
        for each in news:
            self.rig.advance(self.now_ns)
            self.rig.hear_ble(self.now_ns, each)
        return self.rest(s(5))

    def asked(self) -> list[str]:
        """What the device wanted of the air since the last call."""
        every = [f"{each.what} {each.words}".strip() for each in self.events(BleAsked)]
        new, self._asked = every[self._asked :], len(every)
        return new

    def begin(self, command: str) -> int:
        """It is answered by OK, and on the air; when the OK was there."""
        self.send(command.encode() + b"\r")
        ok_ns = self.until(OK)
        self.run_for(ms(3))
        return ok_ns

    def connect(self, mtu: int = 64) -> None:
        self.begin(f"AT+QBLECONN=0,{ADDRESS}")
        self.hear(Joined(ADDRESS, is_central=True), MtuIs(mtu), FOUND)
        self.asked()


@pytest.fixture
def bench() -> AirBench:
    return AirBench()


def lines(*texts: str) -> bytes:
    return b"".join(f"\r\n{text}\r\n".encode("latin-1") for text in texts)


# scanning


def scan_lines(bench: AirBench, command: str) -> bytes:
    bench.begin(command)
    return bench.hear(Heard(ADDRESS, True, "a", -70, b"\x02\x01\x06"), Heard("1" * 12))


def test_a_scan_is_heard_for_its_time_and_ends_without_a_word(bench: AirBench) -> None:
    head = f'+QBLESCAN: "a",1,"{ADDRESS}"'
    other = f'+QBLESCAN: "",0,"{"1" * 12}"'
    assert scan_lines(bench, "AT+QBLESCAN=1,100") == lines(head, other)
    assert bench.ask("AT+QBLESCAN?") == info("+QBLESCAN: 0")
    assert scan_lines(bench, "AT+QBLESCAN=2,10000") == lines(
        f'{head},-70,"020106"', f'{other},-60,""'
    )
    bench.rest()
    assert [each.split()[0] for each in bench.asked()] == ["scan", "stop"] * 2


def test_without_a_time_it_goes_on_until_it_is_stopped(bench: AirBench) -> None:
    scan_lines(bench, "AT+QBLESCAN=3")
    assert bench.ask("AT+QBLESCAN?") == info("+QBLESCAN: 1")
    assert bench.ask("AT+QBLESCAN=0") == OK
    assert bench.ask("AT+QBLESCAN?") == info("+QBLESCAN: 0")
    assert bench.ask("AT+QBLESCAN=0") == OK, "there is nothing to stop"


def test_new_intervals_hold_from_the_next_scan_on(bench: AirBench) -> None:
    bench.ask("AT+QBLESCAN=1")
    assert bench.ask("AT+QBLESCANPARAM=160,32") == OK
    bench.ask("AT+QBLESCAN=1")
    slots = [
        f"scan interval_ns={n * 625_000} window_ns={m * 625_000}" for n, m in ((100, 30), (160, 32))
    ]
    assert bench.asked() == slots


@pytest.mark.parametrize("wrong", ["4", "", "2", "1,99", "1,10001", "1,100,1", '"1"'])
def test_scans_that_it_does_not_take(bench: AirBench, wrong: str) -> None:
    assert bench.ask(f"AT+QBLESCAN={wrong}") == ERROR
    assert bench.ask("AT+QBLESCAN") == ERROR


# connecting


def test_all_that_follows_a_connection_in_order(bench: AirBench) -> None:
    bench.ask("AT+QBLECFGMTU=247")
    bench.ask("AT+QBLECONNPARAM=0,40,300,1")
    bench.begin(f"AT+QBLECONN=1,{ADDRESS.upper()}")
    assert bench.asked() == [
        f"join address={ADDRESS} is_random=True interval=40 latency=1 timeout=300"
    ]
    joined = Joined(ADDRESS, is_central=True, parameters=Parameters(40, 1, 300))
    heard = bench.hear(joined, MtuIs(185), ParametersAre(Parameters(24, 0, 500)), FOUND)
    assert heard == lines(
        '+QBLESTAT: "CONNECTED"',
        "+QBLEMTU: 185",
        "+QBLECONNPARAM: 0,24,500,0",
        '+QBLEINFO: "fff2"',
        f'+QBLEINFO: "{LONG}"',
        '+QBLEINFO: "DOWN"',
    )
    assert bench.asked() == ["ask mtu mtu=247", "discover"]
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "CONNECTED"')
    assert bench.ask("AT+QBLECONNPARAM?") == info("+QBLECONNPARAM: 0,24,500,0")


@pytest.mark.parametrize(("given", "waits_ms"), [("", 15_000), (",1000", 1000), (",60000", 60_000)])
def test_it_gives_up_after_its_time(bench: AirBench, given: str, waits_ms: int) -> None:
    began_ns = bench.begin(f"AT+QBLECONN=0,{ADDRESS}{given}")
    assert bench.unseen() == b""
    ended_ns = bench.until(b"DISCONNECTED") - began_ns
    assert ms(waits_ms - 20) < ended_ns < ms(waits_ms + 20)
    bench.rest()
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "DISCONNECTED"')
    assert [each.split()[0] for each in bench.asked()] == ["join", "give"]
    assert bench.ask(f"AT+QBLECONN=0,{ADDRESS},1000") == OK + lines('+QBLESTAT: "DISCONNECTED"')


@pytest.mark.parametrize(
    "wrong",
    [
        "2," + ADDRESS,
        "0",
        "0,58d39101020",
        "0,58d39101020g",
        f"0,{ADDRESS},999",
        f"0,{ADDRESS},60001",
    ],
)
def test_connections_that_it_does_not_try(bench: AirBench, wrong: str) -> None:
    assert bench.ask(f"AT+QBLECONN={wrong}") == ERROR


def test_one_connection_at_a_time(bench: AirBench) -> None:
    bench.begin(f"AT+QBLECONN=0,{ADDRESS}\rAT+QBLECONN=0,{ADDRESS}")
    bench.until(ERROR)
    bench.hear(Joined(ADDRESS, is_central=True))
    assert bench.ask(f"AT+QBLECONN=0,{ADDRESS}") == ERROR
    bench.hear(Left(BleWhy.PEER))
    bench.begin(f"AT+QBLECONN=0,{ADDRESS}")


# its parameters


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ("20,500,0", OK),
        ("6,10,0", OK),
        ("40,10,0", ERROR),  # 100 ms: not less than twice 50 ms
        ("39,10,0", OK),
        ("20,500,98", OK),
        ("20,500,99", ERROR),
        ("3200,3200,2", OK),
        ("3200,3200,3", ERROR),
    ],
)
def test_a_lost_event_must_not_end_the_connection(
    bench: AirBench, values: str, answer: bytes
) -> None:
    assert bench.ask(f"AT+QBLECONNPARAM=0,{values}") == answer


def test_in_a_connection_other_parameters_are_asked_for(bench: AirBench) -> None:
    bench.connect()
    assert bench.ask("AT+QBLECONNPARAM=0,6,100,0") == OK
    assert bench.asked() == ["ask parameters interval=6 latency=0 timeout=100"]
    assert bench.ask("AT+QBLECONNPARAM?") == info("+QBLECONNPARAM: 0,20,500,0"), "not yet"
    new = Parameters(6, 0, 100)
    assert bench.hear(ParametersAre(new)) == lines("+QBLECONNPARAM: 0,6,100,0")
    assert bench.ask("AT+QBLECONNPARAM?") == info("+QBLECONNPARAM: 0,6,100,0")


def test_the_mtu_is_set_once_in_a_connection(bench: AirBench) -> None:
    for value in ("100", "200"):
        assert bench.ask(f"AT+QBLECFGMTU={value}") == OK
    bench.connect()
    assert bench.ask("AT+QBLECFGMTU=300") == OK
    assert bench.asked() == ["ask mtu mtu=300"]
    assert bench.ask("AT+QBLECFGMTU=301") == ERROR
    assert bench.ask("AT+QBLECFGMTU?") == info("+QBLECFGMTU: 300")
    bench.hear(Left(BleWhy.PEER))
    assert bench.ask("AT+QBLECFGMTU=301") == OK


# characteristics

GATT = (
    'AT+QBLEGATTCNTFCFG=0,"fff2",1',
    'AT+QBLEGATTCRD=0,"FFF2"',
    "AT+QBLEGATTCWRCMD=0,fff2,abc",
    f"AT+QBLEGATTCWRREQ=0,{LONG},2,0aFF",
)


def test_nothing_is_read_or_written_before_down(bench: AirBench) -> None:
    assert [bench.ask(line) for line in GATT] == [ERROR] * 4
    bench.begin(f"AT+QBLECONN=0,{ADDRESS}")
    bench.hear(Joined(ADDRESS, is_central=True), MtuIs(64))
    assert [bench.ask(line) for line in GATT] == [ERROR] * 4
    assert bench.hear(FOUND).endswith(lines('+QBLEINFO: "DOWN"'))
    assert [bench.ask(line) for line in GATT] == [OK] * 4
    assert bench.asked()[3:] == [
        "subscribe is_on=True",
        "read",
        "write is_request=False",
        "write is_request=True",
    ]
    assert bench.hear(Left(BleWhy.PEER)) == lines('+QBLESTAT: "DISCONNECTED"')
    assert [bench.ask(line) for line in GATT] == [ERROR] * 4


@pytest.mark.parametrize(
    "line",
    [
        'AT+QBLEGATTCNTFCFG=0,"fff4",1',
        f'AT+QBLEGATTCNTFCFG=0,"{LONG}",1',
        'AT+QBLEGATTCNTFCFG=1,"fff2",1',
        'AT+QBLEGATTCNTFCFG=0,"fff2",2',
        'AT+QBLEGATTCNTFCFG=0,"fff2"',
        f'AT+QBLEGATTCRD=0,"{LONG}"',
        'AT+QBLEGATTCRD=0,"ff"',
        'AT+QBLEGATTCRD="fff2"',
        'AT+QBLEGATTCWRREQ=0,"fff2",abc',
        f'AT+QBLEGATTCWRCMD=0,"{LONG}",abc',
        'AT+QBLEGATTCWRCMD=0,"fff2",""',
        'AT+QBLEGATTCWRCMD=0,"fff2",3,0aFF',
        'AT+QBLEGATTCWRCMD=0,"fff2",x,0aFF',
        'AT+QBLEGATTCWRCMD=0,"fff2",1,0g',
        'AT+QBLEGATTCWRCMD=0,"fff2"',
    ],
)
def test_what_the_other_side_does_not_have_or_cannot_do(bench: AirBench, line: str) -> None:
    bench.connect()
    assert bench.ask(line) == ERROR
    assert bench.asked() == []


@pytest.mark.parametrize(("size", "answer"), [(1, OK), (61, OK), (62, ERROR)])
def test_a_write_is_at_most_the_mtu_less_3(bench: AirBench, size: int, answer: bytes) -> None:
    bench.connect(64)
    assert bench.ask(f"AT+QBLEGATTCWRCMD=0,fff2,{'x' * size}") == answer
    assert bench.ask(f"AT+QBLEGATTCWRCMD=0,fff2,{size},{'7f' * size}") == answer


def test_too_much_at_once_is_refused(bench: AirBench) -> None:
    bench.connect()
    written = [f"AT+QBLEGATTCWRCMD=0,fff2,{n}" for n in range(9)]
    bench.send(("AT" + ";".join(line[2:] for line in written)).encode() + b"\r")
    assert bench.rest().endswith(ERROR)
    assert len(bench.asked()) == 8


def test_what_was_read_follows_its_ok(bench: AirBench) -> None:
    bench.connect()
    assert bench.ask("AT+QBLEGATTCRD=0,fff2") == OK
    assert bench.hear(Value("fff2", b"\x00\xffa")) == lines("\x00\xffa")
    bench.ask(GATT[3])
    assert bench.hear(Refused(LONG, 3), Written(LONG)) == b"", "the host has its OK"


def test_notifications_arrive_as_data(bench: AirBench) -> None:
    bench.connect()
    assert bench.ask(GATT[0]) == OK
    assert bench.hear(Came("fff2", b"1\r\n", is_notification=True)) == lines(
        '+QBLERECV: 0,"fff2",3\r\n1\r\n'
    )


# roles, and a sister


@pytest.mark.parametrize("role", [None, 2, 3])
def test_it_is_for_a_central_alone(role: int | None) -> None:
    bench = AirBench(role=role)
    refused: Iterable[str] = (
        "AT+QBLESCAN=1", "AT+QBLESCAN=0", f"AT+QBLECONN=0,{ADDRESS}", "AT+QBLESCANPARAM=100,30",
        "AT+QBLECONNPARAM=0,20,500,0", "AT+QBLECFGMTU=64", *GATT,
    )  # fmt: skip
    for line in refused:
        assert bench.ask(line) == ERROR, line
    assert bench.ask("AT+QBLESCAN?") == info("+QBLESCAN: 0")


def test_an_fc41d_has_bare_words_and_no_number_for_its_connection() -> None:
    bench = AirBench("fc41d")
    bench.begin("AT+QBLESCAN=1")
    assert bench.hear(Heard("1F953971EAE5", is_random=True)) == lines("+QBLESCAN:,1,1f953971eae5")
    bench.begin(f"AT+QBLECONN=1,{ADDRESS}")
    assert bench.hear(Joined(ADDRESS, is_central=True), MtuIs(250), FOUND) == lines(
        "+QBLESTAT:CONNECTED",
        "+QBLEMTU:250",
        "+QBLEINFO: 3 fff2",
        f"+QBLEINFO: 7 {LONG}",
        "+QBLEINFO: DOWN",
    )
    bench.asked()
    assert bench.hear(Came("fff2", b"\x02\x04", is_notification=True)) == lines("\x02\x04")
    assert bench.ask("AT+QBLEGATTCWR=fff2,2,0aff") == OK
    assert bench.ask(f"AT+QBLEGATTCWR={LONG},ab") == OK
    assert bench.asked() == ["write is_request=False", "write is_request=True"]
    assert bench.ask("AT+QBLEGATTCRD=fff2") == bench.ask("AT+QBLEGATTCNTFCFG=fff2,1") == OK
    for line in ("AT+QBLEGATTCWR=0,fff2,ab", "AT+QBLEGATTCWRCMD=fff2,ab", "AT+QBLEGATTCWR=fff4,ab"):
        assert bench.ask(line) == ERROR


def test_an_fc41d_notifies_without_a_number_too() -> None:
    bench = AirBench("fc41d", role=2)
    bench.ask("AT+QBLEGATTSSRV=fff1;+QBLEGATTSCHAR=fff3")
    bench.begin("AT+QBLEADVSTART")
    bench.hear(Joined(ADDRESS), Subscribed("fff3", is_on=True))
    assert bench.ask("AT+QBLEGATTSNTFY=fff3,packet") == OK
    assert bench.asked()[-1] == "notify"
    assert bench.ask("AT+QBLEGATTSNTFY=0,fff3,packet") == ERROR
