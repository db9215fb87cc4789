"""The real broker, as a child of this process, at ports of this machine that were free."""

import os
import selectors
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.examples.hosts import need
from tests.peers.talk import HANGS_S

USER, PASSWORD = "meter", "Schlüssel"


class Mosquitto:
    """Two listeners: `port` takes everybody, `guarded_port` only `USER`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port, self.guarded_port = _free_ports(2)
        self._write_config()
        self._child = subprocess.Popen(
            [broker_path(), "-c", "mosquitto.conf"], cwd=folder, stderr=subprocess.PIPE
        )
        try:
            self._wait_until_it_runs()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self._child.kill()
        self._child.wait()
        assert self._child.stderr
        self._child.stderr.close()

    def _write_config(self) -> None:
        command = [need("mosquitto_passwd"), "-b", "-c", "passwords", USER, PASSWORD]
        subprocess.run(command, cwd=self._folder, check=True, timeout=HANGS_S)
        lines = [
            "per_listener_settings true",
            "persistence false",
            "log_dest stderr",
            "set_tcp_nodelay true",
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            f"listener {self.guarded_port} 127.0.0.1",
            "allow_anonymous false",
            f"password_file {self._folder / 'passwords'}",
        ]
        if os.geteuid() == 0:  # else it becomes a user who may not read this folder
            lines.insert(0, "user root")
        (self._folder / "mosquitto.conf").write_text("\n".join(lines))

    def _wait_until_it_runs(self) -> None:
        assert self._child.stderr
        said = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.stderr, selectors.EVENT_READ)
            while b" running" not in said:
                if not selector.select(HANGS_S):
                    pytest.fail(f"mosquitto does not start: {said!r}")
                data = os.read(self._child.stderr.fileno(), 65_536)
                if not data:
                    pytest.fail(f"mosquitto has ended: {said!r}")
                said += data


def broker_path() -> str:
    """Where Debian has it, that is not on everybody's path."""
    path = os.environ.get("PATH", os.defpath)
    return shutil.which("mosquitto", path=f"{path}:/usr/sbin") or need("mosquitto")


def _free_ports(count: int) -> list[int]:
    opened = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in opened]
    for each in opened:
        each.close()
    return ports
