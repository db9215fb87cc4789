"""Why bytes of the host were neither a command nor data, and whether that was a mistake of its.

The words are those of the record (`Eaten.why`). A command may take bytes away for a reason of its
own: such words stand in no table, and are no mistake, since the command has asked for the bytes.
"""

from enum import StrEnum


class EatenWhy(StrEnum):
    """The device's own reasons, and one of the host's."""

    NO_COMMAND = "no command"
    BEYOND_LINE = "beyond the end of a line"
    SURPLUS = "surplus after the data"
    EARLY = "sent before CONNECT"
    IN_DOWNLOAD = "sent during a download"
    LF_AFTER_CR = "LF after CR"
    FINDING_RATE = "the baud rate was still being found"
    FLOW_CONTROL = "flow control"
    ESCAPE = "+++"
    TERMINATOR = "the end of the data"
    CANCEL = "the data was cancelled"
    NEVER_SENT = "the host threw it away before it was sent"

    @property
    def is_mistake(self) -> bool:
        """The host meant them as a command, or as data, and they were taken as neither."""
        return self in _MISTAKES


_MISTAKES = frozenset(
    {
        EatenWhy.NO_COMMAND,
        EatenWhy.BEYOND_LINE,
        EatenWhy.SURPLUS,
        EatenWhy.EARLY,
        EatenWhy.IN_DOWNLOAD,
    }
)


def is_mistake(why: str) -> bool:
    """The same of the record's word."""
    return why in _MISTAKES
