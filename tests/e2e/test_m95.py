"""The M95 on a real pseudo terminal: the host's own baud rate, and a certificate in an image."""

from pathlib import Path

import pytest

from quecsim.scenario.payload import payload_bytes
from tests.e2e.simulator import RunningSimulator, ask

pytestmark = pytest.mark.pty

CERTIFICATE = payload_bytes("certificate")


def test_it_follows_the_rate_of_the_port() -> None:
    with RunningSimulator("m95") as simulator:
        with simulator.open(baudrate=19_200) as port:
            assert ask(port, b"AT\rAT") == b"AT\r\r\nOK\r\n"  # the first line is lost
            assert b"+IPR: 0" in ask(port, b"AT+IPR?")
            ask(port, b"AT+IPR=57600")
            port.baudrate = 57_600
            assert b"+IPR: 57600" in ask(port, b"AT+IPR?")
        assert simulator.stop() == 0
        assert "garbled" not in simulator.stderr


def test_the_image_keeps_a_certificate_and_does_not_show_it(tmp_path: Path) -> None:
    image = tmp_path / "flash.bin"
    with RunningSimulator("m95", "--ufs", str(image)) as simulator:
        with simulator.open() as port:
            ask(port, b"AT\rATE0")
            ask(port, b'AT+QSECWRITE="NVRAM:CC0",%d' % len(CERTIFICATE), b"CONNECT\r\n")
            port.write(CERTIFICATE)
            assert b"+QSECWRITE: 1188,380d\r\n" in port.read_until(b"OK\r\n")
        assert simulator.stop() == 0
    assert not any(line in image.read_bytes() for line in CERTIFICATE.splitlines())
    with RunningSimulator("m95", "--ufs", str(image)) as simulator:
        with simulator.open() as port:
            assert b"+QSECREAD: 1,380d" in ask(port, b'AT\rAT+QSECREAD="NVRAM:CC0"')
        simulator.stop()
    other = tmp_path / "other.toml"
    model = '{ value = "OTHER", how = "assumed", source = "a test" }'
    other.write_text(f'extends = "m95"\n[identity]\nmodel = {model}\n')
    with RunningSimulator(str(other), "--ufs", str(image)) as refused:
        assert refused.wait() == 2
    assert f"{image}: the image belongs to Quectel_M95, this device is OTHER" in refused.stderr
