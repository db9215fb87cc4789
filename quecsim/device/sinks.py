"""Who owns the host's bytes at this moment, as a table: what happens to a byte follows from it.

The words are whole numbers because they are looked up for every piece of bytes, and the hash of
another enumeration is a call of its own.
"""

from enum import IntEnum, auto


class Sink(IntEnum):
    """The owner of the bytes that the host sends."""

    DEAF = auto()  # nobody: the device is off, booting or stopping, and they are lost
    COMMANDS = auto()  # the command line
    LINE_FEED = auto()  # a line is complete: an LF that follows its CR belongs to it
    DATA = auto()  # a transfer, to a file or to where the device passes it on
    SURPLUS = auto()  # nobody, after data mode: thrown away until the host pauses


class SinkStop(IntEnum):
    """Why a sink reads no further for now, and so what follows from the bytes it has read."""

    NONE = auto()  # it wants more bytes
    LINE = auto()  # a command line is complete
    LINE_FEED = auto()  # and so is its end
    CONTROL = auto()  # an XON or XOFF was obeyed
    BLOCK = auto()  # the block is complete
    STALL = auto()  # a stall, or a fault, that the scenario asked for
    ESCAPE = auto()  # the host sent `+++`
    TERMINATOR = auto()  # the host sent the byte that ends its data
    CANCEL = auto()  # the host sent the byte that takes its data back


class SinkEvent(IntEnum):
    """What hands them over."""

    READY = auto()  # the device runs
    LINE = auto()  # a line is complete, and an LF may follow
    LINE_OVER = auto()  # with it, or without
    OPEN = auto()  # data mode begins
    CLOSE = auto()  # and is over
    SURPLUS = auto()  # the command that closed it is over, and the host may not know yet
    PAUSE = auto()  # the host has paused
    DOWN = auto()  # the power goes, or the device starts anew


TRANSITIONS: dict[tuple[Sink, SinkEvent], Sink] = {
    (Sink.DEAF, SinkEvent.READY): Sink.COMMANDS,
    (Sink.COMMANDS, SinkEvent.LINE): Sink.LINE_FEED,
    (Sink.LINE_FEED, SinkEvent.LINE_OVER): Sink.COMMANDS,
    (Sink.COMMANDS, SinkEvent.OPEN): Sink.DATA,
    (Sink.DATA, SinkEvent.CLOSE): Sink.COMMANDS,
    (Sink.COMMANDS, SinkEvent.SURPLUS): Sink.SURPLUS,
    (Sink.SURPLUS, SinkEvent.PAUSE): Sink.COMMANDS,
    **{(sink, SinkEvent.DOWN): Sink.DEAF for sink in Sink},
}


class Owner:
    """Holds the sink, which changes by events only: one that cannot be is our fault.

    `stop` is what follows from the bytes that were read last, and has not followed yet.
    """

    __slots__ = ("sink", "stop")

    def __init__(self) -> None:
        self.sink = Sink.DEAF
        self.stop = SinkStop.NONE

    def move(self, event: SinkEvent) -> None:
        """Hand the host's bytes over."""
        self.sink = TRANSITIONS[self.sink, event]
