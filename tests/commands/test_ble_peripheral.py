"""A device as a peripheral: services, advertising, connections, notifications."""

import msgspec
import pytest

from quecsim.border.ble import (
    Advertise,
    Characteristic,
    GattService,
    MtuIs,
    Parameters,
    ParametersAre,
    Subscribed,
)
from quecsim.profiles.loader import load_profile
from quecsim.units import MS, S
from tests.commands.ble_bench import BleBench
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    bench = Bench(load_profile("fcm242d"))
    assert bench.ask("AT+QBLEINIT=2") == OK
    return bench


# services


def test_a_characteristic_needs_a_service_and_the_end_a_characteristic(bench: Bench) -> None:
    assert bench.ask('AT+QBLEGATTSCHAR="FFF2"') == ERROR
    assert bench.ask("AT+QBLEGATTSSRVDONE") == ERROR
    assert bench.ask('AT+QBLEGATTSSRV="FFF1"') == OK
    assert bench.ask("AT+QBLEGATTSSRVDONE") == ERROR
    assert bench.ask('AT+QBLEGATTSCHAR="FFF2",FF') == OK
    assert bench.ask('AT+QBLEGATTSCHAR="fff2"') == ERROR, "there is one"
    assert bench.ask("AT+QBLEGATTSSRVDONE") == OK


@pytest.mark.parametrize("command", ["+QBLEGATTSSRV", "+QBLEGATTSCHAR"])
def test_three_uuids_and_no_more(bench: Bench, command: str) -> None:
    bench.ask('AT+QBLEGATTSSRV="0001"')
    room = 2 if command == "+QBLEGATTSSRV" else 3
    replies = [bench.ask(f'AT{command}="{n:032x}"') for n in range(4)]
    assert replies == [OK] * room + [ERROR] * (4 - room)


@pytest.mark.parametrize("uuid", ["FFF", "FFF11", "FFFG", "", "f" * 31, "f" * 33])
def test_uuids_of_4_or_32_digits(bench: Bench, uuid: str) -> None:
    assert bench.ask(f'AT+QBLEGATTSSRV="{uuid}"') == ERROR


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ("0201041BFF5900CFA041800E00B4000097DB69C72239C6BBC9932F8988FFD7", OK),
        ("020104", OK),
        ("0201", ERROR),
        ("02010", ERROR),
        ("00", ERROR),
        ("02010X", ERROR),
        ("020104" * 11, ERROR),
    ],
)
def test_advertising_data_are_whole_structures(bench: Bench, data: str, answer: bytes) -> None:
    assert bench.ask(f"AT+QBLEADVDATA={data}") == answer


# advertising


def advertised(bench: BleBench) -> Advertise:
    [*_, last] = [wish for wish in bench.ear.heard if isinstance(wish, Advertise)]
    return last


def test_what_is_advertised() -> None:
    bench = BleBench().advertising()
    assert bench.ask("AT+QBLEADVSTART?") == info("+QBLEADVSTART: 1")
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "ADVERTISING"')
    found = Characteristic("fff2", write_command=True, notify=True)
    said = advertised(bench)
    assert (said.name, said.address, said.interval_ns) == ("FCM242D", "c8e4a1b1c1f9", 100 * MS)
    assert said.data == bytes.fromhex("020106") + b"\x08\x09FCM242D"
    assert said.services == (GattService("fff1", (found,)),)
    bench.does("AT+QBLEADVPARAM=32,64", "AT+QBLEADVDATA=020104")
    assert (advertised(bench).data, advertised(bench).interval_ns) == (b"\x02\x01\x04", 100 * MS)
    bench.does('AT+QBLENAME="x"', "AT+QBLEADVSTART")
    assert (advertised(bench).name, advertised(bench).interval_ns) == ("x", 20 * MS)
    bench.does("AT+QBLEADVSTOP", "AT+QBLEADVSTOP")
    assert bench.ask("AT+QBLEADVSTART?") == info("+QBLEADVSTART: 0")
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "INIT"')


@pytest.mark.parametrize(
    ("written", "read"), [("Küche".encode(), "Küche"), (b"K\xfcche", "K\ufffdche")]
)
def test_a_name_is_read_as_utf_8_and_said_as_it_was_written(written: bytes, read: str) -> None:
    bench = BleBench().advertising()
    assert bench.ask(b'AT+QBLENAME="' + written + b'"') == OK
    bench.does("AT+QBLEADVSTART", "AT+QBLEADVDATA=020104")
    assert (advertised(bench).name, advertised(bench).data) == (read, b"\x02\x01\x04")
    name = bytes((1 + len(written), 9)) + written
    *_, before, _ = [wish for wish in bench.ear.heard if isinstance(wish, Advertise)]
    assert before.data == bytes.fromhex("020106") + name
    assert bench.ask("AT+QBLENAME?").startswith(b'\r\n+QBLENAME: "' + written + b'"')


def test_the_properties_of_a_characteristic() -> None:
    bench = BleBench().does("AT+QBLEINIT=2", 'AT+QBLEGATTSSRV="FFF1"')
    for uuid, properties in (("0001", "1"), ("0002", "02"), ("0003", "FC")):
        bench.does(f'AT+QBLEGATTSCHAR="{uuid}",{properties}')
    bench.does("AT+QBLEGATTSSRVDONE", "AT+QBLEADVSTART")
    assert advertised(bench).services[0].characteristics == (
        Characteristic("0001", write=True),
        Characteristic("0002", write_command=True),
        Characteristic("0003", notify=True),
    )


def test_without_complete_services_nothing_is_found() -> None:
    bench = BleBench().does("AT+QBLEINIT=2", 'AT+QBLEGATTSSRV="FFF1"', 'AT+QBLEGATTSCHAR="FFF2"')
    bench.does("AT+QBLEADVSTART")
    assert advertised(bench).services == ()


def test_a_firmware_that_refuses_to_advertise_nothing() -> None:
    profile = load_profile("fcm242d")
    assert profile.ble is not None
    ble = msgspec.structs.replace(profile.ble, unordered="error")
    bench = BleBench(msgspec.structs.replace(profile, ble=ble)).does("AT+QBLEINIT=2")
    assert bench.ask("AT+QBLEADVSTART") == ERROR
    bench.does("AT+QBLEINIT=0").advertising()


def test_a_device_without_that_command_completes_services_by_itself() -> None:
    bench = BleBench(load_profile("fc41d")).does(
        "AT+QBLEINIT=2", "AT+QBLEGATTSSRV=fff1", "AT+QBLEGATTSCHAR=fff2", "AT+QBLEADVSTART"
    )
    assert [service.uuid for service in advertised(bench).services] == ["fff1"]


# a connection


def test_a_connection_and_its_end() -> None:
    bench = BleBench().advertising().connected()
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "CONNECTED"')
    assert bench.ask("AT+QBLEADVSTART") == ERROR
    assert bench.ask("AT+QBLEADVSTART?") == info("+QBLEADVSTART: 0")
    assert bench.hear(MtuIs(247)).rest() == b"\r\n+QBLEMTU: 247\r\n"
    bench.hear(ParametersAre(Parameters(40, 1, 300)))
    assert bench.rest() == b"\r\n+QBLECONNPARAM: 0,40,300,1\r\n"
    assert bench.ask("AT+QBLEDISCONN=1") == ERROR
    assert bench.ask("AT+QBLEDISCONN=0") == OK + b'\r\n+QBLESTAT: "DISCONNECTED"\r\n'
    assert bench.ask("AT+QBLEDISCONN") == ERROR
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "ADVERTISING"')
    assert bench.wanted() == ["advertise", "leave", "advertise"]


def test_it_does_not_advertise_again_where_it_was_told_so() -> None:
    bench = BleBench().advertising("2,0").connected().leaves()
    assert bench.rest() == b'\r\n+QBLESTAT: "DISCONNECTED"\r\n'
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "DISCONNECTED"')
    bench.does("AT+QBLEADVSTOP", "AT+QBLEADVSTART").connected()


def test_switched_off_it_is_gone_from_the_air() -> None:
    bench = BleBench().advertising().connected()
    bench.does('AT+QBLEGATTSNTFY=0,"FFF2","on its way"', "AT+QBLEINIT=0")
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "NOINIT"')
    assert bench.wanted()[-1] == "vanish"
    assert bench.ask("AT+QBLEADVSTART") == ERROR
    bench.advertising().connected()


# data


def test_what_is_received_has_a_line_of_its_own() -> None:
    bench = BleBench().advertising().connected()
    assert bench.says(b"from phone").rest() == b'\r\n+QBLERECV: 0,"fff2",10\r\nfrom phone\r\n'
    raw = bytes(range(256))
    assert bench.says(raw).rest() == b'\r\n+QBLERECV: 0,"fff2",256\r\n' + raw + b"\r\n"


def test_more_than_waits_for_the_host_is_lost() -> None:
    bench = BleBench().advertising().connected()
    bench.send(b'AT+QFOPEN="a"\r')
    bench.until(OK)
    bench.send(b"AT+QFWRITE=1,3\r")
    bench.until(b"CONNECT\r\n")
    for number in range(10):
        bench.says(b"%d" % number)
    bench.run_for(S)
    bench.send(b"abc")
    assert bench.rest().count(b"+QBLERECV") == 8
    assert bench.dropped() == [("down", 1, "too much was waiting for the host to read it")] * 2


@pytest.mark.parametrize(
    ("tail", "data"),
    [
        ('"FFF2","123456789"', b"123456789"),
        ("fff2,123456789", b"123456789"),
        ('"FFF2",3,"123456"', b"\x12\x34\x56"),
        ('"FFF2","3"', b"3"),
        ('"FFF2","' + "x" * 20 + '"', b"x" * 20),
        ('"FFF2",20,"' + "ab" * 20 + '"', b"\xab" * 20),
    ],
)
def test_notifications(tail: str, data: bytes) -> None:
    bench = BleBench().advertising().connected()
    assert bench.ask(f"AT+QBLEGATTSNTFY=0,{tail}") == OK
    assert bench.arrived() == data


@pytest.mark.parametrize(
    "tail",
    [
        '0,"FFF2","' + "x" * 21 + '"',
        '0,"FFF2",21,"' + "ab" * 21 + '"',
        '1,"FFF2","x"',
        '0,"FFF3","x"',
        '0,"FFF4","x"',
        '0,"FFF2",""',
        '0,"FFF2",2,"123456"',
        '0,"FFF2",6,"123456"',
        '0,"FFF2",x,"12"',
        '0,"FFF2",1,"1g"',
        '0,"FFF2"',
    ],
)
def test_what_cannot_be_notified(tail: str) -> None:
    bench = BleBench().does("AT+QBLEINIT=2", 'AT+QBLEGATTSSRV="FFF1"')
    bench.does('AT+QBLEGATTSCHAR="FFF2"', 'AT+QBLEGATTSCHAR="FFF3",3', "AT+QBLEGATTSSRVDONE")
    bench.does("AT+QBLEADVSTART")
    assert bench.ask('AT+QBLEGATTSNTFY=0,"FFF2","x"') == ERROR, "not connected"
    bench.connected()
    assert bench.ask(f"AT+QBLEGATTSNTFY={tail}") == ERROR
    assert bench.arrived() == b""
    assert bench.dropped() == []


def test_a_command_line_holds_the_longest_data_as_digits() -> None:
    bench = BleBench().advertising().connected(512)
    data = bytes(range(256)) + bytes(253)
    assert bench.ask(f'AT+QBLEGATTSNTFY=0,"FFF2",509,"{data.hex()}"') == OK
    assert bench.arrived() == data


def test_hex_length_may_count_digits() -> None:
    profile = load_profile("fcm242d")
    assert profile.ble is not None
    ble = msgspec.structs.replace(profile.ble, hex_counts="digits")
    bench = BleBench(msgspec.structs.replace(profile, ble=ble)).advertising().connected()
    assert bench.ask('AT+QBLEGATTSNTFY=0,"FFF2",6,"123456"') == OK
    assert bench.arrived() == b"\x12\x34\x56"


def test_what_nobody_has_subscribed_to_goes_nowhere() -> None:
    bench = BleBench().advertising().connected(hears=False)
    assert bench.ask('AT+QBLEGATTSNTFY=0,"FFF2","x"') == OK
    assert bench.dropped() == [("up", 1, "the other side had not switched notifications on")]
    bench.hear(Subscribed("fff2", is_on=True)).rest()
    bench.does('AT+QBLEGATTSNTFY=0,"FFF2","y"')
    bench.hear(Subscribed("fff2", is_on=False)).rest()
    bench.does('AT+QBLEGATTSNTFY=0,"FFF2","z"')
    assert bench.arrived() == b"y"


def test_no_more_than_the_stack_takes() -> None:
    bench = BleBench().advertising().connected()
    bench.hear(ParametersAre(Parameters(interval=3200, timeout=3200))).rest()
    for _ in range(8):
        bench.send(b'AT+QBLEGATTSNTFY=0,"FFF2","x"\r')
        bench.until(OK)
    bench.send(b'AT+QBLEGATTSNTFY=0,"FFF2","y"\r')
    bench.until(ERROR)
    bench.rest()
    assert bench.arrived() == b"x" * 8
    bench.does('AT+QBLEGATTSNTFY=0,"FFF2","y"')


@pytest.mark.parametrize(
    "line",
    [
        'AT+QBLEGATTSSRV="FFF1"',
        'AT+QBLEGATTSCHAR="FFF2"',
        "AT+QBLEGATTSSRVDONE",
        "AT+QBLEADVDATA=020104",
        "AT+QBLEADVPARAM=160,160",
        "AT+QBLEADVSTART",
        "AT+QBLEADVSTOP",
        'AT+QBLEGATTSNTFY=0,"FFF2","x"',
    ],
)
@pytest.mark.parametrize("role", [0, 1])
def test_only_for_a_peripheral(role: int, line: str) -> None:
    bench = BleBench().does(f"AT+QBLEINIT={role}")
    assert bench.ask(line) == ERROR
    assert bench.wanted() == []
