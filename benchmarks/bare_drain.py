"""The barest device that takes a file: it reads, counts, and says OK. A program of its own.

It speaks just enough of AT+QFUPL for the same host program to drive it and quecsim.
"""

import os
import tty


def main() -> None:
    device, terminal = os.openpty()
    tty.setraw(terminal)
    print(os.ttyname(terminal), flush=True)
    while True:
        line = b""
        while not line.endswith(b"\r"):
            line += os.read(device, 65536)
        if b"QFUPL" in line:
            left = int(line.split(b",")[1])
            os.write(device, b"\r\nCONNECT\r\n")
            while left > 0:
                left -= len(os.read(device, 65536))
        os.write(device, b"\r\nOK\r\n")


if __name__ == "__main__":
    main()
