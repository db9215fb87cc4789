"""vsftpd, as a child of this process, whoever runs it, at a port of this machine that was free.

It lets in `anonymous` with any password, who may do everything. What it calls `/` is the machine's:
clients begin in its folder, and use names without a leading slash.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest

from quecsim.tls.authority import authority_pem, server_tls
from tests.examples.hosts import need
from tests.peers.ftp_talk import HANGS_S

Tls = Literal["", "explicit", "implicit"]

_SETTINGS = {
    "listen": "YES",
    "listen_address": "127.0.0.1",
    "background": "NO",
    "run_as_launching_user": "YES",
    "seccomp_sandbox": "NO",
    "connect_from_port_20": "NO",
    "xferlog_enable": "NO",
    "local_enable": "NO",
    "anonymous_enable": "YES",
    "write_enable": "YES",
    "anon_upload_enable": "YES",
    "anon_mkdir_write_enable": "YES",
    "anon_other_write_enable": "YES",
    "anon_world_readable_only": "NO",
    "anon_umask": "022",
    "delay_failed_login": "0",
}
_TLS = {
    "ssl_enable": "YES",
    "allow_anon_ssl": "YES",
    "force_anon_data_ssl": "NO",
    "force_anon_logins_ssl": "NO",
    "ssl_tlsv1": "YES",
    "ssl_ciphers": "HIGH",
}


class Vsftpd:
    """At `port`, with what is in the folder `root`. Its certificate is one of the test authority's
    for localhost, to be checked by `ca_file`.

    With `session_reuse` a data connection has to resume the TLS session of its control connection.
    `settings` are those of vsftpd.conf, on top.
    """

    def __init__(
        self,
        folder: Path,
        tls: Tls = "",
        *,
        session_reuse: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self.root = folder / "root"
        self.ca_file = folder / "ca.pem"
        self._reserved = socket.socket()  # nobody else is given that port, and vsftpd can listen
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind(("127.0.0.1", 0))
        self.port: int = self._reserved.getsockname()[1]
        own = self._settings(tls, session_reuse) | dict(settings or {})
        config = folder / "vsftpd.conf"
        config.write_text("".join(f"{key}={value}\n" for key, value in own.items()))
        self._child = subprocess.Popen(
            [vsftpd_path(), str(config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._wait()

    def stop(self) -> None:
        """Also those of its processes that still talk to somebody."""
        with suppress(ProcessLookupError):  # they have all ended
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        assert self._child.stdout
        self._child.stdout.close()
        self._reserved.close()

    def _wait(self) -> None:
        """Until it listens, or has ended."""
        gives_up = time.monotonic() + HANGS_S
        while time.monotonic() < gives_up:
            try:
                socket.create_connection(("127.0.0.1", self.port), HANGS_S).close()
            except ConnectionRefusedError:
                try:
                    self._child.wait(0.01)
                except subprocess.TimeoutExpired:
                    continue
                break
            else:
                return
        said, _ = self._child.communicate() if self._child.poll() is not None else (b"", b"")
        self.stop()
        pytest.fail(f"vsftpd does not listen: {said!r}")

    def _settings(self, tls: Tls, session_reuse: bool) -> dict[str, str]:
        """Written with the files that they name."""
        import pwd

        empty = self._folder / "empty"
        for made in (self.root, empty):
            made.mkdir(exist_ok=True)
        self.ca_file.write_bytes(authority_pem())
        found = _SETTINGS | {
            "listen_port": str(self.port),
            "anon_root": str(self.root),
            "secure_chroot_dir": str(empty),
            "ftp_username": pwd.getpwuid(os.geteuid()).pw_name,
        }
        if not tls:
            return found
        own = server_tls()
        for name, data in (("own.pem", own.certificate), ("own.key", own.key)):
            (self._folder / name).write_bytes(data)
        return (
            found
            | _TLS
            | {
                "implicit_ssl": "YES" if tls == "implicit" else "NO",
                "require_ssl_reuse": "YES" if session_reuse else "NO",
                "rsa_cert_file": str(self._folder / "own.pem"),
                "rsa_private_key_file": str(self._folder / "own.key"),
            }
        )


def vsftpd_path() -> str:
    """Where Debian has it, that is not on everybody's path."""
    path = os.environ.get("PATH", os.defpath)
    return shutil.which("vsftpd", path=f"{path}:/usr/sbin") or need("vsftpd")
