"""How hosts reach a device, and who does now."""

import msgspec


class HostWay(msgspec.Struct, frozen=True):
    """A port as hosts open it: a path or a URL.

    `client` is who is connected there, by address and port; nobody knows who has a pty open.
    `has_line`: what is written there reaches the device; elsewhere it waits.
    """

    port: str
    client: str = ""
    has_line: bool = False
