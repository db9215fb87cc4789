"""Who speaks, by what is said."""

import pytest

from quecsim.captures.spoken import Voice, is_command, is_result


@pytest.mark.parametrize(
    "line",
    [
        b"AT", b"at", b"ATI", b"ATE0", b"ATE0V1&D2", b"AT&F", b"AT+CSQ", b'AT+QFUPL="UFS:a.pem",9',
        b"ATE0;+CMEE=2", b"ATD*99#", b"ATS3=13", b"ATS3?", b"AT$QCRMCALL=1,1", b"AT^SCFG?",
        b"AT#X", b"AT%L", b"ATZ", b"ATH0", b"A/",
    ],
)  # fmt: skip
def test_commands(line: bytes) -> None:
    assert is_command(line)
    assert not is_result(line)


@pytest.mark.parametrize(
    "line", [b"", b"A", b"ATTACHED", b"At last", b"ATM ok", b"+CSQ: 1", b"CAT", b"ATOM: 1"]
)
def test_no_commands(line: bytes) -> None:
    assert not is_command(line)


@pytest.mark.parametrize(
    "line",
    [b"OK", b"ERROR", b"+CME ERROR: 421", b"CONNECT", b"CONNECT 115200", b"RDY", b"+QIND: x"],
)
def test_results(line: bytes) -> None:
    assert is_result(line)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_host_is_no_device_however_its_bytes_are_cut(size: int) -> None:
    host, device = Voice(), Voice()
    commands = b"ATI\rAT+CSQ\r\nAT\r" + bytes(500) + b"\nAT\r"
    answers = b"ATI\r\r\nQuectel\r\n\r\nOK\r\n\r\n+CSQ: 1,99\r\n\r\nOK\r\n"
    for voice, data in ((host, commands), (device, answers)):
        for start in range(0, len(data), size):
            voice.hear(start, data[start : start + size])
    assert (host.is_host, host.is_device, host.commands) == (True, False, 4)
    assert (device.is_host, device.is_device, device.results) == (False, True, 3)
    assert host.bytes == len(commands)
    assert host.begin.startswith(b"ATI")
