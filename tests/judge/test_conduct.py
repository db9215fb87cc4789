"""Each rule of conduct: a host that breaks it, one that just does not, and the moment of it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.host.plan import UploadPlan
from quecsim.judge.conduct import RULES, Breach
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario, Stall
from quecsim.units import MS, S
from quecsim.virtual.port import VirtualPort
from tests.testing.judged import Host, JudgedRun, ask, read_until, uploader

DATA = b"0123456789abcdef" * 128  # 2048 bytes
PLAIN = make_scenario("ec200u")


def begin(port: VirtualPort, size: int = len(DATA), ack: bool = False, timeout_s: int = 5) -> bytes:
    """A right beginning, up to the answer to QFUPL."""
    assert b"OK" in ask(port, "ATE0")
    assert b"OK" in ask(port, "AT+CMEE=1")
    return ask(port, f'AT+QFUPL="UFS:x",{size},{timeout_s}{",1" if ack else ""}')


def the_breach(host: Host, scenario: Scenario = PLAIN, after_s: float = 0.0) -> Breach:
    """The only rule that the host breaks."""
    (breach,) = JudgedRun(scenario, host, after_s=after_s).judge(expected=DATA).breaches
    return breach


def test_every_rule_says_what_it_means_and_what_to_do() -> None:
    assert all(rule.means.endswith((".", ")")) and rule.advice for rule in RULES.values())
    assert len(RULES) == 21


def test_data_in_one_write_with_the_command_is_before_connect() -> None:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        port.write(f'AT+QFUPL="UFS:x",{len(DATA)},5\r'.encode() + DATA)
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"), 8)

    breach = the_breach(host)
    assert breach.rule == "data-before-connect"
    assert breach.at_byte == 0
    assert breach.text == "the host wrote 2048 bytes before CONNECT"


def test_a_line_feed_behind_the_command_is_no_data() -> None:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        port.write(f'AT+QFUPL="UFS:x",{len(DATA)},5\r\n'.encode())
        read_until(port, (b"CONNECT\r\n",))
        port.write(DATA)
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"))

    assert JudgedRun(PLAIN, host).rules(expected=DATA) == []


def test_the_second_block_before_the_first_ack() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port, ack=True)
        port.write(DATA[:1025])
        read_until(port, (b"A",))
        port.write(DATA[1025:])
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"))

    run = JudgedRun(PLAIN, host)
    (breach,) = run.judge(expected=DATA).breaches
    assert breach.rule == "no-wait-for-ack"
    assert breach.at_byte == 1024
    assert "1 more byte came before the A for the first 1024" in breach.text
    assert run.rules(allow=("no-wait-for-ack",)) == []
    assert run.judge(allow=("no-wait-for-ack",)).allowed == ["no-wait-for-ack"]


def own_device(tmp_path: Path, name: str, value: int, **options: Any) -> Scenario:
    """A device that differs in one value of `files`."""
    own = tmp_path / "own.toml"
    own.write_text(
        'extends = "ec200u"\nname = "own"\ntitle = "Own"\n[files]\n'
        f'{name} = {{ value = {value}, how = "assumed", source = "a test" }}\n'
    )
    return make_scenario(str(own), **options)


@pytest.mark.parametrize(("command_s", "rules"), [(5, ["gave-up-early"]), (1, [])])
def test_how_long_a_command_may_take_is_the_devices(
    command_s: int, rules: list[str], tmp_path: Path
) -> None:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, f'AT+QFUPL="UFS:x",{len(DATA)},5', 2)  # CONNECT is late: it leaves
        return False

    late = [{"kind": "connect_late", "delay_ms": 10_000}]
    scenario = own_device(tmp_path, "command_s", command_s, faults=late)
    assert JudgedRun(scenario, host).rules() == rules


@pytest.mark.parametrize("block_bytes", [512, 2048])
def test_the_block_of_an_a_is_the_devices(block_bytes: int, tmp_path: Path) -> None:
    scenario = own_device(tmp_path, "ack_block_bytes", block_bytes)
    plan = UploadPlan("UFS:x", DATA + DATA, ack=True, ack_block_bytes=block_bytes)
    right = JudgedRun(scenario, uploader(plan))
    assert right.judge(expected=DATA + DATA).passed

    def host(port: VirtualPort) -> bool:
        begin(port, ack=True, size=2 * len(DATA))
        port.write(DATA + DATA)
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"))

    breach = the_breach(host, scenario)
    assert (breach.rule, breach.at_byte) == ("no-wait-for-ack", block_bytes)
    assert breach.advice.startswith(f"after every {block_bytes} bytes read until")


def test_the_escape_is_no_data_of_the_next_block() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port, ack=True)
        port.write(DATA[:1024])
        port.sleep(11)  # for an `A` that never comes
        port.write(b"+++")
        read_until(port, (b"OK\r\n", b"ERROR"), 3)
        return False

    lost = make_scenario("ec200u", faults=[{"kind": "ack_late", "ack": 1, "delay_ms": 30_000}])
    run = JudgedRun(lost, host)
    assert "no-wait-for-ack" not in [breach.rule for breach in run.judge(expected=DATA).breaches]


def test_a_file_of_three_pluses_that_is_taken_for_the_escape_is_no_breach() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port, size=3)
        port.sleep(2)
        port.write(b"+++")
        return b"+QFUPL: 3" in read_until(port, (b"OK\r\n", b"ERROR"), 8)

    run = JudgedRun(PLAIN, host)
    assert run.report.uploads[0].ended == "escape"
    assert run.judge(expected=b"+++").breaches == []


def test_leaving_right_after_the_last_byte_is_early() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.write(DATA)
        return True

    breach = the_breach(host, after_s=2)
    assert breach.rule == "gave-up-early"
    assert breach.at_byte == len(DATA)


def test_leaving_in_the_middle_leaves_the_device_in_data_mode() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.write(DATA[:1000])
        port.sleep(1)
        return False

    breach = the_breach(host, after_s=20)
    assert breach.rule == "left-in-data-mode"
    assert breach.at_byte == 1000


def test_an_abandoned_upload_that_is_ended_with_the_escape_is_fine() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.write(DATA[:1000])
        port.sleep(1.1)
        port.write(b"+++")
        read_until(port, (b"OK\r\n", b"ERROR"))
        return False

    assert JudgedRun(PLAIN, host).rules() == []


@pytest.mark.parametrize(("wait_s", "rules"), [(1.2, ["gave-up-early"]), (5.2, [])])
def test_the_escape_after_the_last_byte_must_wait_for_the_time_out(
    wait_s: float, rules: list[str]
) -> None:
    scenario = load_scenario("thread-57329")

    def host(port: VirtualPort) -> bool:
        begin(port, timeout_s=10 if wait_s < 5 else 5)
        port.write(DATA)  # 2048 bytes of which some get lost
        port.sleep(wait_s)
        if not port.in_waiting:
            port.write(b"+++")
        read_until(port, (b"OK\r\n", b"ERROR"), 3)
        return False

    assert JudgedRun(scenario, host).rules() == rules


def test_the_next_command_before_the_answer() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.write(DATA)
        port.write(b"AT+QFLST\r")
        return b"OK" in read_until(port, (b"+QFLST",)) + read_until(port, (b"OK\r\n",))

    breach = the_breach(host)
    assert breach.rule == "gave-up-early"
    assert "the next command came together with the last byte" in breach.text


def test_two_file_commands_without_a_pause() -> None:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        port.write(b'AT+QFDEL="UFS:x"\r')
        port.sleep(0.001)
        ask(port, f'AT+QFUPL="UFS:x",{len(DATA)},5')
        port.write(DATA)
        return b"OK" in read_until(port, (b"OK\r\n",))

    files = {"x": b"old" * 100}
    run = JudgedRun(make_scenario("ec200u", flash="worst", files=files), host)
    first, second = run.judge(expected=DATA).breaches
    assert first.rule == "gave-up-early"
    assert '+QFDEL="UFS:x"' in first.text
    assert second.rule == "data-before-connect"  # it took the first OK for the answer to the second


def test_a_command_becomes_part_of_the_file() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.write(DATA[:500])
        port.sleep(0.1)
        port.write(b"AT+QFLST\r")
        port.write(DATA[500:-9])
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"), 8)

    judgement = JudgedRun(PLAIN, host).judge(expected=DATA)
    rules = {each.rule: each for each in judgement.breaches}
    assert rules["command-in-data-mode"].at_byte == 500
    assert "'AT+QFLST'" in rules["command-in-data-mode"].text
    assert judgement.verdict != "intact"


def test_a_file_that_holds_commands_is_no_breach() -> None:
    data = (b"x" * 498 + b"\r\nAT+QFLST\r\n" + b"y" * 2048)[:2048]

    def host(port: VirtualPort) -> bool:
        begin(port, len(data))
        port.write(data[:500])
        port.sleep(0.1)
        port.write(data[500:])
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"), 8)

    run = JudgedRun(PLAIN, host)
    assert run.rules(expected=data) == []
    assert run.rules() == []  # nobody said what the file is; but not a byte too many came


def existing(*commands: str, says: bool = False) -> JudgedRun:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, "AT+CMEE=1")
        for command in commands:
            if b"CONNECT" in ask(port, command):
                port.write(DATA)
                read_until(port, (b"OK\r\n",))
        return says

    return JudgedRun(make_scenario("ec200u", files={"x": b"old"}), host)


UPLOAD = f'AT+QFUPL="UFS:x",{len(DATA)},5'


def test_a_file_that_is_there_must_be_deleted() -> None:
    run = existing(UPLOAD, UPLOAD)
    (breach,) = run.judge().breaches
    assert breach.rule == "existing-file"
    assert "407" in breach.text
    assert "tried again" in breach.text
    assert run.rules(expect="honest") == []  # it knows, and says so
    assert existing(UPLOAD, says=True).rules(expect="honest") == ["existing-file", "ignored-error"]


@pytest.mark.parametrize("cmee", [0, 1, 2])
@pytest.mark.parametrize("device", ["ec200u", "m95"])
def test_a_file_that_is_there_is_one_whatever_cmee_is(device: str, cmee: int) -> None:
    command = {"ec200u": UPLOAD, "m95": f'AT+QSECWRITE="RAM:x",{len(DATA)},5'}[device]

    def host(port: VirtualPort) -> bool:
        ask(port, "AT")
        ask(port, "ATE0")
        ask(port, f"AT+CMEE={cmee}")
        for _ in range(2):
            if b"CONNECT" in ask(port, command):
                port.write(DATA)
                read_until(port, (b"OK\r\n",))
        return False

    files = {"x": b"old"} if device == "ec200u" else {}
    assert JudgedRun(make_scenario(device, files=files), host).rules() == ["existing-file"]


def test_deleting_it_after_the_refusal_is_as_good() -> None:
    assert existing(UPLOAD, 'AT+QFDEL="UFS:x"', UPLOAD, says=True).rules(expected=DATA) == []
    assert existing('AT+QFDEL="UFS:x"', UPLOAD, says=True).rules(expected=DATA) == []


def test_data_after_the_refusal() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port, size=1 << 30)  # larger than the storage
        port.write(DATA)
        port.sleep(1)
        return False

    breach = the_breach(host)
    assert breach.rule == "ignored-error"


def test_a_command_letter_by_letter_after_a_refusal_is_no_data() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port, size=1 << 30)
        for letter in b"\r\nAT+QFLST\r":
            port.write(bytes([letter]))
            port.sleep(0.01)
        read_until(port, (b"OK\r\n",))
        return False

    assert JudgedRun(PLAIN, host).rules() == []


def test_a_power_cut_is_not_the_hosts_fault() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.write(DATA[:1000])
        port.sleep(0.05)
        port.rig.cut_power(port.now_ns)
        return False

    assert JudgedRun(PLAIN, host).rules() == []


def test_our_own_uploader_keeps_a_file_that_is_there() -> None:
    plan = UploadPlan("UFS:x", DATA, keep=True)
    run = JudgedRun(make_scenario("ec200u", files={"x": b"old"}), uploader(plan))
    assert run.claim is False
    assert run.rules() == []


EXAMPLE = Path(__file__).parents[2] / "examples" / "upload_ack.py"


@pytest.mark.parametrize("name", ["ack-mode", "thread-57329", "worst-flash", "fast-line"])
def test_nor_does_the_example(name: str) -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("upload_ack", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)

    def host(port: VirtualPort) -> bool:
        port.timeout = 5
        size: int = example.upload(port, "UFS:x", DATA)
        return size == len(DATA)

    run = JudgedRun(load_scenario(name), host)
    assert run.rules(expected=DATA) == []
    assert run.judge(expected=DATA).passed


PAYLOADS = st.lists(
    st.sampled_from(
        [
            b"AT\r",
            b"AT+QFLST\r\n",
            b"+++",
            b"A",
            b"\r\n",
            b"x" * 300,
            b"\x11\x13",
            b'AT+QFUPL="UFS:x",300,5\r',
            b'AT+QFDEL="UFS:x"',
            b'"\r',
        ]
    ),
    min_size=1,
    max_size=12,
).map(b"".join)


@settings(max_examples=60, deadline=None)
@given(
    data=PAYLOADS,
    ack=st.booleans(),
    chunk=st.integers(1, 1024),
    gap_ms=st.sampled_from([0, 1, 30]),
    stall_ms=st.integers(1, 400),
    flash=st.sampled_from(["typical", "worst", "instant"]),
)
def test_no_right_host_is_ever_accused(
    data: bytes, ack: bool, chunk: int, gap_ms: int, stall_ms: int, flash: str
) -> None:
    stall = Stall(stall_ms=stall_ms, every_bytes=100)
    scenario = make_scenario("ec200u", stalls=[stall], flash=flash, ring_bytes=256)
    chunk = max(chunk, len(data) // 50)
    plan = UploadPlan("UFS:x", data, ack=ack, chunk_bytes=chunk, gap_ms=gap_ms)
    run = JudgedRun(scenario, uploader(plan))
    judgement = run.judge(expected=data, expect="honest")
    assert judgement.breaches == []
    assert judgement.passed, judgement.reasons
    unknown = run.judge(expect="honest")  # nobody knows what the file should be
    assert unknown.breaches == []


def test_times_are_the_models() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port)
        port.write(DATA[:1000])
        port.sleep(1)
        return False

    run = JudgedRun(PLAIN, host)
    (breach,) = run.judge().breaches
    assert breach.at_ns == run.left_ns
    assert S < run.left_ns < 2 * S + 500 * MS


def test_a_host_that_waited_is_not_said_to_have_left_at_once() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port, size=len(DATA) + 10, timeout_s=60)
        port.write(DATA)
        port.sleep(30)
        return False

    run = JudgedRun(PLAIN, host)
    (breach,) = run.judge(left_ns=None).breaches
    assert breach.rule == "left-in-data-mode"
    assert breach.at_ns >= 30 * S


def test_two_uploads_on_one_line_are_judged_each() -> None:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, 'AT+QFUPL="a",5,5;+QFUPL="b",5,5')
        port.write(b"aaaaa")
        read_until(port, (b"CONNECT\r\n",))
        port.write(b"bbbbb")
        return b"OK" in read_until(port, (b"OK\r\n",))

    run = JudgedRun(PLAIN, host)
    assert run.rules() == []
    assert [upload.verdict for upload in run.report.uploads] == ["intact", "intact"]


def test_a_command_that_completes_or_opens_the_file_is_a_breach() -> None:
    def completes(port: VirtualPort) -> bool:
        begin(port, size=len(DATA) + 9, timeout_s=60)
        port.write(DATA)
        port.sleep(2)
        return b"OK" in ask(port, 'AT+QFLST="x"', 3)

    def opens(port: VirtualPort) -> bool:
        begin(port)
        port.sleep(1)
        port.write(f'AT+QFUPL="UFS:x",{len(DATA)},5\r'.encode())
        port.sleep(1)
        port.write(DATA)
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"))

    for host, place in ((completes, len(DATA)), (opens, 0)):
        for expected in (None, DATA):
            judgement = JudgedRun(PLAIN, host).judge(expected=expected)
            breach = judgement.breaches[0]
            assert (breach.rule, breach.at_byte) == ("command-in-data-mode", place)
            assert judgement.verdict == "wrong"
            assert not judgement.passed


# what is no breach everywhere


def hasty(port: VirtualPort) -> bool:
    """Two blocks before the first `A`."""
    begin(port, ack=True)
    port.write(DATA)
    return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"))


@pytest.mark.parametrize("options", [{"interface": "usb"}, {"speed": "unlimited"}])
def test_two_blocks_before_two_acks_are_a_note_where_nothing_can_be_lost(
    options: dict[str, Any],
) -> None:
    judgement = JudgedRun(make_scenario("ec200u", **options), hasty).judge(expected=DATA)
    assert judgement.passed
    (note,) = judgement.notes
    assert note.startswith("no-wait-for-ack, which does no harm on a port that loses nothing: 1024")
    serial = JudgedRun(PLAIN, hasty).judge(expected=DATA)
    assert [each.rule for each in serial.breaches] == ["no-wait-for-ack"]
    assert serial.notes == []


def test_who_was_stopped_has_not_given_up() -> None:
    def host(port: VirtualPort) -> bool:
        begin(port, timeout_s=20_000)
        port.write(DATA[:-1])
        port.sleep(30)
        return False

    run = JudgedRun(PLAIN, host)
    assert run.rules() == ["left-in-data-mode"]
    stopped = run.judge(unfinished="the program was stopped after 30 s (--timeout)")
    assert stopped.breaches == []
    assert stopped.sentence.startswith("the program was stopped after 30 s (--timeout); ")
    assert stopped.because == "the device still waited: the time-out of AT+QFUPL was 20000 s"


def test_short_messages_before_an_upload_are_no_breach() -> None:
    """Neither what is typed behind `> `, nor a message that is taken back or refused."""

    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, "AT+CMGF=1")
        for typed in (b"AT+QFLST hello\r\n\x1a", b"no\x1b"):
            port.write(b'AT+CMGS="+447700900001"\r')
            read_until(port, (b"> ",))
            port.write(typed)
            read_until(port, (b"OK\r\n",))
        ask(port, "AT+CMGF=0")
        port.write(b"AT+CMGS=10\r")
        read_until(port, (b"> ",))
        port.write(b"00\x1a")
        read_until(port, (b"ERROR: 304\r\n",))
        begin(port)
        port.write(DATA)
        return b"OK" in read_until(port, (b"OK\r\n", b"ERROR"))

    run = JudgedRun(PLAIN, host)
    assert run.rules(expected=DATA) == []
    assert run.judge(expected=DATA).verdict == "intact"
