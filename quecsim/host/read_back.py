"""Reading a file back from the device, piece by piece: AT+QFREAD by its handle.

    read_back(client, handle, count)    the bytes, and why there are no more

A device answers with fewer bytes than asked for at the end of the file, and there with zero bytes,
402, or an error without a number.
"""

from quecsim.host.at_client import COMMAND_S, AtClient, Patience
from quecsim.host.port import line_seconds

PIECE_BYTES = 1024
READ_S = 10.0  # the manual allows a device 5 s


def read_back(client: AtClient, handle: int, count: int) -> tuple[bytes, str]:
    """Up to `count` bytes of the file that is open as `handle`, and what ended it."""
    content = bytearray()
    while len(content) < count:
        wanted = min(PIECE_BYTES, count - len(content))
        piece, answer = read_piece(client, handle, wanted)
        content += piece
        if not piece or answer != "OK":
            return bytes(content), answer
    return bytes(content), "OK"


def read_piece(client: AtClient, handle: int, wanted: int) -> tuple[bytes, str]:
    """The next `wanted` bytes or fewer, and the final result of the command."""
    command = f"AT+QFREAD={handle},{wanted}"
    reply = client.command(command, READ_S)
    promised = reply.final.removeprefix("CONNECT ")
    if not reply.connected or not promised.isdecimal():
        return b"", reply.explained
    on_the_line_s = line_seconds(int(promised), client.port.baudrate)
    piece = client.read_data(int(promised), Patience(READ_S + on_the_line_s))
    if len(piece) < int(promised):
        return piece, f"{len(piece)} bytes came, where {promised} were announced"
    return piece, client.finish(command, COMMAND_S).explained
