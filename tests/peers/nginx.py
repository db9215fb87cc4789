"""nginx, as a child of this process, at ports of this machine that were free."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from quecsim.tls.authority import authority_pem, server_tls
from tests.examples.hosts import need
from tests.peers.talk import HANGS_S

USER, PASSWORD = "meter", "secret"
MOST_BODY_BYTES = 100_000

_CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    default_type application/octet-stream;
    types {{ text/plain txt; text/html html; }}
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/unused;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    client_max_body_size {most};
    absolute_redirect off;
    server {{
        listen 127.0.0.1:{port};
        listen 127.0.0.1:{tls_port} ssl;
        ssl_certificate {folder}/own.pem;
        ssl_certificate_key {folder}/own.key;
        root {root};
        location / {{ dav_methods PUT DELETE; create_full_put_path on; }}
        location /fixed/ {{ }}
        location = /old {{ return 302 /new; }}
        location = /far {{ return 301 http://elsewhere.example/c; }}
        location = /later {{ return 307 /new; }}
        location /private/ {{ auth_basic "quecsim"; auth_basic_user_file {folder}/users; }}
    }}
}}
"""


class Nginx:
    """At `port` and, with TLS, at `tls_port`, with what is in the folder `root`: clients put files
    there, but not below /fixed/, and only `USER` has what is below /private/. Its certificate is
    one of the test authority's for localhost, to be checked by `ca_file`.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.root.mkdir()
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(authority_pem())
        own = server_tls()
        (folder / "own.pem").write_bytes(own.certificate)
        (folder / "own.key").write_bytes(own.key)
        (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        self._reserved = [_reserved() for _ in range(2)]
        self.port, self.tls_port = (each.getsockname()[1] for each in self._reserved)
        config = _CONFIG.format(
            folder=folder,
            root=self.root,
            port=self.port,
            tls_port=self.tls_port,
            most=MOST_BODY_BYTES,
        )
        (folder / "nginx.conf").write_text(config)
        self._log = folder / "nginx.log"
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                [nginx_path(), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")],
                stdout=log,
                stderr=log,
            )
        self._wait()

    def stop(self) -> None:
        self._child.kill()
        self._child.wait()
        for each in self._reserved:
            each.close()

    def _wait(self) -> None:
        """Until it listens, or has ended."""
        gives_up = time.monotonic() + HANGS_S
        while time.monotonic() < gives_up:
            try:
                socket.create_connection(("127.0.0.1", self.tls_port), HANGS_S).close()
            except ConnectionRefusedError:
                try:
                    self._child.wait(0.01)
                except subprocess.TimeoutExpired:
                    continue
                break
            else:
                return
        self.stop()
        pytest.fail(f"nginx does not listen: {self._log.read_bytes()!r}")


def nginx_path() -> str:
    """Where Debian has it, that is not on everybody's path."""
    path = os.environ.get("PATH", os.defpath)
    return shutil.which("nginx", path=f"{path}:/usr/sbin") or need("nginx")


def _reserved() -> socket.socket:
    """A socket at a port that nobody else is given, and at which the server can listen."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", 0))
    return made
