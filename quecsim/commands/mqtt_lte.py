"""MQTT clients of the LTE modules: their settings, and what they answer while none is open."""

from quecsim.at.context import Context, tcpip
from quecsim.at.keyed import Given, Setting, Values, need, settings_command
from quecsim.at.spec import Integer, Key, Param, Text
from quecsim.commands.packet import CONTEXT
from quecsim.commands.unreachable import query_of_none, refused_command

_SOURCE = (
    "a published log of AT+QMTCFG=? on an EC600S; the form of a query as in a capture of a BG770A"
)
_CAPTURED = "a capture of a BG770A"
_CLIENT = Integer("client_idx", high=5)
_FIRST = Integer("client_idx", high=5, default=0, optional=True)  # a query may leave it out
_MESSAGE = Integer("msgID", high=65_535)
_QOS = Integer("qos", high=2)


def _switch(name: str, *, optional: bool = False) -> Integer:
    return Integer(name, allowed=(0, 1), optional=optional)


def _setting(name: str, *params: Param, initial: Values, hides_off: bool = False) -> Setting:
    """A key of one client; a query does not repeat which one."""
    key = Key(name, (_FIRST, *params), index=1)
    return Setting(key, initial, echoes_index=False, hides_off=hides_off, lasts="restart")


def _described(name: str) -> Text:
    return Text(name, described=f'"{name}"')


def _is_whole_will(_context: Context, given: Given) -> None:
    """With the flag set, all the rest must be given, and the topic not empty."""
    need(holds=given[0] == 0 or (None not in given and given[3] != ""))


_SSL = Setting(
    Key("ssl", (_FIRST, _switch("SSL_enable"), Integer("SSL_ctxID", high=5, optional=True)), 1),
    (0, 0),
    echoes_index=False,
    hides_off=True,
    lasts=lambda context: tcpip(context).mqtt_ssl_lasts,
)
_WILL = Setting(
    Key(
        "will",
        (
            _FIRST,
            _switch("will_flag"),
            Integer("will_qos", high=2, optional=True),
            _switch("will_retain", optional=True),
            Text("willtopic", max_bytes=256, optional=True, described='"willtopic"'),
            Text("willmessage", max_bytes=256, optional=True, described='"willmessage"'),
        ),
        index=1,
    ),
    (0, 0, 0, "", ""),
    echoes_index=False,
    hides_off=True,
    lasts="restart",
    check=_is_whole_will,
)

QMTCFG = settings_command(
    "+QMTCFG",
    "Settings of an MQTT client",
    _SOURCE,
    (
        _setting("version", Integer("vsn", allowed=(3, 4)), initial=(4,)),
        _setting("pdpcid", CONTEXT, initial=(1,)),
        _SSL,
        _setting("keepalive", Integer("keep_alive_time", high=3600), initial=(120,)),
        _setting("session", _switch("clean_session"), initial=(1,)),
        _setting(
            "timeout",
            Integer("pkt_timeout", 1, 1200),
            Integer("retry_times", 1, 10, optional=True),
            _switch("timeout_notice", optional=True),
            initial=(5, 3, 0),
        ),
        _WILL,
        _setting(
            "recv/mode",
            _switch("msg_recv_mode"),
            _switch("msg_len_enable", optional=True),
            initial=(0, 0),
        ),
        _setting("send/mode", _switch("msg_send_mode"), initial=(0,)),
        _setting("onenet", _described("product id"), _described("access key"), initial=("", "")),
        _setting(
            "aliauth",
            _described("product key"),
            _described("device name"),
            _described("device secret"),
            initial=("", "", ""),
        ),
        _setting("hwauth", _described("device id"), _described("device secret"), initial=("", "")),
        _setting(
            "hwprodid",
            _described("product id"),
            _described("product secret"),
            _described("nodeid"),
            initial=("", "", ""),
        ),
        _setting("qmtping", Integer("qmtping_interval", 5, 60), initial=(5,)),
        _setting("dataformat", _switch("send_mode"), _switch("recv_mode"), initial=(0, 0)),
        _setting("view/mode", _switch("view_mode"), initial=(0,)),
        _setting(
            "edit/timeout",
            _switch("edit_enable"),
            Integer("edit_time", 1, 180, optional=True),
            initial=(0, 120),
        ),
    ),
)

_PUBLISHED = (_CLIENT, _MESSAGE, _QOS, _switch("retain"), Text("topic"))

QMTOPEN = refused_command(
    "+QMTOPEN",
    "MQTT clients that have a network connection: none",
    _CAPTURED,
    (_CLIENT, Text("host_name", max_bytes=100), Integer("port", 1, 65_535)),
    test_text="+QMTOPEN: (0-5),<host_name>,(0-65535)",
)
QMTCONN = refused_command(
    "+QMTCONN",
    "Connect an MQTT client: an error, since none is open",
    _CAPTURED,
    (
        _CLIENT,
        Text("clientID"),
        Text("username", optional=True),
        Text("password", max_bytes=512, optional=True),
    ),
)


@QMTOPEN.read
@QMTCONN.read
def _clients(_context: Context) -> None:
    return None


COMMANDS = (
    QMTCFG,
    QMTOPEN,
    refused_command(
        "+QMTCLOSE",
        "Close a client's connection: an error, since none is open",
        _CAPTURED,
        (_CLIENT,),
    ),
    QMTCONN,
    refused_command(
        "+QMTDISC", "Disconnect: an error, since no client is connected", _CAPTURED, (_CLIENT,)
    ),
    refused_command(
        "+QMTSUB",
        "Subscribe: an error, since no client is connected",
        _CAPTURED,
        (_CLIENT, _MESSAGE, Text("topic"), _QOS),
        test_text='+QMTSUB: (0-5),<msgid>,"topic",(0-2)',
    ),
    refused_command(
        "+QMTUNS",
        "Unsubscribe: an error, since no client is connected",
        _CAPTURED,
        (_CLIENT, _MESSAGE, Text("topic")),
        test_text='+QMTUNS: (0-5),<msgid>,"topic"',
    ),
    refused_command(
        "+QMTPUB",
        "Publish: an error, since no client is connected",
        _CAPTURED,
        (*_PUBLISHED, Text("payload", max_bytes=1024, optional=True)),
        test_text="+QMTPUB: (0-5),(0-65535),(0-2),(0,1),<topic>,(1-4096)",
    ),
    refused_command(
        "+QMTPUBEX",
        "Publish so many bytes: an error, since no client is connected",
        "a published log of an EC600S",
        (*_PUBLISHED, Integer("length", 1, 4096)),
        test_text='+QMTPUBEX: (0-5),<msgid>,(0-2),(0,1),"topic","length"',
    ),
    query_of_none(
        "+QMTRECV",
        "Messages in the buffers: none",
        _CAPTURED,
        (_CLIENT, Integer("recv_id", high=4, optional=True)),
    ),
)
