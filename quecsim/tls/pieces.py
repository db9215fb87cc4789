"""What of the test authority can be had for a file, by its word."""

from typing import Literal

Piece = Literal[
    "ca",
    "server-cert",
    "server-key",
    "client-cert",
    "client-key",
    "wrong-key",
    "other-client-cert",
]
PIECES: dict[Piece, str] = {
    "ca": "the root that has signed them",
    "server-cert": "a server's, for broker.example and localhost: give it to a broker of your own",
    "server-key": "the key of that",
    "client-cert": "a device's certificate, signed by it",
    "client-key": "the key of that",
    "wrong-key": "a key that does not belong to it",
    "other-client-cert": "the same key, signed by somebody else",
}
