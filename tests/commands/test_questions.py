"""+QPING, +QIDNSGIP and +QNTP of both families: what they answer, and how they fail."""

import pytest

from quecsim.border import Ping, Wish
from quecsim.peers.served import Name, Offer, Served
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import ClientAsked, ClientResult
from quecsim.units import s
from tests.clients.test_ntp import answer
from tests.device.bench import ERROR, OK, Bench, info

_TIME = 2_208_988_800 + 1_785_931_204
NTP_SERVER = SimpleSettings(
    steps=(Step(after_bytes=48, base64=b"no time"), Step(after_bytes=48, base64=answer(_TIME)))
)
DEVICES = {"ec200u": "1,", "fcm242d": ""}
"""What stands before the other parameters."""


def network(ntp: SimpleSettings = NTP_SERVER) -> Served:
    offers = {("ntp.example", 123): Offer(SimpleServer(ntp), "192.0.2.9", protocol="udp")}
    return Served(offers, names={"two.example": Name(("192.0.2.1", "192.0.2.2"))})


def bench_of(device: str, *, has_network: bool = True) -> Bench:
    return Bench(load_profile(device), peer=network(), has_network=has_network)


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bench(device: str) -> Bench:
    return bench_of(device)


def said(*urcs: str) -> bytes:
    return OK + b"".join(b"\r\n" + urc.encode() + b"\r\n" for urc in urcs)


ROUND_TRIP_MS = {"ec200u": 120, "fcm242d": 20}
TIME_OUT = {"ec200u": 569, "fcm242d": 567}
NO_NAME = {"ec200u": 565, "fcm242d": 563}
NOT_ALLOWED = {"ec200u": 572, "fcm242d": 569}
BUSY = {"ec200u": 568, "fcm242d": 566}
DNS_BUSY = {"ec200u": 564, "fcm242d": 562}


def test_a_ping(bench: Bench, device: str) -> None:
    time = ROUND_TRIP_MS[device]
    line = f'+QPING: 0,"192.0.2.1",32,{time},64'
    reply = bench.ask(f'AT+QPING={DEVICES[device]}"two.example",4,2')
    assert reply == said(line, line, f"+QPING: 0,2,2,0,{time},{time},{time}")


def test_four_pings_a_second_apart(bench: Bench, device: str) -> None:
    began_ns = bench.now_ns
    reply = bench.ask(f'AT+QPING={DEVICES[device]}"two.example"')
    assert reply.count(b'"192.0.2.1"') == 4
    assert s(3) < bench.now_ns - began_ns < s(5)


def test_nobody_is_there(bench: Bench, device: str) -> None:
    code, began_ns = f"+QPING: {TIME_OUT[device]}", bench.now_ns
    assert bench.ask(f'AT+QPING={DEVICES[device]}"192.0.2.77",1,2') == said(code, code, code)
    assert s(3) <= bench.now_ns - began_ns < s(4), "a second each, and one between them"


def test_some_are_lost(device: str) -> None:
    class Lossy(Served):
        pings = 0

        def handle_wish(self, now_ns: int, wish: Wish) -> None:
            self.pings += isinstance(wish, Ping)
            if self.pings != 2:
                super().handle_wish(now_ns, wish)

    bench = Bench(load_profile(device), peer=Lossy({}, names={"two.example": Name(("192.0.2.1",))}))
    began_ns = bench.now_ns
    reply = bench.ask(f'AT+QPING={DEVICES[device]}"two.example",9,3').decode()
    lines = [line for line in reply.split("\r\n") if line]
    assert lines[2] == f"+QPING: {TIME_OUT[device]}"
    assert lines[4].startswith("+QPING: 0,3,2,1,")
    assert bench.now_ns - began_ns > s(11)


def test_a_name_that_is_none(bench: Bench, device: str) -> None:
    code, first = NO_NAME[device], DEVICES[device]
    assert bench.ask(f'AT+QPING={first}"none.example"') == said(f"+QPING: {code}")
    assert bench.ask(f'AT+QIDNSGIP={first}"none.example"') == said(f'+QIURC: "dnsgip",{code}')
    assert bench.ask(f'AT+QNTP={first}"none.example"') == said(f"+QNTP: {code}")
    results = [(each.client, each.command, each.code) for each in bench.events(ClientResult)]
    assert results == [
        ("ping", "+QPING", code), ("DNS", "+QIDNSGIP", code), ("NTP", "+QNTP", code)
    ]  # fmt: skip
    assert all(each.why == "not-allowed" for each in bench.events(ClientResult))
    assert all(each.host == "none.example" for each in bench.events(ClientAsked))


def test_addresses(bench: Bench, device: str) -> None:
    assert bench.ask(f'AT+QIDNSGIP={DEVICES[device]}"two.example"') == said(
        '+QIURC: "dnsgip",0,2,300',
        '+QIURC: "dnsgip","192.0.2.1"',
        '+QIURC: "dnsgip","192.0.2.2"',
    )
    assert bench.ask(f'AT+QIDNSGIP={DEVICES[device]}"192.0.2.5"') == said(
        '+QIURC: "dnsgip",0,1,0', '+QIURC: "dnsgip","192.0.2.5"'
    )


def test_the_time(bench: Bench, device: str) -> None:
    """The first answer is none, so the server is asked again."""
    year = "2026" if device == "ec200u" else "26"
    reply = bench.ask(f'AT+QNTP={DEVICES[device]}"ntp.example",123')
    assert reply == said(f'+QNTP: 0,"{year}/08/05,12:00:04+00"')
    assert 1_785_931_204 <= bench.rig.device.context.clock.calendar_s() <= 1_785_931_207


def test_the_clock_is_set_where_that_is_wanted() -> None:
    bench = bench_of("ec200u")
    assert bench.ask('AT+CCLK="26/08/05,01:00:00+32"') == OK
    assert bench.ask('AT+QNTP=1,"ntp.example",123,0') == said(
        '+QNTP: 0,"2026/08/05,12:00:04+32"'
    ), "the digits are UTC, the mark is that of the zone"
    assert bench.ask("AT+CCLK?").startswith(b'\r\n+CCLK: "26/08/05,01:00:')
    assert bench.ask('AT+QNTP=1,"ntp.example",123,1').endswith(b'04+32"\r\n')
    assert bench.ask("AT+CCLK?").startswith(b'\r\n+CCLK: "26/08/05,20:00:0')


def test_a_server_that_tells_no_time(device: str) -> None:
    silent = SimpleSettings()
    bench = Bench(load_profile(device), peer=network(silent))
    began_ns = bench.now_ns
    reply = bench.ask(f'AT+QNTP={DEVICES[device]}"ntp.example"')
    assert reply == said(f"+QNTP: {TIME_OUT[device]}")
    assert s(15) <= bench.now_ns - began_ns < s(17), "three times five seconds"


def test_the_usual_server(device: str) -> None:
    if device == "ec200u":
        assert bench_of(device).ask("AT+QNTP") == ERROR
    else:
        assert bench_of(device).ask("AT+QNTP") == said("+QNTP: 563")


def test_one_of_a_kind_at_a_time(bench: Bench, device: str) -> None:
    first = DEVICES[device]
    bench.send(f'AT+QPING={first}"192.0.2.77",9\r'.encode())
    bench.until(OK)
    bench.send(f'AT+QPING={first}"two.example"\r'.encode())
    bench.until(ERROR)
    assert bench.rig.device.context.tcpip_error == "busy"
    bench.send(f'AT+QIDNSGIP={first}"two.example";+QIDNSGIP={first}"two.example"\r'.encode())
    bench.until(ERROR)
    assert bench.rig.device.context.tcpip_error == "dns_busy"
    assert [each.is_accepted for each in bench.events(ClientAsked)] == [True, False, True, False]


def test_without_a_bearer() -> None:
    bench = bench_of("ec200u", has_network=False)
    assert bench.ask('AT+QPING=1,"two.example"') == said("+QPING: 561")
    assert bench.ask('AT+QIDNSGIP=1,"two.example"') == said('+QIURC: "dnsgip",561')
    assert bench.ask('AT+QNTP=1,"ntp.example"') == said("+QNTP: 561")


def test_without_wifi() -> None:
    bench = bench_of("fcm242d", has_network=False)
    for line in ('QPING="two.example"', 'QIDNSGIP="two.example"', 'QNTP="ntp.example"', "QNTP"):
        assert bench.ask(f"AT+{line}").startswith(ERROR)
        told = info("+QIGETERROR: 569,Operation not allowed")
        assert bench.ask("AT+QIGETERROR").startswith(told)


def test_the_bearer_goes_meanwhile(bench: Bench, device: str) -> None:
    bench.send(f'AT+QPING={DEVICES[device]}"192.0.2.77",2,9\r'.encode())
    bench.run_for(s(1))
    bench.rig.lose_registration(bench.now_ns)
    code = 570 if device == "ec200u" else 569
    bench.until(f"\r\n+QPING: {code}\r\n".encode())


def test_a_reset_ends_it(bench: Bench, device: str) -> None:
    bench.send(f'AT+QPING={DEVICES[device]}"192.0.2.77",9\r'.encode())
    bench.until(OK)
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    reply = bench.ask(f'AT+QPING={DEVICES[device]}"two.example",1,1')
    assert reply.startswith(OK)


@pytest.mark.parametrize(
    "line",
    ['QPING={}""', "QPING={}two.example", 'QPING={}"a",0', 'QPING={}"a",256', 'QPING={}"a",1,0',
     'QPING={}"a",1,11', 'QIDNSGIP={}""', 'QIDNSGIP={}"a",1', 'QNTP={}""', 'QNTP={}"a",0',
     'QNTP={}"a",1,2'],
)  # fmt: skip
def test_what_does_not_fit(bench: Bench, device: str, line: str) -> None:
    assert bench.ask(f"AT+{line.format(DEVICES[device])}") == ERROR
    assert bench.ask("AT+QIGETERROR").lower() == info("+QIGETERROR: 552,invalid parameters").lower()
