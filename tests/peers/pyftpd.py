"""pyftpdlib's server, as a child of this process, at a port of this machine that was free.

Run as a program it is that child: it reads how it is to be as JSON, and prints its port.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from quecsim.tls.authority import authority_pem, server_tls

USER, PASSWORD = "meter", "Schlüssel"
_ALL_RIGHTS = "elradfmwMT"


class Pyftpd:
    """At `port`, with what is in the folder `root`, for `anonymous` (any password) and for `users`
    (names and passwords), who may do everything. Its certificate is one of the test authority's for
    localhost, to be checked by `ca_file`.

    `settings` are attributes of its handler (`passive_ports`, `masquerade_address`, ...), on top.
    """

    def __init__(
        self,
        folder: Path,
        tls: Literal["", "explicit"] = "",
        *,
        users: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.root = folder / "root"
        self.root.mkdir(exist_ok=True)
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(authority_pem())
        own = server_tls()
        pem = folder / "own.pem"
        pem.write_bytes(own.certificate + own.key)
        told = {
            "root": str(self.root),
            "users": {USER: PASSWORD} if users is None else dict(users),
            "certfile": str(pem) if tls else "",
            "settings": dict(settings or {}),
        }
        self._log = folder / "pyftpd.log"
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-W", "ignore", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self._child.stdin
        assert self._child.stdout
        with self._child.stdin as stdin:
            stdin.write(json.dumps(told).encode())
        said = self._child.stdout.readline()
        if not said:
            self.stop()
            pytest.fail(f"pyftpdlib does not start: {self._log.read_text()[-2000:]}")
        self.port = int(said)

    def stop(self) -> None:
        self._child.kill()
        self._child.wait()
        assert self._child.stdout
        self._child.stdout.close()


def serve(told: Mapping[str, Any]) -> None:
    """For ever."""
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import FTPServer

    authorizer = DummyAuthorizer()
    authorizer.add_anonymous(told["root"], perm=_ALL_RIGHTS)
    for name, password in told["users"].items():
        authorizer.add_user(name, password, told["root"], perm=_ALL_RIGHTS)
    base = TLS_FTPHandler if told["certfile"] else FTPHandler
    own = {"authorizer": authorizer, "auth_failed_timeout": 0, **told["settings"]}
    if told["certfile"]:
        own["certfile"] = told["certfile"]
    handler = type("Handler", (base,), own)
    server = FTPServer(("127.0.0.1", 0), handler)
    print(server.address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(json.load(sys.stdin))
