"""Publishing by MQTT, in three forms: behind a prompt up to Ctrl-Z, behind a prompt so many bytes,
and, on LTE modules, in the command itself.
"""

from collections.abc import Generator
from typing import Any

from quecsim.at.asking import typed
from quecsim.at.context import Context, mqtt, network
from quecsim.at.effects import (
    CloseData,
    DataEndWhy,
    Discard,
    Effect,
    Forward,
    OpenData,
    Prompt,
    Steps,
)
from quecsim.at.grammar import Call
from quecsim.at.results import AtError
from quecsim.at.spec import Ask, Command, Integer, NumberOrText, Text
from quecsim.clients.mqtt_state import State
from quecsim.commands.mqtt import CLIENT, MESSAGE, QOS, client_in
from quecsim.commands.mqtt_keys import utf8
from quecsim.commands.mqtt_values import number
from quecsim.commands.typed import gathered
from quecsim.commands.wlan import SOURCE
from quecsim.mqtt import Publish, is_name
from quecsim.units import s

_CTRL_Z, _ESC = 0x1A, 0x1B
_TO = "the MQTT broker"
_SURPLUS = "beyond the longest publication"
_BACK, _TOO_LATE = "the publication was taken back", "the publication was not finished in time"


def _most_bytes(context: Context) -> int:
    return mqtt(context).payload_bytes


_PUBLISHED = (CLIENT, MESSAGE, QOS, Integer("retain", allowed=(0, 1)), Text("topic"))
_LENGTH = Integer("length", 1, _most_bytes, optional=True)
_PAYLOAD = Text("payload", max_bytes=1024, optional=True)

QMTPUB = Command(
    "+QMTPUB",
    "Publish: so many bytes behind `>`, or all up to Ctrl-Z",
    SOURCE,
    (*_PUBLISHED, _LENGTH),
)
QMTPUB_LTE = Command(
    "+QMTPUB",
    "Publish: the payload in quotes, or so many bytes of it, or all up to Ctrl-Z, behind `> `",
    "a capture of a BG770A; a published log of an EC600S; host programs",
    (*_PUBLISHED, NumberOrText(_LENGTH, _PAYLOAD)),
    test_text=lambda context: (
        f"+QMTPUB: (0-5),(0-65535),(0-2),(0,1),<topic>,(1-{_most_bytes(context)})"
    ),
)
QMTPUBEX = Command(
    "+QMTPUBEX",
    "Publish as AT+QMTPUB does",
    "a published log of an EC600S",
    (*_PUBLISHED, NumberOrText(_LENGTH, _PAYLOAD)),
    test_text='+QMTPUBEX: (0-5),<msgid>,(0-2),(0,1),"topic","length"',
)


_GIVEN = 5  # which argument is the payload, or its length
_typing = typed("publication", _GIVEN)


def _publishing(command: Command) -> None:
    @command.asks
    def _asking(context: Context, call: Call) -> Ask | None:
        given = call.arguments[_GIVEN] if len(call.arguments) > _GIVEN else None
        return None if given is not None and given.is_quoted else _typing(context, call)

    @command.write
    def _publish(
        context: Context,
        index: int,
        message: int,
        qos: int,
        retain: int,
        topic: str,
        given: int | str | None,
    ) -> Steps:
        name = utf8(topic)
        if not is_name(name) or (qos and not message):
            raise AtError
        client = client_in(context, command, index, State.CONNECTED)
        if not client.may_publish(message, qos):
            raise AtError
        network(context).asked(client, command.name)
        if isinstance(given, str):
            payload = given.encode("latin-1")
        else:
            taken = yield from _typed(context, command.name, index, given)
            if taken is None:
                return
            payload = taken
        if number(context, index, "dataformat"):
            payload = _from_hex(payload)
        packet_id = message if qos else 0
        result = mqtt(context).ex_result if command is QMTPUBEX else command.name
        client.publish(result, Publish(name, payload, qos, bool(retain), False, packet_id))


def _typed(
    context: Context, command: str, index: int, size: int | None
) -> Generator[Effect, Any, bytes | None]:
    """What the host types behind the prompt; None where it takes it back."""
    timeout_s = number(context, index, "edit/timeout", 1)
    has_timeout = number(context, index, "edit/timeout") == 1
    yield Prompt()
    yield OpenData(
        command,
        "publication",
        size or 0,
        ack=False,
        timeout_ns=s(timeout_s) if has_timeout else None,
        is_idle_timer=True,
        can_escape=False,
        end_byte=None if size else _CTRL_Z,
        cancel_byte=None if size else _ESC,
        is_prompted=True,
    )
    data, why = yield from gathered(size, _most_bytes(context), _SURPLUS)
    if why in (DataEndWhy.TERMINATOR, DataEndWhy.SIZE):
        yield Forward(_TO, data)
        yield CloseData(why, "")
        return data
    yield Discard(data, _BACK if why is DataEndWhy.CANCEL else _TOO_LATE)
    yield CloseData(why, "")
    if why is DataEndWhy.IDLE:
        raise AtError
    return None


def _from_hex(payload: bytes) -> bytes:
    """AT+QMTCFG="dataformat",..,1: pairs of digits. Raises AtError for anything else."""
    try:
        return bytes.fromhex(payload.decode("ascii"))
    except (UnicodeDecodeError, ValueError):
        raise AtError from None


for _command in (QMTPUB, QMTPUB_LTE, QMTPUBEX):
    _publishing(_command)

COMMANDS = (QMTPUB,)
LTE = (QMTPUB_LTE, QMTPUBEX)
