"""One small capture of each format, of the same short session: for fuzzing, and to tell formats
apart.
"""

from collections.abc import Sequence

from tests.captures.usb_files import (
    LINUX_LONG,
    USBPCAP,
    Urb,
    as_pcap,
    as_pcapng,
    back,
    control,
    out,
)
from tests.captures.wire import BYTE_NS, Byte

HOST = b'AT\rATI\rAT+QFUPL="a",4\r\x00\xffA\n'
_SAID: tuple[tuple[int, str, bytes], ...] = (
    (1_000_000, "host", b"AT\r"), (5_000_000, "device", b"AT\r\r\nOK\r\n"),
    (1_000_000_000, "host", b"ATI\r"),
    (1_005_000_000, "device", b"ATI\r\r\nQuectel\r\nEC200U\r\n\r\nOK\r\n"),
    (2_000_000_000, "host", b'AT+QFUPL="a",4\r'),
    (2_005_000_000, "device", b'AT+QFUPL="a",4\r\r\nCONNECT\r\n'),
    (2_100_000_000, "host", b"\x00\xffA\n"),
    (2_300_000_000, "device", b"\r\n+QFUPL: 4,41ff\r\n\r\nOK\r\n"),
)  # fmt: skip


def session() -> list[Byte]:
    """Each byte of it with its time."""
    return [
        (at_ns + place * BYTE_NS, side, byte)  # type: ignore[misc]
        for at_ns, side, data in _SAID
        for place, byte in enumerate(data)
    ]


def saleae(bytes_: Sequence[Byte], names: dict[str, str] | None = None) -> str:
    """As Logic 2 exports a table."""
    rows = ["name,type,start_time,duration,data,error\n"]
    for at_ns, side, byte in bytes_:
        name = (names or {}).get(side, side)
        start = f"{(at_ns - BYTE_NS) / 1e9:.9f}"
        rows.append(f'"{name}","data",{start},{BYTE_NS / 1e9:.9g},0x{byte:02X},\n')
    return "".join(rows)


def logic_1(bytes_: Sequence[Byte], side: str) -> str:
    """As Logic 1 exports one wire."""
    rows = ["Time [s],Value,Parity Error,Framing Error\n"]
    rows += [
        f"{(at_ns - BYTE_NS) / 1e9:.15f},0x{byte:02X},,\n"
        for at_ns, who, byte in bytes_
        if who == side
    ]
    return "".join(rows)


def sigrok_json(bytes_: Sequence[Byte]) -> str:
    """As sigrok-cli writes a JSON trace."""
    lines = ['{"traceEvents": [']
    for at_ns, side, byte in bytes_:
        wire = "TX" if side == "host" else "RX"
        for phase, ns in (("B", at_ns - BYTE_NS * 9 // 10), ("E", at_ns - BYTE_NS // 10)):
            lines.append(
                f'{{"ph": "{phase}", "ts": {ns / 1000:.6f}, "pid": "uart-1", "tid": "{wire}",'
                f' "name": "{byte:02X}"}},'
            )
    return "\n".join([*lines[:-1], lines[-1].rstrip(","), "]}", ""])


def sigrok_text(bytes_: Sequence[Byte]) -> str:
    """As sigrok-cli writes annotations with their classes and samples (2 MHz)."""
    return "".join(
        f"{(at_ns - BYTE_NS * 9 // 10) // 500}-{(at_ns - BYTE_NS // 10) // 500} uart-1: "
        f"{'tx' if side == 'host' else 'rx'}-data: {byte:02X}\n"
        for at_ns, side, byte in bytes_
    )


def interceptty(bytes_: Sequence[Byte]) -> str:
    """As its newer version does with -T."""
    made = []
    for at_ns, side, byte in bytes_:
        arrow = ">" if side == "device" else "<"
        gap = "\t" if arrow == ">" else ""
        us = at_ns // 1000
        shown = chr(byte) if 32 < byte < 127 else "' '" if byte == 32 else "?"
        made.append(
            f"[12:34 {us // 10**6:02}.{us % 10**6:06}]{arrow} {gap}0x{byte:02x} ({shown})\n"
        )
    return "".join(made)


def spy() -> str:
    """As pyserial's spy:// does."""
    made = ["000000.000 DTR  active\n", "000000.000 RTS  active\n"]
    for at_ns, side, data in _SAID:
        for start in range(0, len(data), 16):
            part = data[start : start + 16]
            words = " ".join(f"{byte:02X}" for byte in part[:8]) + " "
            words += " " + " ".join(f"{byte:02X}" for byte in part[8:])
            label = "TX" if side == "host" else "RX"
            made.append(f"{at_ns / 1e9:010.3f} {label}   {start:04X}  {words:49} ....\n")
    return "".join(made)


def strace() -> str:
    """As strace -f -tt -xx does."""
    made = [
        '77 12:34:56.000001 openat(AT_FDCWD, "/dev/ttyUSB2", O_RDWR|O_NOCTTY) = 3\n',
        "77 12:34:56.000002 ioctl(3, TCSETS, {c_cflag=B115200|CS8|CREAD, c_lflag=0}) = 0\n",
        "77 12:34:56.000003 ioctl(3, TIOCMBIS, [TIOCM_DTR|TIOCM_RTS]) = 0\n",
    ]
    for at_ns, side, data in _SAID:
        text = "".join(f"\\x{byte:02x}" for byte in data)
        us = at_ns // 1000
        name = "write" if side == "host" else "read"
        made.append(
            f'77 12:34:{57 + us // 10**6}.{us % 10**6:06} {name}(3, "{text}", 99) = {len(data)}\n'
        )
    return "".join(made)


def log(stamp: str, end: str, marks: tuple[str, str] = ("", "")) -> str:
    """A terminal's log, or a marked one: `stamp` is of the form `%S.%f` at its end."""
    made = []
    for at_ns, side, data in _SAID:
        if side == "host" and not marks[0]:
            continue
        mark = marks[0 if side == "host" else 1]
        for line in data.decode("latin-1").replace("\r\r\n", "\r\n").split("\r\n"):
            if not line.strip("\r"):
                continue
            when = stamp.replace("%S", f"{at_ns // 10**9:02}")
            when = when.replace("%f", f"{at_ns // 10**6 % 1000:03}")
            made.append(f"{when}{mark}{line.strip()}{end}")
    return "".join(made)


def urbs() -> list[Urb]:
    """The same over an adapter."""
    made = [control(0, 0x21, 0x22, 3, 0)]
    for at_ns, side, data in _SAID:
        made.append(out(at_ns, data) if side == "host" else back(at_ns, data))
    return made


def all_samples() -> dict[str, tuple[str, bytes]]:
    """By what it is: the format's name, and the file."""
    bytes_ = session()
    device = b"".join(data for _, side, data in _SAID if side == "device")
    return {
        "saleae": ("saleae", saleae(bytes_).encode()),
        "logic 1": ("saleae", logic_1(bytes_, "host").encode()),
        "sigrok json": ("sigrok", sigrok_json(bytes_).encode()),
        "sigrok text": ("sigrok", sigrok_text(bytes_).encode()),
        "spy": ("spy", spy().encode()),
        "interceptty": ("interceptty", interceptty(bytes_).encode()),
        "strace": ("strace", strace().encode()),
        "usbmon": ("usbmon", as_pcapng(urbs(), LINUX_LONG)),
        "usbpcap": ("usbmon", as_pcap(urbs(), USBPCAP)),
        "picocom": ("picocom", device),
        "tio": ("tio", log("[12:34:%S.%f] ", "\r\n").encode()),
        "minicom": ("minicom", log("[2026-06-01 12:34:%S.%f] ", "\n").encode()),
        "plain": ("text", log("", "\n").encode()),
        "marked": ("text", log("12:34:%S.%f ", "\n", ("> ", "< ")).encode()),
    }
