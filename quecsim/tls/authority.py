"""The test authority: certificates of the simulator's own servers, and of a device.

Files of this package, the same on every machine and in every year. Their keys are public: whoever
has quecsim has them, so nothing that is real may trust the authority.
"""

from functools import cache
from pathlib import Path
from typing import Literal

from quecsim.tls.pieces import Piece
from quecsim.tls.server import ServerTls

ServerKind = Literal["valid", "expired", "not-yet-valid", "self-signed", "other-ca", "wrong-name"]
ClientKind = Literal["valid", "other-ca", "wrong-key"]
Asked = Literal["none", "asked", "required"]

_KEYS = Path(__file__).parent / "keys"


def authority_pem() -> bytes:
    """The root by which the servers below can be checked: RSA with 2048 bits, 1188 bytes of PEM."""
    return _read("authority.pem")


def server_tls(
    kind: ServerKind = "valid",
    *,
    client: Asked = "none",
    versions: tuple[str, ...] = ("1.0", "1.1", "1.2"),
) -> ServerTls:
    """A server with a certificate of that kind.

    `valid` from 2020 to 2120, for `broker.example`, the names below it, `localhost` and its
    addresses; `expired` on 2021-01-01; `not-yet-valid` before 2100; `wrong-name` is for
    `elsewhere.invalid`. `client`: whether a certificate of the authority is asked for, or required.
    """
    return ServerTls(
        certificate=_read(f"server-{kind}.pem"),
        key=_read("server.key"),
        client_ca=b"" if client == "none" else authority_pem(),
        requires_client=client == "required",
        versions=versions,
    )


def client_pair(kind: ClientKind = "valid") -> tuple[bytes, bytes]:
    """A device's certificate and its key, both PEM; the key of `wrong-key` is another one's."""
    if kind == "wrong-key":
        return _read("client-valid.pem"), _read("server.key")
    return _read(f"client-{kind}.pem"), _read("client.key")


def piece(word: Piece) -> bytes:
    """One of `PIECES`, as PEM."""
    if word == "ca":
        return authority_pem()
    if word == "server-cert":
        return server_tls().certificate
    if word == "server-key":
        return server_tls().key
    pairs: dict[Piece, tuple[ClientKind, int]] = {
        "client-cert": ("valid", 0),
        "client-key": ("valid", 1),
        "wrong-key": ("wrong-key", 1),
        "other-client-cert": ("other-ca", 0),
    }
    kind, place = pairs[word]
    return client_pair(kind)[place]


@cache
def _read(name: str) -> bytes:
    return (_KEYS / name).read_bytes()
