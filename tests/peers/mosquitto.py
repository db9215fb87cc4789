"""The real broker, as a child of this process, at ports of this machine that were free."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from quecsim.tls.server import ServerTls
from tests.examples.hosts import need
from tests.peers.talk import HANGS_S

USER, PASSWORD = "meter", "Schlüssel"


class Mosquitto:
    """Two listeners: `port` takes everybody, `guarded_port` only `USER`. And one with TLS for each
    of `tls`, which takes everybody whose handshake succeeds: `tls_ports`, by the same numbers.
    At `closed_port` nobody listens, as long as it runs.
    """

    def __init__(self, folder: Path, tls: Mapping[int, ServerTls] | None = None) -> None:
        self._folder = folder
        self._tls = dict(tls or {})
        self._reserved = [_reserved() for _ in range(3 + len(self._tls))]
        ports: list[int] = [each.getsockname()[1] for each in self._reserved]
        self.port, self.guarded_port, self.closed_port, *others = ports
        self.tls_ports = dict(zip(self._tls, others, strict=True))
        self._write_config()
        self._child = subprocess.Popen(
            [broker_path(), "-c", "mosquitto.conf"], cwd=folder, stderr=subprocess.PIPE
        )
        self._said = bytearray()
        self._has_said = threading.Condition()
        self._has_ended = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self.until_it_says(" running")
        except BaseException:
            self.stop()
            raise

    def break_off(self) -> None:
        """It is gone, and at its ports nobody listens."""
        self._child.kill()
        self._child.wait()
        self._listener.join()

    def stop(self) -> None:
        self.break_off()
        for each in self._reserved:
            each.close()

    def until_it_says(self, text: str, since: int = 0) -> str:
        """Wait until `text` is in its log, behind `since`; returns the log up to there."""
        with self._has_said:
            self._has_said.wait_for(
                lambda: self._has_ended or self._said.find(text.encode(), since) >= 0, HANGS_S
            )
            place = self._said.find(text.encode(), since)
            if place < 0:
                pytest.fail(f"mosquitto has not said {text!r}: {bytes(self._said[-2000:])!r}")
            return self._said[:place].decode()

    def connections(self, port: int) -> int:
        """How many have come to one of its listeners up to now, and those to any listener whose
        handshake had failed by the time at which they were noticed: of these it tells no port.
        """
        since = len(self._said)
        # It tells of them in the order in which they come: this one is the last.
        with socket.create_connection(("127.0.0.1", self.port), HANGS_S) as last:
            came = f"127.0.0.1:{last.getsockname()[1]} on port {self.port}."
            lines = self.until_it_says(came, since).splitlines()
        came_there, failed = f" on port {port}.", ": Client connection from "
        return sum(
            failed in line or (": New connection from " in line and came_there in line)
            for line in lines
        )

    def _listen(self) -> None:
        """Its log is read as it comes, so that it never has to wait with it."""
        assert self._child.stderr
        with self._child.stderr as stderr:
            while data := os.read(stderr.fileno(), 65_536):
                with self._has_said:
                    self._said += data
                    self._has_said.notify_all()
        with self._has_said:
            self._has_ended = True
            self._has_said.notify_all()

    def _write_config(self) -> None:
        command = [need("mosquitto_passwd"), "-b", "-c", "passwords", USER, PASSWORD]
        subprocess.run(command, cwd=self._folder, check=True, timeout=HANGS_S)
        lines = [
            "per_listener_settings true",
            "persistence false",
            "log_dest stderr",
            *(f"log_type {what}" for what in ("error", "warning", "notice", "information")),
            "log_type subscribe",
            "set_tcp_nodelay true",
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            f"listener {self.guarded_port} 127.0.0.1",
            "allow_anonymous false",
            f"password_file {self._folder / 'passwords'}",
        ]
        for number, tls in self._tls.items():
            lines += self._tls_listener(number, tls)
        if os.geteuid() == 0:  # else it becomes a user who may not read this folder
            lines.insert(0, "user root")
        (self._folder / "mosquitto.conf").write_text("\n".join(lines))

    def _tls_listener(self, number: int, tls: ServerTls) -> list[str]:
        files = {"certfile": tls.certificate, "keyfile": tls.key, "cafile": tls.client_ca}
        lines = [
            f"listener {self.tls_ports[number]} 127.0.0.1",
            "allow_anonymous true",
            "tls_version tlsv1.2",
            f"require_certificate {str(tls.requires_client).lower()}",
        ]
        for word, content in files.items():
            if content:
                path = self._folder / f"{word}-{number}.pem"
                path.write_bytes(content)
                lines.append(f"{word} {path}")
        return lines


def broker_path() -> str:
    """Where Debian has it, that is not on everybody's path."""
    path = os.environ.get("PATH", os.defpath)
    return shutil.which("mosquitto", path=f"{path}:/usr/sbin") or need("mosquitto")


def _reserved() -> socket.socket:
    """A socket at a port that nobody else is given, and at which the broker can listen."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", 0))
    return made
