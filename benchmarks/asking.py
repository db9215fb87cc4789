"""A host's commands to a device, one after the other. Raises RuntimeError for another answer."""

from typing import Any


def ask(port: Any, command: bytes, until: bytes = b"OK\r\n") -> None:
    """Send `command`, and read up to `until`."""
    port.write(command + b"\r")
    await_text(port, until)


def await_text(port: Any, until: bytes) -> None:
    """Read up to `until`."""
    text = port.read_until(until)
    if not text.endswith(until):
        raise RuntimeError(f"the device says {text!r}")
