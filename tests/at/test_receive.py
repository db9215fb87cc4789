"""Data mode as the host meets it: ACK mode, time-outs, `+++`, surplus, early bytes, mistakes."""

import pytest

from quecsim.checksum import checksum, checksum_text
from quecsim.flash.timing import FlashMode
from quecsim.trace.event import (
    Ack,
    CommandLine,
    DataBegin,
    DataEnd,
    Eaten,
    Result,
    Stored,
    Swallowed,
)
from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, cme, info, profile
from tests.test_checksum import AMAZON

CONNECT = b"\r\nCONNECT\r\n"
BYTE_NS = 10 * s(1) // 115200


def summary(data: bytes) -> bytes:
    return info(f"+QFUPL: {len(data)},{checksum_text(checksum(data))}")


def timed_out(data: bytes) -> bytes:
    """What an upload says that ended for want of data."""
    return summary(data).removesuffix(OK) + cme(421)


def quiet_bench(**files: object) -> Bench:
    """A bench without echo."""
    bench = Bench(profile(files=files))
    bench.ask("ATE0")
    return bench


def connected(command: str, bench: Bench | None = None) -> Bench:
    """A bench whose device has just said CONNECT."""
    bench = bench or Bench()
    bench.send(command.encode() + b"\r")
    bench.until(CONNECT)
    return bench


def pattern(size: int) -> bytes:
    return bytes((index * 7 + index // 251) & 0xFF for index in range(size))


def end_of(bench: Bench) -> DataEnd:
    (end,) = bench.events(DataEnd)
    return end


# ACK mode


@pytest.mark.parametrize(
    ("size", "acks", "acks_without_final"),
    [
        (1, 0, 0),
        (1023, 0, 0),
        (1024, 1, 0),
        (1025, 1, 1),
        (2047, 1, 1),
        (2048, 2, 1),
        (3000, 2, 2),
        (4096, 4, 3),
    ],
)
def test_one_bare_a_for_each_full_1024_bytes(size: int, acks: int, acks_without_final: int) -> None:
    """fwupd demands `^A+$`: one for every full block, the last full one too, none for a tail."""
    data = pattern(size)
    for is_final_acked, count in ((True, acks), (False, acks_without_final)):
        bench = Bench(profile(files={"ack_final_full_block": is_final_acked}))
        assert bench.upload(f'AT+QFUPL="x",{size},5,1', data) == b"A" * count + summary(data)
        assert [ack.received for ack in bench.events(Ack)] == [
            1024 * (number + 1) for number in range(count)
        ]
        assert bench.file("x") == data


@pytest.mark.parametrize("chunk", [1, 64, 66, 128, 256, 1000, 2048])
def test_the_a_counts_bytes_and_not_the_hosts_writes(chunk: int) -> None:
    """fwupd writes 2048 at a time and wants two; a BG95 host sends lines of 66 bytes."""
    data = pattern(2500)
    bench = connected('AT+QFUPL="x",2500,5,1')
    for start in range(0, len(data), chunk):
        bench.send(data[start : start + chunk])
        bench.run_for(chunk * BYTE_NS)
    bench.rest()
    assert bytes(bench.output).split(CONNECT)[1] == b"AA" + summary(data)


def test_firmware_that_gives_each_a_a_line_of_its_own() -> None:
    data = pattern(2048)
    bench = Bench(profile(files={"ack_framing": "crlf"}))
    assert bench.upload('AT+QFUPL="x",2048,5,1', data) == b"\r\nA\r\n" * 2 + summary(data)


def test_without_ack_mode_there_is_none() -> None:
    data = pattern(2048)
    assert Bench().upload('AT+QFUPL="x",2048,5,0', data) == summary(data)


def test_an_a_comes_when_its_block_is_stored_and_not_before() -> None:
    """Stored means: the flash has done what it had to for this block."""
    bench = Bench(flash_mode=FlashMode.WORST)
    bench.upload('AT+QFUPL="x",6000,60,1', pattern(6000))
    acks, stored = bench.events(Ack), bench.events(Stored)
    assert [ack.at_ns for ack in acks] == [event.at_ns for event in stored[:5]]
    after_connect = bench.output.find(CONNECT) + len(CONNECT)
    arrived = bench.times[after_connect : after_connect + 5]
    assert arrived == [ack.at_ns + BYTE_NS for ack in acks]


def test_or_when_its_block_has_left_the_ring() -> None:
    """The other reading of "successfully buffered": the store comes after the `A`."""
    bench = Bench(profile(files={"ack_when": "received"}), flash_mode=FlashMode.WORST)
    bench.upload('AT+QFUPL="x",3000,60,1', pattern(3000))
    acks, stored = bench.events(Ack), bench.events(Stored)
    assert [ack.received for ack in acks] == [1024, 2048]
    assert all(ack.at_ns < store.at_ns for ack, store in zip(acks, stored[:2], strict=True))
    assert bench.file("x") == pattern(3000)
    assert acks[-1].at_ns - acks[0].at_ns > ms(400), "an erase lies between"


def test_nothing_stands_between_connect_and_the_summary_but_the_as() -> None:
    data = pattern(3000)
    bench = Bench()
    bench.upload('AT+QFUPL="x",3000,5,1', data)
    assert bytes(bench.output).endswith(CONNECT + b"AA" + summary(data))


def test_a_host_that_does_not_wait_for_the_as_is_served_all_the_same() -> None:
    """A USB host writes 16 KiB blocks without looking: ACK is advice, not a window."""
    data = pattern(16384)
    assert Bench().upload('AT+QFUPL="x",16384,5,1', data) == b"A" * 16 + summary(data)


def test_fwupds_padding_past_the_end_does_no_harm() -> None:
    """fwupd fills its last write up to 2048 bytes with 0xFF, past file_size."""
    data = pattern(2049)
    bench = quiet_bench()
    reply = bench.upload('AT+QFUPL="x",2049,5,1', data + b"\xff" * 2047)
    assert reply == b"AA" + summary(data)
    assert bench.ask("AT") == OK


# the time-out


def test_silence_after_connect_is_borne_until_the_time_out() -> None:
    """Five seconds means five: a host may well wait a while first."""
    bench = connected('AT+QFUPL="x",3,5')
    bench.run_for(ms(4999) - len(CONNECT) * BYTE_NS)
    bench.send(b"abc")
    assert bench.rest().endswith(summary(b"abc"))


def test_without_any_data_it_ends_after_the_time_out_exactly() -> None:
    bench = connected('AT+QFUPL="x",3,5')
    (begin,) = bench.events(DataBegin)
    assert bench.rest() == timed_out(b"")
    assert end_of(bench).at_ns == begin.at_ns + s(5)
    assert (
        bench.arrival_ns(cme(421)) == begin.at_ns + s(5) + len(timed_out(b"")) * 10 * s(1) // 115200
    )
    assert bench.file("x") == b"", "the file was made before CONNECT, and is kept"


def test_data_restarts_the_timer() -> None:
    """BG96 FILE manual: ends when no data is input; fwupd sends megabytes under 5 s."""
    bench = connected('AT+QFUPL="x",10,1')
    for _ in range(9):
        bench.run_for(ms(990))
        bench.send(b"x")
    start_ns = bench.now_ns
    assert bench.rest() == timed_out(b"x" * 9)
    assert end_of(bench).at_ns == start_ns + BYTE_NS + s(1)
    assert (end_of(bench).why, end_of(bench).received) == ("idle", 9)


def test_the_total_timer_does_not_care_about_data() -> None:
    bench = connected('AT+QFUPL="x",100,2', Bench(profile(files={"upload_timer": "total"})))
    (begin,) = bench.events(DataBegin)
    for _ in range(5):
        bench.run_for(ms(500))
        bench.send(b"x")
    bench.rest()
    assert end_of(bench).at_ns == begin.at_ns + s(2)
    assert bench.file("x") == b"xxx"


@pytest.mark.parametrize(
    ("style", "has_summary", "ending"),
    [
        ("cme421", False, cme(421)),
        ("summary_then_421", True, cme(421)),
        ("summary_ok", True, OK),
    ],
)
def test_the_three_styles_of_a_time_out(style: str, has_summary: bool, ending: bytes) -> None:
    """EG800K: the summary, then 421. FCM242D: the summary and OK. A bare 421 is in no log."""
    bench = Bench(profile(files={"upload_timeout": style}))
    reply = bench.upload('AT+QFUPL="x",100,5', AMAZON[:40])
    text = f"\r\n+QFUPL: 40,{checksum_text(checksum(AMAZON[:40]))}\r\n".encode()
    assert reply == (text if has_summary else b"") + ending
    assert bench.file("x") == AMAZON[:40]


def test_the_partial_file_is_kept_and_meets_the_next_try() -> None:
    """BG95: a truncated file stays visible; a retry meets 407 until QFDEL."""
    bench = Bench()
    assert bench.upload('AT+QFUPL="x",1188,5', AMAZON[:557]) == timed_out(AMAZON[:557])
    assert bench.file("x") == AMAZON[:557]
    assert bench.ask('AT+QFUPL="x",1188,5') == cme(407)
    assert bench.ask('AT+QFDEL="x"') == OK
    assert bench.upload('AT+QFUPL="x",1188,5', AMAZON) == summary(AMAZON)


# +++


def escape(before_ns: int, pieces: list[tuple[int, bytes]], size: int = 100) -> Bench:
    """40 bytes, silence, then `pieces`: each a pause before it, and bytes."""
    bench = connected(f'AT+QFUPL="x",{size},5')
    bench.send(AMAZON[:40])
    bench.run_for(40 * 10 * s(1) // 115200)
    bench.run_for(before_ns)
    for pause_ns, data in pieces:
        bench.run_for(pause_ns)
        bench.send(data)
    return bench


def test_three_pluses_in_silence_end_it_with_summary_and_ok() -> None:
    """M95 and BG96 manuals: the data so far stays in the file, the summary line, OK."""
    bench = escape(s(1), [(0, b"+++")])
    last_ns = bench.now_ns + 3 * 10 * s(1) // 115200
    assert bench.rest() == summary(AMAZON[:40])
    assert end_of(bench).why == "escape"
    assert end_of(bench).at_ns == last_ns + s(1)
    assert bench.file("x") == AMAZON[:40]
    assert bench.ask("AT") == OK


def test_an_escape_with_no_data_at_all() -> None:
    bench = connected('AT+QFUPL="x",100,5')
    bench.run_for(s(1))
    bench.send(b"+++")
    assert bench.rest() == summary(b"")


def test_typed_by_hand_within_a_second() -> None:
    bench = escape(s(1), [(0, b"+"), (ms(480), b"+"), (ms(480), b"+")])
    assert bench.rest() == summary(AMAZON[:40])


@pytest.mark.parametrize(
    ("before_ns", "pieces"),
    [
        (ms(999), [(0, b"+++")]),
        (s(1), [(0, b"+"), (ms(510), b"+"), (ms(510), b"+")]),
        (s(1), [(0, b"+++"), (ms(999), b"x")]),
        (s(1), [(0, b"+++"), (ms(999), b"+")]),
        (s(1), [(0, b"++++")]),
        (s(1), [(0, b"++x+")]),
        (s(1), [(0, b"x+++")]),
        (s(1), [(0, b"+++x")]),
        (s(1), [(0, b"+")]),
        (s(1), [(0, b"++")]),
    ],
    ids=[
        "too soon",
        "too slow",
        "a byte within the silence",
        "a fourth plus within the silence",
        "four",
        "interrupted",
        "in a burst",
        "at the head of a burst",
        "one",
        "two",
    ],
)
def test_each_guard_when_violated_leaves_the_pluses_in_the_data(
    before_ns: int, pieces: list[tuple[int, bytes]]
) -> None:
    """EC200U&EG915U TCP/IP note: 1 s before, 1 s within, 1 s after, nothing else among them."""
    bench = escape(before_ns, pieces)
    kept = AMAZON[:40] + b"".join(data for _, data in pieces)
    assert bench.rest() == timed_out(kept)
    assert end_of(bench).why == "idle"
    assert bench.file("x") == kept


def test_pluses_in_the_middle_of_a_file_are_data() -> None:
    data = AMAZON[:500] + b"+++" + AMAZON[500:]
    assert Bench().upload(f'AT+QFUPL="x",{len(data)}', data) == summary(data)


def test_held_pluses_can_complete_the_file() -> None:
    """Two pluses at the very end wait until a third would be too late, and then count."""
    bench = escape(s(1), [(0, b"++")], size=42)
    first_ns = bench.now_ns + 10 * s(1) // 115200
    assert bench.rest() == summary(AMAZON[:40] + b"++")
    assert end_of(bench).at_ns == first_ns + s(1)


def test_a_byte_after_the_silence_is_a_command_again() -> None:
    bench = escape(s(1), [(0, b"+++"), (ms(1001), b"AT\r")])
    bench.rest()
    assert bench.output.endswith(summary(AMAZON[:40]) + b"AT\r" + OK)


# surplus


@pytest.mark.parametrize(
    "surplus",
    [b"\r", b"\x1a", b"\r\n", b"\r\n\x1a", b"\xff" * 2047, b"\x00" * 300, b"\n\n\n", b"garbage\r"],
    ids=["cr", "sub", "crlf", "crlf-sub", "padding", "nul", "lf", "words"],
)
def test_what_comes_after_the_last_byte_is_dropped_without_a_word(surplus: bytes) -> None:
    """No stray ERROR: a host takes it for the answer to its next command."""
    bench = quiet_bench()
    assert bench.upload('AT+QFUPL="x",3', b"abc" + surplus) == summary(b"abc")
    assert bench.file("x") == b"abc"
    assert bench.ask("AT+QFLST") == info('+QFLST: "UFS:x",3')


@pytest.mark.parametrize("surplus", [b"\xff" * 2047, b"\x1a", b"\r\n", b"\r", b"A", b"aA"])
def test_even_directly_in_front_of_a_command_on_the_same_line(surplus: bytes) -> None:
    bench = quiet_bench()
    assert bench.upload('AT+QFUPL="x",3', b"abc" + surplus + b"AT+QFLST\r") == (
        summary(b"abc") + info('+QFLST: "UFS:x",3')
    )


def test_sub_half_a_second_later() -> None:
    """Some hosts send the PEM plus CR LF, and half a second later SUB."""
    bench = quiet_bench()
    bench.upload('AT+QFUPL="x",1188', AMAZON + b"\r\n")
    bench.run_for(ms(500))
    bench.send(b"\x1a")
    assert bench.rest() == b""
    assert bench.ask("AT") == OK
    assert [eaten.data for eaten in bench.events(Eaten)] == [b"\r\n", b"\x1a"]


def test_surplus_is_echoed_where_echo_is_on() -> None:
    """UIS8910DM AT engine: not built with "echo command only"."""
    bench = Bench()
    assert bench.upload('AT+QFUPL="x",3', b"abc\x1a") == b"\x1a" + summary(b"abc") or (
        bench.output.endswith(summary(b"abc") + b"\x1a")
    )


def test_a_device_that_throws_surplus_away_until_the_host_pauses() -> None:
    bench = quiet_bench(surplus="discard")
    assert bench.upload('AT+QFUPL="x",3', b"abc" + b"\xff" * 20 + b"AT\r") == summary(b"abc")
    assert {eaten.why for eaten in bench.events(Eaten)} == {"surplus after the data"}
    assert bench.ask("AT") == OK


@pytest.mark.parametrize(("pause_ms", "is_heard"), [(49, False), (51, True)])
def test_the_pause_that_ends_surplus(pause_ms: int, is_heard: bool) -> None:
    bench = connected('AT+QFUPL="x",3', quiet_bench(surplus="discard"))
    bench.send(b"abc")
    bench.run_for(3 * 10 * s(1) // 115200)
    bench.run_for(ms(pause_ms))
    bench.send(b"AT\r")
    bench.rest()
    assert bench.output.endswith(OK + OK) == is_heard


# around CONNECT


def test_an_lf_before_connect_belongs_to_the_command() -> None:
    bench = quiet_bench()
    bench.send(b'AT+QFUPL="x",3\r\nabc')
    assert bench.rest() == CONNECT + summary(b"abc")
    assert bench.file("x") == b"abc"


def test_an_lf_that_is_late_but_still_before_connect_does_too() -> None:
    """After the 20 ms that the engine waits for it, while it prepares the file."""
    bench = quiet_bench()
    bench.send(b'AT+QFUPL="x",3\r')
    bench.run_for(15 * 10 * s(1) // 115200 + ms(21))
    bench.send(b"\n")
    bench.until(CONNECT)
    bench.send(b"abc")
    assert bench.rest() == summary(b"abc")
    assert bench.file("x") == b"abc"


def test_the_first_byte_after_connect_is_data_even_an_lf() -> None:
    bench = connected('AT+QFUPL="x",4', quiet_bench())
    bench.send(b"\nabc")
    assert bench.rest() == summary(b"\nabc")
    assert bench.file("x") == b"\nabc"


def test_a_second_lf_is_data_already() -> None:
    bench = quiet_bench()
    bench.send(b'AT+QFUPL="x",4\r\n\nabc')
    bench.rest()
    assert bench.file("x") == b"\nabc"


def test_a_host_that_does_not_wait_for_connect_gets_by_while_the_ring_holds_it() -> None:
    bench = quiet_bench()
    bench.send(b'AT+QFUPL="x",1188\r' + AMAZON)
    assert bench.rest() == CONNECT + summary(AMAZON)
    (begin,) = bench.events(DataBegin)
    assert begin.early > 0
    assert bench.file("x") == AMAZON


def test_firmware_that_forgets_what_came_before_connect() -> None:
    bench = quiet_bench(early_bytes="discard")
    bench.send(b'AT+QFUPL="x",1188,5\r' + AMAZON)
    assert bench.rest() == CONNECT + timed_out(bench.file("x"))
    early = [eaten.data for eaten in bench.events(Eaten) if eaten.why == "sent before CONNECT"]
    assert b"".join(early) + bench.file("x") == AMAZON
    assert len(b"".join(early)) > 30


# the host's mistakes


def test_a_command_sent_twice_is_the_head_of_the_file() -> None:
    """Some hosts do: the second copy is the first bytes of the file."""
    command = b'AT+QFUPL="x",100\r'
    bench = Bench()
    bench.send(command)
    bench.until(CONNECT)
    bench.run_for(ms(300))
    bench.send(command)
    bench.run_for(ms(300))
    bench.send(AMAZON[:100])
    bench.rest()
    assert bench.file("x") == (command + AMAZON)[:100]
    (swallowed,) = bench.events(Swallowed)
    assert swallowed.text == 'AT+QFUPL="x",100'
    assert swallowed.pause_ns >= ms(300)


@pytest.mark.parametrize("rest", [b"ate Authority 2017\n" * 20, b"\r\n" * 40, b"A\r" * 40])
def test_a_file_that_pauses_is_not_taken_for_a_command(rest: bytes) -> None:
    """Flow control stops a host anywhere, so before any letters that a file may hold."""
    data = AMAZON + rest
    bench = connected(f'AT+QFUPL="x",{len(data)}')
    bench.send(AMAZON)
    bench.run_for(ms(100))
    bench.send(rest)
    bench.rest()
    assert bench.file("x") == data
    assert bench.events(Swallowed) == []


def test_println_adds_a_cr_lf_that_nobody_misses() -> None:
    bench = quiet_bench()
    assert bench.upload('AT+QFUPL="x",1188', AMAZON + b"\r\n") == summary(AMAZON)
    assert bench.ask("AT") == OK


def test_println_for_each_line_truncates_the_file() -> None:
    """The size was counted with LF, the lines went out with CR LF: twenty bytes too many.

    And these twenty are not silent: CERTIFICATE holds the letters AT, so that `ATE-----` is a
    command line, which fails, and leaves the echo as it was.
    """
    sent = AMAZON.replace(b"\n", b"\r\n")
    bench = Bench()
    reply = bench.upload('AT+QFUPL="x",1188', sent)
    assert bench.file("x") == sent[:1188] != AMAZON
    assert sent[1188:].endswith(b"ATE-----\r\n")
    assert reply.startswith(summary(sent[:1188]))
    assert reply.endswith(ERROR)
    assert [line.text for line in bench.events(CommandLine)][1:] == ["E-----"]
    assert bench.ask("AT") == OK
    assert bench.output.endswith(b"AT\r" + OK), "echo is still on"


def test_a_size_too_small_leaves_the_rest_to_the_command_line() -> None:
    """What is left ends in `ATE-----` and LF: the host's next command becomes a part of that."""
    bench = quiet_bench()
    assert bench.upload('AT+QFUPL="x",1000', AMAZON) == summary(AMAZON[:1000])
    assert bench.file("x") == AMAZON[:1000]
    eaten = [event.data for event in bench.events(Eaten)]
    assert b"".join(eaten) + b"ATE-----\n" == AMAZON[1000:]
    assert bench.ask("AT+CSQ") == ERROR
    assert bench.ask("AT+CSQ") == info("+CSQ: 24,99")


def test_a_rest_that_happens_to_hold_a_command_is_answered() -> None:
    bench = quiet_bench()
    assert bench.upload('AT+QFUPL="x",3', b"abcdefAT+NONSENSE\r") == summary(b"abc") + ERROR


def test_a_size_too_large_swallows_the_commands_that_follow() -> None:
    """A host that believes it is done, while the module still waits for file data."""
    bench = connected('AT+QFUPL="x",1250,10')
    bench.send(AMAZON)
    bench.run_for(s(1))
    bench.send(b"AT\r")
    bench.run_for(s(1))
    bench.send(b'AT+QMTOPEN=0,"broker",8883\r')
    assert bench.run_for(s(2)) == b"", "no answer, and nothing says why"
    bench.send(b"AT+CSQ\r" + bytes(100))
    bench.rest()
    whole = AMAZON + b'AT\rAT+QMTOPEN=0,"broker",8883\rAT+CSQ\r' + bytes(100)
    assert bench.file("x") == whole[:1250]
    swallowed = bench.events(Swallowed)
    assert [event.text for event in swallowed] == [
        "AT",
        'AT+QMTOPEN=0,"broker",8883',
        "AT+CSQ",
    ]
    offsets = [event.offset for event in swallowed]
    command = len('AT+QFUPL="x",1250,10\r')
    assert offsets == [command + 1188, command + 1191, command + 1218]


def test_and_without_enough_of_them_ends_by_time_out() -> None:
    bench = connected('AT+QFUPL="x",1250,5')
    bench.send(AMAZON)
    bench.run_for(s(1))
    bench.send(b"AT\r")
    assert bench.rest() == timed_out(AMAZON + b"AT\r")
    assert bench.file("x") == AMAZON + b"AT\r"
    assert [result.text for result in bench.events(Result)] == ["+CME ERROR: 421"]


def test_a_full_disk_in_the_middle_ends_it_with_420() -> None:
    """QFWRITE asks for no space beforehand; what was written stays, the rest meets the commands."""
    bench = Bench(profile(files={"block_count": 16}))
    bench.ask("ATE0")
    bench.ask('AT+QFOPEN="x"')
    data = b"\n" * 80_000
    reply = bench.upload("AT+QFWRITE=1027,80000,5", data)
    assert reply == cme(420)
    assert end_of(bench).why == "error"
    counters = bench.rig.counters()
    assert 0 < counters["stored"] < 80_000
    assert counters["lost_storage"] > 0
    assert counters["sent"] == counters["stored"] + counters["lost"] + counters["eaten"]
    assert bench.ask("AT") == OK


@pytest.mark.parametrize(("every", "left"), [(0, 0), (256, 512), (100, 512), (1024, 0)])
def test_a_power_cut_leaves_what_was_made_safe_on_the_way(every: int, left: int) -> None:
    """A BG95 kept 203 to 557 bytes; with one sync at the close nothing is left but the name."""
    files = {"sync_every_bytes": every, "data_buffer_bytes": 256}
    bench = connected('AT+QFUPL="x",1188,60', Bench(profile(files=files)))
    bench.send(AMAZON[:600])
    bench.run_for(s(1))
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    assert bench.file("x") == AMAZON[:left]
    bench.rig.check()
