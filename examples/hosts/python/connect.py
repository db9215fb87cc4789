"""A CA certificate to the module, and by it over TLS to an MQTT broker, which gets a message.

    python connect.py PORT FILE HOST BROKER-PORT
    exit code 0: the broker has acknowledged the message

For LTE modules (EC200U). OK only says that a command was understood: what came of it is a line of
its own behind that, and each of them is waited for.
"""

import re
import sys
import time
from pathlib import Path

import serial
from right import NAME, Modem, UploadError, upload

TOPIC, MESSAGE = "quecsim/example", b"hello"
NETWORK_S = 60
ACTIVATE_S = 155  # these are the manuals' times, and some to spare
OPEN_S = 125
ANSWER_S = 65
REGISTERED = re.compile(r"\+CEREG: \d,[15]\b")
TLS = (
    'AT+QSSLCFG="sslversion",0,4',  # any
    'AT+QSSLCFG="ciphersuite",0,0XFFFF',  # any
    'AT+QSSLCFG="seclevel",0,1',  # the server's certificate is checked
    f'AT+QSSLCFG="cacert",0,"{NAME}"',
    'AT+QSSLCFG="ignorelocaltime",0,1',  # the module's clock may not be set
    'AT+QSSLCFG="sni",0,1',
    'AT+QMTCFG="ssl",0,1,0',
    'AT+QMTCFG="version",0,4',
)


class ConnectError(Exception):
    """The broker does not have the message, or nobody can tell."""


class Mqtt(Modem):
    """The module's MQTT client."""

    def request(self, command: str, good: str, wait_s: float) -> None:
        """Send a command; behind its OK, sooner or later, its result must be `good`."""
        self.expect(command, "OK")
        self.wait_for(good, wait_s)

    def wait_for(self, good: str, wait_s: float) -> None:
        """Read up to the result that begins as `good` does, and must be that."""
        name = good.partition(":")[0]
        for line in self.items(wait_s):
            if "ERROR" in line or line.startswith("+QMTSTAT:"):
                raise ConnectError(f"{line}, and should be {good}")
            if line.startswith(f"{name}:"):
                if line != good:
                    raise ConnectError(f"{line}, and should be {good}")
                return

    def prompt(self, command: str) -> None:
        """Send a command that asks for data, and wait for that."""
        self.port.reset_input_buffer()
        self.input = b""
        self.port.write(command.encode() + b"\r")
        end = time.monotonic() + ANSWER_S
        while b"\r\n>" not in self.input:
            if b"ERROR" in self.input or time.monotonic() > end:
                raise ConnectError(f"{command}: no prompt, but {self.input!r}")
            self.input += self.port.read(self.port.in_waiting or 1)
        self.input = b""

    def join(self) -> None:
        """Wait until the network has taken the module in; have a packet context."""
        end = time.monotonic() + NETWORK_S
        while not any(map(REGISTERED.match, self.expect("AT+CEREG?", "OK"))):
            if time.monotonic() > end:
                raise ConnectError(f"no network within {NETWORK_S} s")
            time.sleep(1)
        if any(line.startswith("+QIACT: 1,1") for line in self.expect("AT+QIACT?", "OK")):
            return
        if (result := self.command("AT+QIACT=1", ACTIVATE_S)[-1]) != "OK":
            raise ConnectError(f"AT+QIACT=1: {result}")

    def publish(self, host: str, port: str) -> None:
        """From the settings to the message that the broker has acknowledged."""
        self.join()
        for setting in TLS:
            self.expect(setting, "OK")
        self.request(f'AT+QMTOPEN=0,"{host}",{port}', "+QMTOPEN: 0,0", OPEN_S)
        self.request('AT+QMTCONN=0,"quecsim"', "+QMTCONN: 0,0,0", ANSWER_S)
        self.prompt(f'AT+QMTPUB=0,1,1,0,"{TOPIC}",{len(MESSAGE)}')
        self.port.write(MESSAGE)
        self.wait_for("+QMTPUB: 0,1,0", ANSWER_S)
        self.request("AT+QMTDISC=0", "+QMTDISC: 0,0", ANSWER_S)


def main(path: str, file: str, host: str, broker_port: str) -> None:
    """Upload `file` over the port `path`, and publish."""
    data = Path(file).read_bytes()
    with serial.Serial(path, 115200) as port:
        upload(port, NAME, data)
        Mqtt(port).publish(host, broker_port)
    print(f"{host}:{broker_port}: the message is acknowledged")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ConnectError, UploadError, OSError) as error:
        raise SystemExit(f"connect.py: {error}") from error
