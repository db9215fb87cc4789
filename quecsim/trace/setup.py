"""What a run began with, besides its device and line: where it came from, and its flash.

It is part of `Start`, so that a record says by itself what was run, and can be run again.
"""

from typing import Any, Literal, TypeAlias

import msgspec

Lack: TypeAlias = Literal[
    "times", "byte-times", "host-bytes", "device-bytes", "exact-bytes", "line", "modem-lines"
]
"""What listening to a real device has not given: any times; the time of each byte (only those of
pieces or lines); what one side said; the bytes as they were (a log of text lines); the line's rate
and frame; DTR, RTS and CTS.
"""


class FlashImage(msgspec.Struct, frozen=True):
    """What was on the flash when the run began. Empty: nothing, it was blank.

    `sha256` is of its `size_bytes` bytes. `packed` are they themselves, compressed by zlib, unless
    that is too much to keep: then whoever wants to repeat the run needs the image itself.
    """

    size_bytes: int = 0
    sha256: str = ""
    packed: bytes = b""


class Origin(msgspec.Struct, frozen=True):
    """Where a run came from. Nothing of it changes what happens, but the flash's `image`.

    `scenario` is the scenario as data (`quecsim.scenario.text` writes and reads it), `name` what it
    is called. `version` is that of quecsim. `date` (ISO 8601, the wall's) and `command`, the host
    program's words, are empty where nobody said.
    """

    name: str = ""
    scenario: dict[str, Any] = {}
    version: str = ""
    date: str = ""
    command: tuple[str, ...] = ()
    image: FlashImage = FlashImage()


class Observed(msgspec.Struct, frozen=True):
    """A real device was listened to: nobody has seen into it, and nothing here can be run again.

    `source` says in words where the bytes are from: `tap of /dev/ttyUSB2`, `session.csv (saleae)`.
    What the device was doing is read off what both sides said, with the commands of the profile
    in `Start`, which says no more about it. `lacks` is what the listener could not give.
    `compared` is what `quecsim compare` found beside that profile, as the data of its JSON.
    """

    source: str = ""
    lacks: tuple[Lack, ...] = ()
    compared: dict[str, Any] = {}
