"""What a capture lacks, in words: and what can therefore not be said of it."""

from quecsim.trace.setup import Lack

CLAIMS: dict[Lack, tuple[str, str]] = {
    "times": ("no times", "how long anything took, and whether anybody waited long enough"),
    "byte-times": (
        "times of pieces only, not of each byte",
        "pauses within a piece, and the time to a millisecond",
    ),
    "host-bytes": (
        "nothing, or not all, of what the host said",
        "what the host did wrong, and which bytes of an upload it sent",
    ),
    "device-bytes": (
        "nothing of what the device said",
        "what came of commands and uploads, and whether the host waited for it",
    ),
    "exact-bytes": (
        "lines as text, without their ends and what cannot be printed",
        "sizes and checksums of data, and line ends",
    ),
    "line": ("the line's rate and frame are not known", "how full the line was"),
    "modem-lines": ("DTR, RTS and CTS were not seen", "flow control by RTS and CTS"),
}
"""By lack: what is missing, and of what nothing can be said."""
