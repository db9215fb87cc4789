"""What a run began with, besides its device and line: where it came from, and its flash.

It is part of `Start`, so that a record says by itself what was run, and can be run again.
"""

from typing import Any

import msgspec


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
