"""The barest device with a connection: from its pty to a socket, and back. A program of its own.

    bare_bridge.py PORT

It answers OK to every line but AT+QIOPEN: that connects to PORT of this machine, says CONNECT, and
from then on carries bytes.
"""

import os
import select
import socket
import sys
import tty

_PIECE_BYTES = 65536


def main() -> None:
    device, terminal = os.openpty()
    tty.setraw(terminal)
    print(os.ttyname(terminal), flush=True)
    while b"QIOPEN" not in (line := _line(device)):
        os.write(device, b"\r\nOK\r\n" if line.strip() else b"")
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as connection:
        os.write(device, b"\r\nCONNECT\r\n")
        while True:
            ready, _, _ = select.select([device, connection], [], [])
            if device in ready:
                connection.sendall(os.read(device, _PIECE_BYTES))
            if connection in ready:
                data = connection.recv(_PIECE_BYTES)
                if not data:
                    return
                while data:
                    data = data[os.write(device, data) :]


def _line(device: int) -> bytes:
    line = b""
    while not line.endswith(b"\r"):
        line += os.read(device, _PIECE_BYTES)
    return line


if __name__ == "__main__":
    main()
