"""The start of real hosts that ask for the time, in virtual time."""

import re

from quecsim.peers.ntp_settings import NtpSettings
from quecsim.scenario.network import Service
from tests.e2e.network.hosted import hosted

CLOCK = Service(host="pool.example", port=123, kind="ntp")
MUTE = Service(host="mute.example", port=123, kind="ntp", ntp=NtpSettings(silent=True))


def test_a_host_that_starts_and_asks_for_the_time() -> None:
    with hosted(CLOCK, MUTE) as host:
        host.ask("AT")
        host.ask("AT+CMEE=1")
        host.ask("AT+QISDE=0")
        host.ask("AT+CPIN?", "+CPIN: READY")
        for name in ("CREG", "CGREG", "CEREG"):
            host.ask(f"AT+{name}?", f"+{name}: 0,1")
        host.ask("AT+QIACT?", '+QIACT: 1,1,1,"10.0.0.2"')
        host.ask('AT+QNTP=1,"mute.example"')
        host.reads(b"\r\n+QNTP: ")
        assert int(host.port.read_until(b"\r\n")) > 0
        host.ask('AT+QNTP=1,"pool.example"')
        host.reads(b'\r\n+QNTP: 0,"2026/11/29,00:')
        assert re.fullmatch(rb'[0-9]{2}:[0-9]{2}\+00"\r\n', host.port.read_until(b"\r\n"))
        host.ask("AT+CSQ", "+CSQ: 24,99")
        host.ask("AT+QIDEACT=1")
        host.ask("AT+QIACT?")
