"""QFUPL and QFDWL: syntax, names, refusals, framing, exact count, real checksums."""

import pytest

from quecsim.flash.timing import FlashMode
from quecsim.flash.volume import Volume
from quecsim.trace.event import DataBegin, DataEnd, FlashBusy
from quecsim.units import ms, s
from tests.commands.test_handles import without_room
from tests.device.bench import ERROR, OK, Bench, cme, info, profile
from tests.test_checksum import AMAZON, ISRG

CONNECT = b"\r\nCONNECT\r\n"


def summary(command: str, size: int, checksum: str) -> bytes:
    return info(f"+{command}: {size},{checksum}")


@pytest.fixture
def bench() -> Bench:
    return Bench()


# the journey


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        (AMAZON, "2d13"),
        (AMAZON[:-1], "2d19"),
        (AMAZON.replace(b"\n", b"\r\n"), "5769"),
        (ISRG, "4f64"),
        (b"A", "4100"),
        (b"ABC", "242"),
        (b"\x01\x02\x01\x02", "0"),
        (b"0123456789", "3839"),
    ],
    ids=["amazon", "no-last-lf", "crlf", "isrg", "one", "short-hex", "zero", "digits"],
)
def test_checksums_that_real_modules_printed_up_and_down(data: bytes, checksum: str) -> None:
    """EC25 forum log `+QFUPL: 1188,2d13`; BG95 1208,5769; EG800K 1939,4f64; no padding."""
    bench = Bench()
    reply = bench.upload(f'AT+QFUPL="UFS:ca.pem",{len(data)},5', data)
    assert reply == summary("QFUPL", len(data), checksum)
    assert bench.file("ca.pem") == data
    reply = bench.ask('AT+QFDWL="UFS:ca.pem"')
    assert reply == CONNECT + data + summary("QFDWL", len(data), checksum)


def test_every_byte_of_an_upload_at_its_time() -> None:
    """BG96 FILE manual: CONNECT, data, summary, OK. The line is 115200 8N1: 86,805.5 ns a byte."""
    bench = Bench()
    command = b'AT+QFUPL="ca.pem",1188\r'
    bench.send(command)
    connect_ns = bench.until(CONNECT)
    start_ns = len(command) * 10 * s(1) // 115200 + ms(20) + ms(3)  # the LF wait, the latency
    assert connect_ns == start_ns + len(CONNECT) * 10 * s(1) // 115200
    bench.send(AMAZON)
    reply = bench.rest()
    last_ns = connect_ns + 1188 * 10 * s(1) // 115200
    assert reply == b"\r\n+QFUPL: 1188,2d13\r\n\r\nOK\r\n"
    assert bench.arrival_ns(reply) == last_ns + len(reply) * 10 * s(1) // 115200


def test_connect_comes_only_when_the_file_exists_on_the_flash() -> None:
    """The order of the real thing: create (the flash takes its time), then CONNECT."""
    bench = Bench(flash_mode=FlashMode.WORST)
    bench.send(b'AT+QFUPL="ca.pem",1188\r')
    connect_ns = bench.until(CONNECT)
    created = bench.events(FlashBusy)
    assert [work.why for work in created] == ["created ca.pem"]
    assert bench.names() == ["ca.pem"]
    assert connect_ns == created[0].until_ns + len(CONNECT) * 10 * s(1) // 115200


def test_the_count_is_exact_and_commands_follow_at_once(bench: Bench) -> None:
    """The module leaves data mode by itself at file_size bytes (Quectel forum thread 57329)."""
    bench.ask("ATE0")
    reply = bench.upload('AT+QFUPL="x",3', b"ABCAT+QFLST\r")
    assert reply == summary("QFUPL", 3, "242") + info('+QFLST: "UFS:x",3')


def test_an_upload_may_hold_any_byte(bench: Bench) -> None:
    """Hosts send binaries with 0x11, 0x13, 0x1A, NUL and `+++` in them."""
    data = bytes(range(256)) * 3 + b"+++" + bytes(range(255, -1, -1))
    bench.upload(f'AT+QFUPL="bin",{len(data)}', data)
    assert bench.file("bin") == data


def test_no_echo_of_the_payload_though_echo_is_on(bench: Bench) -> None:
    """Echo never applies in data mode."""
    assert bench.ask("AT") == OK
    assert b"abcdef" not in bench.upload('AT+QFUPL="x",6', b"abcdef")


# the test form and the defaults


def test_the_test_replies(bench: Bench) -> None:
    """Captured from a BG770A, which prints the placeholders literally."""
    assert bench.ask("AT+QFUPL=?") == info(
        "+QFUPL: <filename>[,(1-<freesize>)[,(1-65535)[,(0,1)]]]"
    )
    assert bench.ask("AT+QFDWL=?") == info("+QFDWL: <filename>")


def test_defaults_are_10240_bytes_and_5_seconds_without_acknowledgement(bench: Bench) -> None:
    """BG96 and UGxx FILE manuals."""
    bench.send(b'AT+QFUPL="x"\r')
    bench.until(CONNECT)
    (begin,) = bench.events(DataBegin)
    assert (begin.size, begin.ack, begin.name) == (10240, False, "x")
    bench.send(bytes(10239))
    assert bench.rest() == b"\r\n+QFUPL: 10239,0\r\n" + cme(421)
    (end,) = bench.events(DataEnd)
    assert (end.why, end.stored) == ("idle", 10239)
    assert end.at_ns - begin.at_ns > s(5)
    bench.ask('AT+QFDEL="x"')
    assert bench.upload('AT+QFUPL="x"', bytes(10240)) == summary("QFUPL", 10240, "0")


@pytest.mark.parametrize("timeout_s", [5, 10, 60, 100, 5000, 20000, 65535])
def test_the_time_out_is_taken_as_given(bench: Bench, timeout_s: int) -> None:
    """Real hosts send each of these."""
    bench.send(f'AT+QFUPL="x",10,{timeout_s}\r'.encode())
    bench.until(CONNECT)
    bench.rest(limit_ns=s(70_000))
    (begin,), (end,) = bench.events(DataBegin), bench.events(DataEnd)
    assert end.at_ns - begin.at_ns == s(timeout_s)


def test_empty_parameters_take_their_defaults(bench: Bench) -> None:
    bench.send(b'AT+QFUPL="x",,,1\r')
    bench.until(CONNECT)
    (begin,) = bench.events(DataBegin)
    assert (begin.size, begin.ack) == (10240, True)


@pytest.mark.parametrize(
    "tail",
    [
        "",
        '"x",0',
        '"x",-1',
        '"x",abc',
        '"x","10"',
        '"x",1.5',
        '"x",2147483648',
        '"x",99999999999999999999',
        '"x",10,0',
        '"x",10,65536',
        '"x",10,5,2',
        '"x",10,5,1,0',
    ],
)
def test_a_parameter_that_cannot_be_is_400(bench: Bench, tail: str) -> None:
    assert bench.ask(f"AT+QFUPL={tail}") == cme(400)
    assert bench.names() == []


@pytest.mark.parametrize("form", ["AT+QFUPL", "AT+QFUPL?", "AT+QFDWL", "AT+QFDWL?"])
def test_forms_that_do_not_exist_are_plain_error(bench: Bench, form: str) -> None:
    assert bench.ask(form) == ERROR


# names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"ca.pem"', "ca.pem"),
        ("ca.pem", "ca.pem"),
        ('"UFS:ca.pem"', "ca.pem"),
        ('"ufs:ca.pem"', "ca.pem"),
        ('"Ufs:/ca.pem"', "ca.pem"),
        ('"/ca.pem"', "ca.pem"),
        ('"CA.pem"', "CA.pem"),
        ('"a,b;c.pem"', "a,b;c.pem"),
        ('"a b.pem"', "a b.pem"),
        ('"' + "n" * 80 + '"', "n" * 80),
        ('"UFS:' + "n" * 80 + '"', "n" * 80),
        ('"UFS:/' + "n" * 80 + '"', "n" * 80),
        ('"a\x00b"', "ab"),
    ],
)
def test_names_that_can_be(bench: Bench, written: str, name: str) -> None:
    """With and without storage in any case, a leading slash, 80 bytes (BG96 FILE manual).

    Control characters are no part of a command line (V.250 5.2.2), so NUL never gets to the name.
    """
    assert bench.upload(f"AT+QFUPL={written},3", b"abc").endswith(OK)
    assert bench.names() == [name]


@pytest.mark.parametrize(
    "name",
    [
        "n" * 81,
        "UFS:" + "n" * 81,
        "n" * 200,
        "../etc/passwd",
        "..",
        ".",
        "a//b",
        "a/./b",
        "a/",
        "UFS:/../b",
        "UFS://a",
        "a\\b",
        "RAM:",
        "RAM:d/x",
        "SD:x",
        "UFS:RAM:x",
        "UFS:",
        "",
        "*",
        "a*",
        "a?b",
        "\xff\xfe",
        "\x7f",
    ],
)
@pytest.mark.parametrize("command", ["QFUPL", "QFDWL", "QFOPEN"])
def test_names_that_cannot_be_are_406(bench: Bench, command: str, name: str) -> None:
    assert bench.ask(f'AT+{command}="{name}"') == cme(406)
    assert bench.names() == []


# refusals


def test_an_existing_file_is_407_without_connect(bench: Bench) -> None:
    """Hosts for EC200, BG9x and EC2x handle exactly 407, and delete first."""
    bench.upload('AT+QFUPL="x",3', b"abc")
    for name in ("x", "UFS:x", "ufs:/x"):
        assert bench.ask(f'AT+QFUPL="{name}",3') == cme(407)
    assert bench.file("x") == b"abc"
    assert bench.ask('AT+QFDEL="UFS:x"') == OK
    assert bench.upload('AT+QFUPL="x",3', b"def").endswith(OK)
    assert bench.file("x") == b"def"


def test_firmware_that_overwrites() -> None:
    bench = Bench(profile(files={"existing_file": "overwrite"}))
    bench.upload('AT+QFUPL="x",6', b"abcdef")
    bench.upload('AT+QFUPL="x",3', b"xyz")
    assert bench.file("x") == b"xyz"


def test_even_that_does_not_overwrite_an_open_file() -> None:
    bench = Bench(profile(files={"existing_file": "overwrite"}))
    bench.upload('AT+QFUPL="x",6', b"abcdef")
    assert bench.ask('AT+QFOPEN="x"') == info("+QFOPEN: 1027")
    assert bench.ask('AT+QFUPL="x",3') == cme(407)


@pytest.mark.parametrize(
    ("cmee", "reply"),
    [
        (0, ERROR),
        (1, b"\r\n+CME ERROR: 407\r\n"),
        (2, b"\r\n+CME ERROR: 407\r\n"),
    ],
)
def test_cmee_chooses_number_or_words(bench: Bench, cmee: int, reply: bytes) -> None:
    bench.upload('AT+QFUPL="x",3', b"abc")
    assert bench.ask(f"AT+CMEE={cmee}") == OK
    assert bench.ask('AT+QFUPL="x",3') == reply


def small() -> Bench:
    return Bench(profile(files={"block_count": 16}))


def test_more_than_the_free_space_is_423_and_no_file() -> None:
    bench = small()
    free = bench.rig.device.context.ufs.free_bytes()
    assert bench.ask(f'AT+QFUPL="x",{free + 1}') == cme(423)
    assert bench.names() == []


def test_the_free_space_to_the_last_byte() -> None:
    bench = small()
    free = bench.rig.device.context.ufs.free_bytes()
    data = (AMAZON * 100)[:free]
    assert bench.upload(f'AT+QFUPL="x",{free}', data).endswith(OK)
    assert bench.file("x") == data


def test_another_number_for_no_room() -> None:
    bench = Bench(profile(files={"block_count": 16, "no_room_error": "drive_full"}))
    assert bench.ask('AT+QFUPL="x",1000000') == cme(403)


@pytest.mark.parametrize("ack", [0, 1])
def test_firmware_that_finds_out_at_the_end_says_409(ack: int) -> None:
    bench = Bench(profile(files={"block_count": 16, "no_room": "at_end"}))
    bench.ask("ATE0")
    bench.send(f'AT+QFUPL="x",80000,5,{ack}\r'.encode())
    bench.until(CONNECT)
    bench.send(b"\n" * 80_000)
    assert bench.rest().lstrip(b"A") == cme(409)
    (end,) = bench.events(DataEnd)
    assert end.why == "error"
    counters = bench.rig.counters()
    assert 0 < counters["stored"] < 80_000
    assert counters["lost_storage"] > 0
    assert bench.ask("AT") == OK


def test_and_by_then_there_may_be_room_after_all() -> None:
    """The free space counts what littlefs needs for itself: it is a careful guess."""
    bench = Bench(profile(files={"block_count": 16, "no_room": "at_end"}))
    size = bench.rig.device.context.ufs.free_bytes() + 1
    assert bench.upload(f'AT+QFUPL="x",{size}', bytes(size)) == summary("QFUPL", size, "0")


# down


def test_a_missing_file_is_405(bench: Bench) -> None:
    assert bench.ask('AT+QFDWL="nothing"') == cme(405)


def test_an_empty_file_down(bench: Bench) -> None:
    bench.ask('AT+QFOPEN="x"')
    bench.ask("AT+QFCLOSE=1027")
    assert bench.ask('AT+QFDWL="x"') == CONNECT + summary("QFDWL", 0, "0")


def test_an_open_file_cannot_be_fetched(bench: Bench) -> None:
    bench.upload('AT+QFUPL="x",3', b"abc")
    bench.ask('AT+QFOPEN="x"')
    assert bench.ask('AT+QFDWL="x"') == cme(426)


def test_a_large_file_down_waits_for_the_line() -> None:
    """The device's transmit ring is 4096 bytes: the download is as fast as the line, no faster."""
    data = AMAZON * 20
    bench = Bench(contents={"big": data}, flash_mode=FlashMode.TYPICAL)
    bench.send(b'AT+QFDWL="big"\r')
    begin_ns = bench.until(CONNECT)
    reply = bench.rest()
    assert reply.startswith(data)
    line_ns = len(data) * 10 * s(1) // 115200
    assert begin_ns + line_ns <= bench.times[-1] < begin_ns + line_ns + ms(30)


def test_three_pluses_stop_a_download() -> None:
    """BG96 FILE manual: `+++` stops it, and the summary says how far it came."""
    data = AMAZON * 40
    bench = Bench(contents={"big": data})
    bench.send(b'AT+QFDWL="big"\r')
    bench.until(CONNECT)
    bench.run_for(ms(1500))
    bench.send(b"+++")
    bench.rest()
    got = bytes(bench.output).split(CONNECT)[1]
    body, _, tail = got.partition(b"\r\n+QFDWL: ")
    assert data.startswith(body)
    assert len(body) < len(data)
    assert tail.startswith(b"%d," % len(body))
    assert tail.endswith(OK)
    (end,) = bench.events(DataEnd)
    assert end.why == "escape"
    assert bench.ask("AT") == OK


def test_what_a_host_types_during_a_download_is_thrown_away() -> None:
    data = AMAZON * 20
    bench = Bench(contents={"big": data})
    bench.send(b'AT+QFDWL="big"\r')
    bench.until(CONNECT)
    bench.send(b"AT+QPOWD\r++")
    reply = bench.rest()
    assert reply.startswith(data + b"\r\n+QFDWL: %d," % len(data))
    assert bench.ask("AT") == OK


@pytest.mark.parametrize(("fails", "kept"), [("file_read", 400), ("file_close", 0)])
def test_what_a_file_that_cannot_be_closed_has_lost_does_not_count_as_stored(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, fails: str, kept: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Volume, "call", without_room(Volume.call, fails))
        assert bench.upload('AT+QFUPL="x",400', bytes(400)) == cme(409)
    (end,) = bench.events(DataEnd)
    assert (end.why, end.received, end.stored) == ("error", 400, kept)
    assert len(bench.file("x")) == kept
    counters = bench.rig.counters()
    assert (counters["stored"], counters["lost"]) == (kept, 400 - kept)
