"""Settings of MQTT clients, and what a device answers as long as no client is open.

The manual marks the factory's values by underlining, which is lost in its published text: those
that it does not name in words are assumed.
"""

from quecsim.at.context import Context
from quecsim.at.keyed import Given, Setting, Values, need, settings_command
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Key, Param, Text
from quecsim.commands.unreachable import refused_command
from quecsim.commands.wlan import SOURCE

_CLIENT = Integer("client_idx", high=5)
_FIRST = Integer("client_idx", high=5, default=0, optional=True)  # a query may leave it out
_MESSAGE = Integer("msgID", high=65_535)
_QOS = Integer("qos", high=2)


def _switch(name: str, *, optional: bool = False) -> Integer:
    return Integer(name, allowed=(0, 1), optional=optional)


def _setting(name: str, params: tuple[Param, ...], initial: Values) -> Setting:
    """A key of one client; a query does not repeat which one (captured on a BG770A)."""
    return Setting(Key(name, (_FIRST, *params), index=1), initial, echoes_index=False)


def _is_whole_will(_context: Context, given: Given) -> None:
    """With the flag set, all the rest must be given, and the topic not empty."""
    need(holds=given[0] == 0 or (None not in given and given[3] != ""))


_WILL = Key(
    "will",
    (
        _FIRST,
        _switch("will_flag"),
        Integer("will_qos", high=2, optional=True),
        _switch("will_retain", optional=True),
        Text("will_topic", max_bytes=256, optional=True),
        Text("will_message", max_bytes=256, optional=True),
    ),
    index=1,
)

_SETTINGS = (
    _setting("version", (Integer("vsn", allowed=(3, 4)),), (4,)),
    Setting(
        Key("ssl", (_FIRST, _switch("SSL_enable"), Integer("SSL_ctxID", high=5, optional=True)), 1),
        (0, 0),
        echoes_index=False,
        hides_off=True,
    ),
    _setting("keepalive", (Integer("keep_alive_time", high=3600),), (120,)),
    _setting("session", (_switch("clean_session"),), (1,)),
    Setting(_WILL, (0, 0, 0, "", ""), echoes_index=False, hides_off=True, check=_is_whole_will),
    _setting("recv/mode", (_switch("msg_recv_mode"),), (0,)),
    _setting("dataformat", (_switch("send_mode"), _switch("recv_mode")), (0, 0)),
    _setting(
        "timeout",
        (
            Integer("pkt_timeout", 1, 1200),
            Integer("retry_times", high=10, optional=True),
            _switch("timeout_notice", optional=True),
        ),
        (5, 3, 0),
    ),
    _setting(
        "aliauth",
        (
            Text("product_key", described='"product key"'),
            Text("device_name", described='"device name"'),
            Text("device_secret", described='"device secret"'),
        ),
        ("", "", ""),
    ),
    _setting(
        "onenet",
        (
            Text("productID", described='"product id"'),
            Text("access_key", described='"access key"'),
        ),
        ("", ""),
    ),
)

QMTCFG = settings_command("+QMTCFG", "Settings of an MQTT client", SOURCE, _SETTINGS)

QMTOPEN = Command(
    "+QMTOPEN",
    "MQTT clients that have a network connection: none",
    source=SOURCE,
    params=(_CLIENT, Text("host_name", max_bytes=100), Integer("port", 1, 65_535)),
)
QMTCONN = refused_command(
    "+QMTCONN",
    "Connect an MQTT client: an error, since none is open",
    SOURCE,
    (
        _CLIENT,
        Text("clientID", max_bytes=127),
        Text("username", max_bytes=127, optional=True),
        Text("password", max_bytes=512, optional=True),
    ),
)
QMTPUB = refused_command(
    "+QMTPUB",
    "Publish: an error, since no client is connected",
    SOURCE,
    (
        _CLIENT,
        _MESSAGE,
        _QOS,
        _switch("retain"),
        Text("topic"),
        Integer("length", 1, 2048, optional=True),
    ),
)
QMTRECV = Command("+QMTRECV", "Messages in the buffers: none", source=SOURCE, test_text="")


@QMTOPEN.write
def _not_reached(_context: Context, *_values: object) -> None:
    raise AtError


@QMTOPEN.read
@QMTCONN.read
@QMTRECV.read
def _clients(_context: Context) -> list[str]:
    return []


COMMANDS = (
    QMTCFG,
    QMTOPEN,
    refused_command(
        "+QMTCLOSE", "Close a client's connection: an error, since none is open", SOURCE, (_CLIENT,)
    ),
    QMTCONN,
    refused_command(
        "+QMTDISC", "Disconnect: an error, since no client is connected", SOURCE, (_CLIENT,)
    ),
    refused_command(
        "+QMTSUB",
        "Subscribe: an error, since no client is connected",
        SOURCE,
        (_CLIENT, _MESSAGE, Text("topic"), _QOS),
    ),
    refused_command(
        "+QMTUNS",
        "Unsubscribe: an error, since no client is connected",
        SOURCE,
        (_CLIENT, _MESSAGE, Text("topic")),
    ),
    QMTPUB,
    QMTRECV,
)
