"""What the keys of AT+QMTCFG have in common, whichever family declares them."""

from collections.abc import Callable

from quecsim.at.context import Context
from quecsim.at.keyed import Given, need
from quecsim.at.results import AtError
from quecsim.at.spec import Integer, Key
from quecsim.commands.wlan import SOURCE
from quecsim.mqtt import is_name

FIRST = Integer("client_idx", high=5, default=0, optional=True)  # a query may leave it out


def switch(name: str, *, optional: bool = False) -> Integer:
    """0 or 1."""
    return Integer(name, allowed=(0, 1), optional=optional)


SSL = Key("ssl", (FIRST, switch("SSL_enable"), Integer("SSL_ctxID", high=5, optional=True)), 1)


def source(lte: str) -> Callable[[Context], str]:
    """Which document says so of a device: the Wi-Fi modules' manual, or `lte`."""
    return lambda context: SOURCE if "mqtt" in context.profile.commands.families else lte


def is_whole_will(_context: Context, given: Given) -> None:
    """With the flag set, all the rest must be given, and the topic one that can be published to."""
    if given[0] == 0:
        return
    need(holds=None not in given)
    need(holds=is_name(utf8(str(given[3]))))


def utf8(text: str) -> str:
    """The text of an argument, whose bytes are UTF-8. Raises AtError where they are not."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise AtError from None
