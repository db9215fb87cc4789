"""Files by handle: open modes, reading, writing, seeking, cutting, and each error number."""

from collections.abc import Callable
from typing import Any

import pytest

from quecsim.flash.timing import FlashMode
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.flash.volume import Volume
from quecsim.trace.event import DataBegin, DataEnd, Lost, Stored
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, cme, info, profile

CONNECT = b"\r\nCONNECT\r\n"
TEN = b"0123456789"


@pytest.fixture
def bench() -> Bench:
    return Bench(contents={"ten": TEN})


def opened(bench: Bench, name: str = "ten", mode: int = 0) -> int:
    reply = bench.ask(f'AT+QFOPEN="{name}",{mode}')
    assert reply.startswith(b"\r\n+QFOPEN: "), reply
    return int(reply.split()[1])


def reading(data: bytes) -> bytes:
    return b"\r\nCONNECT %d\r\n" % len(data) + data + OK


# QFOPEN


def test_handles_count_from_1027_and_the_lowest_free_one_is_next(bench: Bench) -> None:
    """A host of an EG915U, on the same chip, sees 1027 first."""
    assert bench.ask('AT+QFOPEN="a"') == info("+QFOPEN: 1027")
    assert bench.ask('AT+QFOPEN="UFS:b",1') == info("+QFOPEN: 1028")
    assert bench.ask("AT+QFCLOSE=1027") == OK
    assert bench.ask('AT+QFOPEN="ten",2') == info("+QFOPEN: 1027")
    assert bench.ask("AT+QFOPEN?") == info('+QFOPEN: "UFS:ten",1027,2', '+QFOPEN: "UFS:b",1028,1')


def test_nothing_open_lists_nothing(bench: Bench) -> None:
    assert bench.ask("AT+QFOPEN?") == OK


def test_mode_0_creates_or_opens(bench: Bench) -> None:
    """BG96 FILE manual: 0 create or open, 1 create or clear, 2 open what exists, read only."""
    assert bench.ask(f"AT+QFREAD={opened(bench)}") == reading(TEN)
    opened(bench, "new")
    assert bench.names() == ["new", "ten"]


def test_mode_1_clears(bench: Bench) -> None:
    handle = opened(bench, mode=1)
    assert bench.ask(f"AT+QFREAD={handle}") == cme(402)
    bench.ask(f"AT+QFCLOSE={handle}")
    assert bench.file("ten") == b""
    opened(bench, "new", mode=1)


def test_mode_2_only_reads_what_exists(bench: Bench) -> None:
    assert bench.ask('AT+QFOPEN="new",2') == cme(405)
    assert bench.names() == ["ten"]
    handle = opened(bench, mode=2)
    assert bench.ask(f"AT+QFREAD={handle},4") == reading(b"0123")
    assert bench.ask(f"AT+QFWRITE={handle},3") == cme(414)
    assert bench.ask(f"AT+QFTUCAT={handle}") == cme(414)
    bench.ask(f"AT+QFCLOSE={handle}")
    assert bench.file("ten") == TEN


def test_a_file_can_be_open_once_426(bench: Bench) -> None:
    opened(bench)
    for name in ("ten", "UFS:ten", "ufs:/ten"):
        assert bench.ask(f'AT+QFOPEN="{name}",2') == cme(426)


def test_too_many_open_files_413() -> None:
    bench = Bench(profile(files={"max_open_files": 3}))
    handles = [opened(bench, f"f{number}") for number in range(3)]
    assert bench.ask('AT+QFOPEN="f3"') == cme(413)
    assert bench.ask(f"AT+QFCLOSE={handles[1]}") == OK
    assert opened(bench, "f3") == handles[1]


@pytest.mark.parametrize("tail", ["", '"ten",3', '"ten",-1', '"ten",x', '"ten",0,0'])
def test_open_refuses(bench: Bench, tail: str) -> None:
    assert bench.ask(f"AT+QFOPEN={tail}") == cme(400)


# QFREAD


def test_reading_in_pieces_to_the_end(bench: Bench) -> None:
    """BG96 FILE manual: CONNECT <n>, n bytes, OK; UFP takes 402 as the end of the file."""
    handle = opened(bench)
    assert bench.ask(f"AT+QFREAD={handle},4") == reading(b"0123")
    assert bench.ask(f"AT+QFREAD={handle},4") == reading(b"4567")
    assert bench.ask(f"AT+QFREAD={handle},4") == reading(b"89"), "n may be smaller than asked"
    assert bench.ask(f"AT+QFREAD={handle},4") == cme(402)


def test_a_family_that_says_connect_0_at_the_end() -> None:
    """M95."""
    bench = Bench(profile(files={"read_eof": "connect0"}))
    handle = opened(bench, "x")
    assert bench.ask(f"AT+QFREAD={handle}") == reading(b"")


def test_a_large_read_is_one_piece() -> None:
    data = bytes(range(256)) * 40
    bench = Bench(contents={"x": data}, flash_mode=FlashMode.TYPICAL)
    assert bench.ask(f"AT+QFREAD={opened(bench, 'x')}") == reading(data)


def test_connect_with_a_number_under_v0(bench: Bench) -> None:
    handle = opened(bench)
    bench.ask("ATV0")
    assert bench.ask(f"AT+QFREAD={handle},2") == b"1\r010\r"


# QFWRITE


def written(count: int, total: int) -> bytes:
    return info(f"+QFWRITE: {count},{total}")


def test_writing_reports_what_was_written_and_the_length(bench: Bench) -> None:
    """BG96 FILE manual: `+QFWRITE: <written>,<total>`, total being the file's length."""
    handle = opened(bench)
    assert bench.upload(f"AT+QFWRITE={handle},3", b"abc") == written(3, 10)
    assert bench.upload(f"AT+QFWRITE={handle},10", TEN) == written(10, 13)
    bench.ask(f"AT+QFCLOSE={handle}")
    assert bench.file("ten") == b"abc" + TEN


def test_firmware_without_the_empty_line_before_the_summary() -> None:
    bench = Bench(profile(files={"write_blank_line": False}))
    handle = opened(bench, "x")
    assert bench.upload(f"AT+QFWRITE={handle},3", b"abc") == b"+QFWRITE: 3,3\r\n" + OK
    reply = bench.upload(f"AT+QFWRITE={handle},9,1", b"abc")
    assert reply == b"+QFWRITE: 3,6\r\n" + cme(421)


def test_write_defaults_and_the_time_out(bench: Bench) -> None:
    """10240 bytes, 5 s; on time-out the summary and 421, as two libraries expect of the UC20."""
    handle = opened(bench, "x")
    assert bench.upload(f"AT+QFWRITE={handle}", b"abc") == b"\r\n+QFWRITE: 3,3\r\n" + cme(421)
    (begin,), (end,) = bench.events(DataBegin), bench.events(DataEnd)
    assert (begin.command, begin.size, begin.ack) == ("+QFWRITE", 10240, False)
    assert (end.why, end.stored) == ("idle", 3)


@pytest.mark.parametrize(
    ("style", "ending"),
    [("cme421", cme(421)), ("summary_ok", written(3, 3))],
)
def test_write_time_out_styles(style: str, ending: bytes) -> None:
    """FCM242D says OK even when the time ran out."""
    bench = Bench(profile(files={"write_timeout": style}))
    assert bench.upload(f"AT+QFWRITE={opened(bench, 'x')},9,1", b"abc") == ending


def test_write_time_out_is_the_argument(bench: Bench) -> None:
    bench.upload(f"AT+QFWRITE={opened(bench)},9,2", b"")
    (begin,), (end,) = bench.events(DataBegin), bench.events(DataEnd)
    assert end.at_ns - begin.at_ns == s(2)


def test_three_pluses_end_a_write(bench: Bench) -> None:
    handle = opened(bench, "x")
    bench.send(f"AT+QFWRITE={handle},100\r".encode())
    bench.until(CONNECT)
    bench.send(b"abc")
    bench.run_for(ms(1100))
    bench.send(b"+++")
    assert bench.rest() == written(3, 3)


def test_what_was_written_survives_without_a_close() -> None:
    bench = Bench()
    handle = opened(bench, "x")
    bench.upload(f"AT+QFWRITE={handle},10", TEN)
    bench.rig.cut_power(bench.now_ns)
    assert bench.file("x") == TEN


# QFSEEK, QFPOSITION, QFTUCAT


@pytest.mark.parametrize(
    ("arguments", "position"),
    [
        ("4", 4),
        ("4,0", 4),
        ("0,0", 0),
        ("10,0", 10),
        ("3,1", 5),
        ("8,1", 10),
        ("0,2", 10),
        ("3,2", 7),
        ("10,2", 0),
    ],
)
def test_seeking(bench: Bench, arguments: str, position: int) -> None:
    """BG96 FILE manual: 0 from the start, 1 from here, 2 from the end towards the start."""
    handle = opened(bench)
    assert bench.ask(f"AT+QFSEEK={handle},2") == OK
    assert bench.ask(f"AT+QFSEEK={handle},{arguments}") == OK
    assert bench.ask(f"AT+QFPOSITION={handle}") == info(f"+QFPOSITION: {position}")
    expected = reading(TEN[position:]) if position < 10 else cme(402)
    assert bench.ask(f"AT+QFREAD={handle}") == expected


@pytest.mark.parametrize("arguments", ["11,0", "9,1", "11,2", "2147483647"])
def test_seeking_beyond_the_file_is_401(bench: Bench, arguments: str) -> None:
    handle = opened(bench)
    bench.ask(f"AT+QFSEEK={handle},2")
    assert bench.ask(f"AT+QFSEEK={handle},{arguments}") == cme(401)
    assert bench.ask(f"AT+QFPOSITION={handle}") == info("+QFPOSITION: 2")


@pytest.mark.parametrize("tail", ["1027", "1027,", "1027,x", "1027,1,3", "1027,1,0,0", ",1"])
def test_seek_refuses(bench: Bench, tail: str) -> None:
    opened(bench)
    assert bench.ask(f"AT+QFSEEK={tail}") == cme(400)


def test_writing_in_the_middle(bench: Bench) -> None:
    handle = opened(bench)
    bench.ask(f"AT+QFSEEK={handle},3")
    assert bench.upload(f"AT+QFWRITE={handle},2", b"XY") == written(2, 10)
    assert bench.ask(f"AT+QFPOSITION={handle}") == info("+QFPOSITION: 5")
    bench.ask(f"AT+QFCLOSE={handle}")
    assert bench.file("ten") == b"012XY56789"


def test_truncating_at_the_position(bench: Bench) -> None:
    """Everything behind the position goes."""
    handle = opened(bench)
    bench.ask(f"AT+QFSEEK={handle},4")
    assert bench.ask(f"AT+QFTUCAT={handle}") == OK
    bench.ask(f"AT+QFCLOSE={handle}")
    assert bench.file("ten") == b"0123"


# QFCLOSE and handles that are none


@pytest.mark.parametrize(
    "line",
    ["QFREAD={}", "QFWRITE={},3", "QFSEEK={},0", "QFPOSITION={}", "QFTUCAT={}", "QFCLOSE={}"],
)
def test_a_handle_that_is_not_open_is_416(bench: Bench, line: str) -> None:
    handle = opened(bench)
    assert bench.ask("AT+" + line.format(handle + 1)) == cme(416)
    assert bench.ask("AT+" + line.format(0)) == cme(416)
    bench.ask(f"AT+QFCLOSE={handle}")
    assert bench.ask("AT+" + line.format(handle)) == cme(416)


@pytest.mark.parametrize("name", ["QFREAD", "QFWRITE", "QFPOSITION", "QFTUCAT", "QFCLOSE"])
@pytest.mark.parametrize("tail", ["", "x", '"1027"', "99999999999"])
def test_a_handle_that_is_no_number_is_400(bench: Bench, name: str, tail: str) -> None:
    assert bench.ask(f"AT+{name}={tail}") == cme(400)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("QFOPEN", "<filename>[,(0-2)]"),
        ("QFREAD", "<filehandle>[,<length>]"),
        ("QFWRITE", "<filehandle>[,<length>[,<timeout>]]"),
        ("QFSEEK", "<filehandle>,<offset>[,<position>]"),
        ("QFPOSITION", "<filehandle>"),
        ("QFTUCAT", "<filehandle>"),
        ("QFCLOSE", "<filehandle>"),
    ],
)
def test_test_forms(bench: Bench, name: str, text: str) -> None:
    assert bench.ask(f"AT+{name}=?") == info(f"+{name}: {text}")
    assert bench.ask(f"AT+{name}") == ERROR
    if name != "QFOPEN":
        assert bench.ask(f"AT+{name}?") == ERROR


def test_a_restart_closes_and_keeps_what_was_written(bench: Bench) -> None:
    handle = opened(bench)
    bench.upload(f"AT+QFWRITE={handle},3", b"abc")
    bench.ask("AT+CFUN=1,1")
    bench.run_for(s(15))
    assert bench.ask(f"AT+QFREAD={handle}") == cme(416)
    assert bench.file("ten") == b"abc3456789"
    assert bench.ask('AT+QFDEL="ten"') == OK


# a disk that takes no more


FULL = profile(files={"block_count": 16, "max_open_files": 4})


def bench_with_lost_changes() -> Bench:
    """File 1027 has 300 bytes that are not on the flash yet, and the directory is full."""
    bench = Bench(FULL)
    assert opened(bench, "x") == 1027
    bench.rig.device.context.handles.get(1027).file.write(bytes(300))
    for number in range(1000):
        reply = bench.ask(f'AT+QFOPEN="{number:080}"')
        if reply == cme(420):
            return bench
        assert bench.ask("AT+QFCLOSE=1028") == OK
    pytest.fail("the directory did not get full")


def test_a_close_that_fails_closes_all_the_same() -> None:
    bench = bench_with_lost_changes()
    assert bench.ask("AT+QFREAD=1027") == cme(411)
    assert bench.ask("AT+QFTUCAT=1027") == cme(409)
    assert bench.ask("AT+QFCLOSE=1027") == cme(409)
    assert bench.ask("AT+QFCLOSE=1027") == cme(416)
    assert bench.ask("AT+QFOPEN?") == OK
    assert bench.ask('AT+QFDEL="x"') == OK


@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("command", ["AT+CFUN=1,1", "AT+QPOWD"])
def test_a_close_that_fails_stops_no_restart(command: str, is_closed: bool) -> None:
    bench = bench_with_lost_changes()
    if is_closed:
        bench.ask("AT+QFCLOSE=1027")
    assert OK in bench.ask(command)
    if command == "AT+QPOWD":
        bench.rig.power_on(bench.now_ns)
        bench.rest()
    assert bench.ask('AT+QFOPEN="x",2') == info("+QFOPEN: 1027")
    assert bench.ask("AT+QFREAD=1027") == cme(402), "what was not synced is gone"


def test_as_many_files_as_the_profile_says_are_open_at_once() -> None:
    bench = Bench(profile(files={"max_open_files": 64}))
    assert [opened(bench, f"f{number}") for number in range(64)] == list(range(1027, 1091))
    assert bench.ask('AT+QFOPEN="more"') == cme(413)
    assert bench.upload('AT+QFUPL="up",3,5', b"abc").endswith(OK)


def without_room(call: Callable[..., Any], fails: str = "file_read") -> Callable[..., Any]:
    """A volume that takes data, and has no room for it when it is to be brought to the flash."""

    def without(volume: Volume, function: str, *arguments: Any) -> Any:
        if function == fails and (fails != "file_read" or arguments[-1] == 0):
            raise UfsError(UfsFault.NO_SPACE)
        return call(volume, function, *arguments)

    return without


def test_a_write_that_is_not_kept_ends_data_mode_and_counts_as_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The storage takes the bytes, and gives them up when they are to be brought to the flash."""
    handle = opened(bench, "new")

    monkeypatch.setattr(Volume, "call", without_room(Volume.call))
    bench.send(f"AT+QFWRITE={handle},400\r".encode())
    bench.until(CONNECT)
    bench.send(bytes(400) + b"AT+CSQ\r")
    assert bench.rest() == cme(420) + b"AT+CSQ\r" + info("+CSQ: 24,99")
    (end,) = bench.events(DataEnd)
    assert (end.why, end.received, end.stored) == ("error", 400, 0)
    assert [event.count for event in bench.events(Stored)] == [400, -400]
    assert [(event.count, event.cause) for event in bench.events(Lost)] == [(400, "storage")]
    counters = bench.rig.counters()
    assert (counters["stored"], counters["lost"], counters["in_flight"]) == (0, 400, 0)


@pytest.mark.parametrize("line", ["AT+CFUN=1,1", "AT+QPOWD", "AT+QFCLOSE=1027"])
def test_a_close_that_fails_is_over_all_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    opened(bench, "new")

    monkeypatch.setattr(Volume, "call", without_room(Volume.call))
    assert bench.ask("AT+QFCLOSE=1027") == cme(420)
    assert bench.ask("AT+QFCLOSE=1027") == cme(416)
    opened(bench, "new2")
    bench.ask(line)
    assert bench.rig.device.power in ("on", "booting", "off")
