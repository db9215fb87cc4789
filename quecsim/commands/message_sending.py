"""Sending a short message: +CMGS asks for it with `> `, until Ctrl-Z; Esc takes it back.

In PDU mode the host says before how many octets the PDU has behind the service centre's address,
and types it in hexadecimal; in text mode it says to whom, and types the text. The network takes
every message, after a while, and it is put on record (`MessageSent`).
"""

from collections.abc import Generator
from typing import Any

from quecsim.at.alphabet import understood
from quecsim.at.context import Context, is_registered, radio
from quecsim.at.effects import (
    CloseData,
    DataEndWhy,
    Discard,
    Dispatch,
    Effect,
    Forward,
    Info,
    OpenData,
    Prompt,
    Sleep,
    Steps,
    Take,
)
from quecsim.at.results import AtError, Cms
from quecsim.at.spec import Ask, Command, Integer, Text
from quecsim.commands.messages import SOURCE, is_number, is_text_mode
from quecsim.units import ms

_CTRL_Z, _ESC = 0x1A, 0x1B
_PIECE_BYTES = 64
_MOST_BYTES = 2048  # of what a host may type before Ctrl-Z: a long text, or the longest PDU twice
_MOST_OCTETS = 164
_BACK, _TOO_LONG, _REFUSED = (
    "the message was taken back",
    "beyond the longest message",
    "the message was refused",
)

CMGS = Command(
    "+CMGS",
    "Send a message, given behind `> `: Ctrl-Z ends it, Esc takes it back",
    source=f"{SOURCE} 3.5.1, 4.3",
    params=(
        Text("da_or_length", max_bytes=84),
        Integer("toda", low=128, high=255, optional=True),
    ),
    bad_parameter=Cms.OPERATION_NOT_ALLOWED,
    test_text="",
)


CMGS.asks(lambda _context, _call: Ask("message"))


@CMGS.write
def _send(context: Context, to_or_octets: str, toda: int | None) -> Steps:
    to, octets = _addressee(context, to_or_octets, toda)
    data, why = yield from _typed()
    if why is not DataEndWhy.TERMINATOR:
        yield Discard(data, _BACK)
        yield CloseData(why, "")
        return
    text = data.decode("latin-1")
    try:
        if octets is not None:
            _check_pdu(text, octets)
        if not is_registered(context):
            raise AtError(Cms.NO_NETWORK_SERVICE)
    except AtError:
        yield Discard(data, _REFUSED)
        raise
    yield Forward("network", data)
    yield CloseData(why, "")
    yield Sleep(ms(radio(context).message_ms), "the network was taking a message")
    context.messages_sent += 1
    reference = context.messages_sent % 256
    body = text.strip() if octets is not None else text
    yield Dispatch(reference, to, body, is_pdu=octets is not None)
    yield Info(f"+CMGS: {reference}")


def _addressee(context: Context, given: str, toda: int | None) -> tuple[str, int | None]:
    """To whom, in text mode; how many octets, in PDU mode."""
    if is_text_mode(context):
        to = understood(context, given, Cms.INVALID_TEXT_PARAMETER)
        if not is_number(to):
            raise AtError(Cms.INVALID_TEXT_PARAMETER)
        return to, None
    is_octets = given.isascii() and given.isdigit() and 0 < int(given) <= _MOST_OCTETS
    if not is_octets or toda is not None:
        raise AtError(Cms.INVALID_PDU_PARAMETER)
    return "", int(given)


def _typed() -> Generator[Effect, Any, tuple[bytes, DataEndWhy]]:
    """What the host types, and how it ends; what is too much of it is thrown away at once."""
    yield Prompt()
    yield OpenData(
        CMGS.name,
        "message",
        0,
        ack=False,
        timeout_ns=None,
        is_idle_timer=True,
        can_escape=False,
        end_byte=_CTRL_Z,
        cancel_byte=_ESC,
        echoes=True,
        is_prompted=True,
    )
    data = b""
    while True:
        taken = yield Take(_PIECE_BYTES)
        kept = taken.data[: _MOST_BYTES - len(data)]
        if surplus := taken.data[len(kept) :]:
            yield Discard(surplus, _TOO_LONG)
        data += kept
        if taken.end is not None:
            return data, taken.end


def _check_pdu(text: str, octets: int) -> None:
    """The PDU is hexadecimal; its first octet counts those of the service centre's address, and the
    rest are `octets`.
    """
    try:
        pdu = bytes.fromhex(text.strip())
    except ValueError:
        raise AtError(Cms.INVALID_PDU_PARAMETER) from None
    if not pdu or len(pdu) != 1 + pdu[0] + octets:
        raise AtError(Cms.INVALID_PDU_PARAMETER)


COMMANDS = (CMGS,)
