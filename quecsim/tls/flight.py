"""One direction of a handshake, watched from outside: its records, what it says, how long it is.

Handshakes up to TLS 1.2 are in clear until the keys change (RFC 5246, chapters 6 and 7).
"""

from collections.abc import Iterator

SERVER_HELLO, CERTIFICATE_REQUEST, SERVER_HELLO_DONE = 2, 13, 14
_CLIENT_HELLO, _KEY_EXCHANGE, _VERIFY = 1, 12, 15
_CHANGE_CIPHER, _HANDSHAKE = 20, 22
_RECORD_HEAD, _MESSAGE_HEAD = 5, 4
_MOST_KEPT = 1024  # longer than any message that an ECDSA signature ends
_NAMED_CURVE = 3
_LONGEST = (72, 104, 139)  # of ECDSA signatures: P-256, P-384, P-521

# These hold lists that grow with OpenSSL's releases: what a module's own take, about (assumed).
_NOMINAL = {_CLIENT_HELLO: 200, CERTIFICATE_REQUEST: 64}


class Flight:
    """Follows the bytes of one direction. `seen` are the types of the messages that are complete.

    `size_bytes` is what the handshake has taken, the same for the same certificates: a message has
    a record of its own, an ECDSA signature is as long as it can be, lists have a nominal length.
    """

    def __init__(self) -> None:
        self.size_bytes = 0
        self.seen: set[int] = set()
        self._head = bytearray()  # of a record
        self._left = 0  # of its body
        self._kind = 0
        self._is_secret = False
        self._message = bytearray()
        self._message_left = 0  # of the body of a message

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Cut where the heads of records end, and their bodies, so that whoever takes the pieces
        sees what is wrong with one before the next is looked at.
        """
        start = 0
        while start < len(data):
            if self._left:
                piece = data[start : start + self._left]
                self._left -= len(piece)
                if self._kind == _HANDSHAKE and not self._is_secret:
                    self._read(piece)
            else:
                piece = data[start : start + _RECORD_HEAD - len(self._head)]
                self._head += piece
                if len(self._head) == _RECORD_HEAD:
                    self._begin_record()
            yield piece
            start += len(piece)

    def _begin_record(self) -> None:
        self._kind = self._head[0]
        self._left = int.from_bytes(self._head[3:], "big")
        self._head.clear()
        if self._kind == _CHANGE_CIPHER or (self._kind == _HANDSHAKE and self._is_secret):
            self.size_bytes += _RECORD_HEAD + self._left
        if self._kind == _CHANGE_CIPHER:
            self._is_secret = True

    def _read(self, body: bytes) -> None:
        """The next bytes of handshake messages, which need not end where records do."""
        start = 0
        while start < len(body):
            if len(self._message) < _MESSAGE_HEAD:
                end = min(len(body), start + _MESSAGE_HEAD - len(self._message))
                self._message += body[start:end]
                if len(self._message) == _MESSAGE_HEAD:
                    self._message_left = int.from_bytes(self._message[1:], "big")
            else:
                end = min(len(body), start + self._message_left)
                self._message_left -= end - start
                self._message += body[start : min(end, start + self._room())]
            if len(self._message) >= _MESSAGE_HEAD and not self._message_left:
                self._end_message()
            start = end

    def _room(self) -> int:
        return max(0, _MESSAGE_HEAD + _MOST_KEPT - len(self._message))

    def _end_message(self) -> None:
        kind, length = self._message[0], int.from_bytes(self._message[1:_MESSAGE_HEAD], "big")
        body = bytes(self._message[_MESSAGE_HEAD:])
        self._message.clear()
        self.seen.add(kind)
        if kind in _NOMINAL:
            length = _NOMINAL[kind]
        elif kind in (_KEY_EXCHANGE, _VERIFY) and len(body) == length:
            length += _missing(kind, body)
        self.size_bytes += _RECORD_HEAD + _MESSAGE_HEAD + length


def _missing(kind: int, body: bytes) -> int:
    """By how many bytes the ECDSA signature at the end falls short of the longest; 0 for others."""
    if kind == _KEY_EXCHANGE:
        if len(body) < 4 or body[0] != _NAMED_CURVE:
            return 0
        body = body[4 + body[3] :]
    for skip in (2, 0):  # TLS 1.2 names the algorithm first
        length = int.from_bytes(body[skip : skip + 2], "big")
        signature = body[skip + 2 :]
        if length == len(signature) and _is_sequence(signature):
            return next((most - length for most in _LONGEST if length <= most), 0)
    return 0


def _is_sequence(signature: bytes) -> bool:
    """Two numbers in DER, as ECDSA has them; those of RSA are one number, without DER."""
    if len(signature) < 8 or signature[0] != 0x30:
        return False
    head = 3 if signature[1] == 0x81 else 2
    return signature[head - 1] == len(signature) - head and signature[head] == 0x02
