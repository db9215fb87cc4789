"""V.250 commands: echo, result codes, S-registers, the kept profile, +CMEE, and reply framing."""

import pytest

from quecsim.units import ms, s
from tests.device.bench import ERROR, OK, Bench, cme, info


@pytest.fixture
def bench() -> Bench:
    return Bench()


# framing


def test_a_reply_without_text_is_cr_lf_ok_cr_lf(bench: Bench) -> None:
    """Capture of a BG770A."""
    assert bench.ask("AT") == b"\r\nOK\r\n"
    assert bench.ask("AT+NONSENSE") == b"\r\nERROR\r\n"
    assert bench.ask("AT+QFDEL=nothing") == b"\r\n+CME ERROR: 418\r\n"


def test_information_text_and_the_empty_line_before_ok(bench: Bench) -> None:
    assert bench.ask("AT+CSQ") == b"\r\n+CSQ: 24,99\r\n\r\nOK\r\n"


def test_several_lines_share_the_cr_lf_between_them(bench: Bench) -> None:
    """A host's log of ATI on an EC200U: empty line, three lines, empty line, OK."""
    assert bench.ask("ATI") == (
        b"\r\nQuectel\r\nEC200U\r\nRevision: EC200UCNAAR03A15M08\r\n\r\nOK\r\n"
    )


def test_commands_in_a_chain_each_open_a_block_and_share_one_ok(bench: Bench) -> None:
    assert bench.ask("AT+CSQ;+CFUN?;+CPIN?") == (
        b"\r\n+CSQ: 24,99\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n"
    )


def test_basic_commands_need_no_semicolon(bench: Bench) -> None:
    assert bench.ask("ATE0V1Q0") == OK
    assert bench.ask("ATE1S3?&D0+CSQ;+CFUN?") == info("013", "", "+CSQ: 24,99", "", "+CFUN: 1")


def test_a_chain_stops_at_the_first_that_fails(bench: Bench) -> None:
    assert bench.ask("AT+CMEE=2;+NONSENSE;+CMEE=0") == ERROR
    assert bench.ask("AT+CMEE?") == info("+CMEE: 2")


def test_text_of_the_commands_before_the_failing_one_is_there(bench: Bench) -> None:
    assert bench.ask('AT+CSQ;+QFDEL="x";+CSQ') == b"\r\n+CSQ: 24,99\r\n" + cme(418)


def test_numeric_codes_under_v0(bench: Bench) -> None:
    """EC25 manual: text CR LF, and a digit with CR alone."""
    assert bench.ask("ATV0") == b"0\r"
    assert bench.ask("AT+CSQ") == b"+CSQ: 24,99\r\n0\r"
    assert bench.ask("ATI") == b"Quectel\r\nEC200U\r\nRevision: EC200UCNAAR03A15M08\r\n0\r"
    assert bench.ask("AT+NONSENSE") == b"4\r"
    assert bench.ask("ATV1") == OK


def test_numeric_connect(bench: Bench) -> None:
    bench.ask("ATV0")
    bench.send(b'AT+QFUPL="x",3\r')
    bench.until(b"\r1\r")
    bench.send(b"ABC")
    assert bench.rest() == b"+QFUPL: 3,242\r\n0\r"


def test_quiet_suppresses_result_codes_but_not_text(bench: Bench) -> None:
    bench.ask("ATE0")
    assert bench.ask("ATQ1") == b""
    assert bench.ask("AT") == b""
    assert bench.ask("AT+NONSENSE") == b""
    assert bench.ask("AT+QFDEL=nothing") == b""
    assert bench.ask("AT+CSQ") == b"\r\n+CSQ: 24,99\r\n"
    assert bench.ask("ATQ0") == OK


@pytest.mark.parametrize(
    ("cmee", "reply"),
    [
        (0, ERROR),
        (1, b"\r\n+CME ERROR: 418\r\n"),
        (2, b"\r\n+CME ERROR: 418\r\n"),
    ],
)
def test_cmee(bench: Bench, cmee: int, reply: bytes) -> None:
    assert bench.ask(f"AT+CMEE={cmee}") == OK
    assert bench.ask('AT+QFDEL="x"') == reply
    assert bench.ask("AT+CMEE?") == info(f"+CMEE: {cmee}")


def test_cmee_is_1_at_first_and_knows_its_range(bench: Bench) -> None:
    assert bench.ask("AT+CMEE?") == info("+CMEE: 1")
    assert bench.ask("AT+CMEE=?") == info("+CMEE: (0-2)")
    assert bench.ask("AT+CMEE=3") == cme(50)
    assert bench.ask("AT+CMEE=") == cme(50)


def test_a_number_under_v0_keeps_its_words(bench: Bench) -> None:
    bench.ask("ATV0")
    assert bench.ask('AT+QFDEL="x"') == b"+CME ERROR: 418\r\n"


def test_an_unknown_command_is_error_whatever_cmee_says(bench: Bench) -> None:
    """A popular library crashes on a lenient OK."""
    for cmee in (0, 1, 2):
        bench.ask(f"AT+CMEE={cmee}")
        for line in ("AT+NONSENSE", "AT+NONSENSE=?", "AT+NONSENSE?", "AT+NONSENSE=1", "ATY", "AT#"):
            assert bench.ask(line) == ERROR


# echo


def test_echo_with_cr(bench: Bench) -> None:
    """Capture of a BG770A: what was typed, its CR among it, then the reply with its own CR LF."""
    bench.send(b"AT\r")
    assert bench.rest() == b"AT\r\r\nOK\r\n"


def test_echo_with_cr_lf(bench: Bench) -> None:
    """UIS8910DM AT engine: the LF that follows is echoed before the reply."""
    bench.send(b"AT\r\n")
    assert bench.rest() == b"AT\r\n\r\nOK\r\n"


def test_echo_off_and_on(bench: Bench) -> None:
    bench.send(b"ATE0\r")
    assert bench.rest() == b"ATE0\r" + OK
    bench.send(b"AT\r\n")
    assert bench.rest() == OK
    bench.send(b"ATE1\r\n")
    assert bench.rest() == OK
    bench.send(b"AT\r")
    assert bench.rest() == b"AT\r" + OK
    bench.send(b"ATE\r")
    assert bench.rest() == b"ATE\r" + OK
    bench.send(b"AT\r")
    assert bench.rest() == OK


def test_stray_characters_are_echoed_too(bench: Bench) -> None:
    """UIS8910DM AT engine: not built with "echo command only"."""
    bench.send(b"xyz\x1a\xff")
    assert bench.rest() == b"xyz\x1a\xff"


# S-registers


def test_s3_ends_lines_and_opens_replies(bench: Bench) -> None:
    """V.250 6.2.1: the character is used to end lines, and in the formatting of replies."""
    bench.ask("ATE0")
    bench.send(b"ATS3=33\r")
    assert bench.rest() == b"!\nOK!\n"
    bench.send(b"AT+CSQ!")
    assert bench.rest() == b"!\n+CSQ: 24,99!\n!\nOK!\n"
    bench.send(b"AT\rV1!")
    assert bench.rest() == b"!\nOK!\n", "CR is a control character like any other now"
    bench.send(b"ATV0!")
    assert bench.rest() == b"0!"


def test_s4_formats_replies_and_is_what_follows_cr(bench: Bench) -> None:
    bench.send(b"ATS4=42\r")
    assert bench.rest() == b"ATS4=42\r\r*OK\r*"
    bench.send(b"AT\r*")
    assert bench.rest() == b"AT\r*\r*OK\r*"


def test_s5_rubs_out(bench: Bench) -> None:
    assert bench.ask(b"AT+CSX\x08Q") == info("+CSQ: 24,99")
    assert bench.ask(b"AT\x08\x08\x08+CSQ") == info("+CSQ: 24,99")
    assert bench.ask("ATS5=127") == OK
    assert bench.ask(b"AT+CSX\x7fQ") == info("+CSQ: 24,99")
    assert bench.ask(b"AT+C\x08SQ") == info("+CSQ: 24,99"), "BS is one more control character"


@pytest.mark.parametrize(
    ("register", "value"),
    [("S0", 0), ("S3", 13), ("S4", 10), ("S5", 8), ("S7", 0), ("S10", 15)],
)
def test_registers_at_first(bench: Bench, register: str, value: int) -> None:
    assert bench.ask(f"AT{register}?") == info(f"{value:03}")


def test_registers_are_kept_in_range(bench: Bench) -> None:
    assert bench.ask("ATS0=3") == OK
    assert bench.ask("ATS0?") == info("003")
    assert bench.ask("ATS0=") == ERROR
    assert bench.ask("ATS0?") == info("003")
    for line in ("ATS0=256", "ATS3=128", "ATS10=255", "ATS99=1", "ATS99?"):
        assert bench.ask(line) == ERROR


@pytest.mark.parametrize(
    "value", ["", " ", "-1", "+13", '""', '"65"', "1.5", "65.", "65,", "x", "128", "6" * 1000]
)
@pytest.mark.parametrize("register", ["S3", "S4", "S5"])
def test_a_malformed_value_leaves_a_register_alone(bench: Bench, register: str, value: str) -> None:
    """A 0 in S3, say, would make the port deaf to CR from then on."""
    before = bench.ask(f"AT{register}?")
    assert bench.ask(f"AT{register}={value}") == ERROR
    assert bench.ask(f"AT{register}?") == before


@pytest.mark.parametrize("line", ["ATE-1", "ATE=1", "ATE0.", "ATQ1,1", "ATV-0", "AT&W=1", "ATZ-"])
def test_a_basic_command_with_something_wrong_behind_it_is_not_half_done(
    bench: Bench, line: str
) -> None:
    bench.ask("AT+CMEE=2")
    before = bench.rig.device.settings.copy()
    kept = bench.rig.device.context.kept.copy()
    assert bench.ask(line) == ERROR
    assert bench.rig.device.settings == before
    assert bench.rig.device.context.kept == kept


@pytest.mark.parametrize(
    "line", ["ATE2", "ATV2", "ATQ2", "ATX5", "AT&C2", "AT&D3", "ATZ1", "AT&F1", "AT&W1", "ATE99999"]
)
def test_values_out_of_range_are_error(bench: Bench, line: str) -> None:
    assert bench.ask(line) == ERROR


@pytest.mark.parametrize(
    "line", ["ATX4", "ATX", "AT&C1", "AT&D0", "AT&D2", "AT&D", "ATZ", "ATZ0", "AT&F", "AT&F0"]
)
def test_values_that_hosts_send_are_taken(bench: Bench, line: str) -> None:
    assert bench.ask(line) == OK


# keeping


def test_z_brings_back_what_w_kept(bench: Bench) -> None:
    bench.ask("ATE0")
    bench.ask("AT+CMEE=2;+CREG=2")
    bench.ask("ATS0=5")
    assert bench.ask("AT&W") == OK
    bench.ask("ATE1S0=0+CMEE=0;+CREG=0")
    assert bench.ask("ATZ") == OK
    assert bench.ask("ATS0?+CMEE?;+CREG?") == info(
        "005", "", "+CMEE: 2", "", '+CREG: 2,1,"0001","0000001",7'
    )
    bench.send(b"AT\r")
    assert bench.rest() == OK, "echo is off again"


def test_f_brings_back_the_factory_values_and_forgets_nothing_kept(bench: Bench) -> None:
    bench.ask("ATE0+CMEE=0")
    bench.ask("AT&W")
    assert bench.ask("AT&F") == OK
    assert bench.ask("AT+CMEE?") == info("+CMEE: 1")
    bench.ask("ATZ")
    assert bench.ask("AT+CMEE?") == info("+CMEE: 0")


def test_z_and_f_leave_the_line_speed_alone(bench: Bench) -> None:
    """EG800Q manual: AT&W stores +IPR, AT&F and ATZ do not bring it back."""
    bench.ask("AT+IPR=9600")
    for line in ("ATZ", "AT&F"):
        assert bench.ask(line) == OK
        assert bench.ask("AT+IPR?") == info("+IPR: 9600")


def restart(bench: Bench) -> None:
    bench.ask("AT+CFUN=1,1")
    bench.run_for(s(15))


def test_a_restart_forgets_what_was_not_kept(bench: Bench) -> None:
    """EC25 and EG800Q manuals: ATE, ATV, ATQ and +CMEE take effect at once and are not saved."""
    bench.ask("ATE0Q0V1+CMEE=2;+IPR=9600")
    restart(bench)
    bench.send(b"AT+CMEE?;+IPR?\r")
    assert bench.rest() == b"AT+CMEE?;+IPR?\r" + info("+CMEE: 1", "", "+IPR: 115200")


def test_a_restart_keeps_what_w_kept_the_line_speed_too(bench: Bench) -> None:
    bench.ask("ATE0+CMEE=2;+IPR=9600")
    bench.ask("AT&W")
    bench.ask("AT+CMEE=0")
    restart(bench)
    bench.send(b"AT+CMEE?;+IPR?\r")
    assert bench.rest() == info("+CMEE: 2", "", "+IPR: 9600")


def test_z_in_front_of_a_chain_applies_at_once(bench: Bench) -> None:
    bench.ask("AT+CMEE=2")
    assert bench.ask("ATZ+CMEE?") == info("+CMEE: 1")


def test_the_result_code_format_is_that_of_after_the_line(bench: Bench) -> None:
    assert bench.ask("ATV0+CSQ") == b"+CSQ: 24,99\r\n0\r"
    assert bench.ask("ATV1+CSQ") == info("+CSQ: 24,99")


def test_latency_is_the_profiles(bench: Bench) -> None:
    """CR at 3 bytes, 20 ms for an LF that does not come, 3 ms of latency, 6 bytes of reply."""
    bench.send(b"AT\r")
    bench.rest()
    cr_ns = 3 * 10 * s(1) // 115200
    assert bench.arrival_ns(OK) == cr_ns + ms(23) + 6 * 10 * s(1) // 115200


@pytest.mark.parametrize("port", ["uart", "usb"])
def test_factory_settings_leave_the_texts_of_the_device_on_this_port(port: str) -> None:
    bench = Bench(port=port)
    bench.ask("AT&F")
    bench.ask("AT+CFUN=0")
    assert b"+CPIN: READY" in bench.ask("AT+CFUN=1")
