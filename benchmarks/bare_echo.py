"""The barest device that answers AT: ten lines that say OK to every line. A program of its own."""

import os
import tty

device, terminal = os.openpty()
tty.setraw(terminal)
print(os.ttyname(terminal), flush=True)
line = b""
while True:
    line += os.read(device, 65536)
    if line.endswith(b"\r"):
        os.write(device, b"\r\nOK\r\n")
        line = b""
