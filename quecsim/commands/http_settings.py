"""Settings of HTTP requests: +QHTTPCFG. The requests themselves need a server."""

from quecsim.at.keyed import Setting, settings_command
from quecsim.at.spec import Integer, Key, Text
from quecsim.commands.wlan import SOURCE


def _switch(key: str, name: str) -> Setting:
    return Setting(Key(key, (Integer(name, allowed=(0, 1)),)), (0,))


_SETTINGS = (
    Setting(Key("url", (Text("urlstring"),)), ("",)),
    Setting(Key("header", (Text("name:value"),)), ("",)),
    Setting(Key("auth", (Text("username:password"),)), ("",)),
    Setting(Key("sslctxid", (Integer("sslctxID", high=5),)), (1,)),
    _switch("rsp/header", "response_header"),
    _switch("rspout/auto", "auto_outrsp"),
    _switch("closed/ind", "closedind"),
    Setting(
        Key("form/option", (Text("name"), Text("file_name"), Text("content_type"))),
        ("", "", ""),
    ),
)

QHTTPCFG = settings_command("+QHTTPCFG", "Settings of HTTP requests", SOURCE, _SETTINGS)

COMMANDS = (QHTTPCFG,)
