"""Settings of HTTP requests (+QHTTPCFG), and the requests as far as they get without a network."""

from quecsim.at.context import Context
from quecsim.at.keyed import Setting, settings_command
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Key, Param, Text
from quecsim.commands.unreachable import refused_command
from quecsim.commands.wlan import SOURCE


def _switch(key: str, name: str) -> Setting:
    return Setting(Key(key, (Integer(name, allowed=(0, 1)),)), (0,))


_URL = Setting(Key("url", (Text("urlstring"),)), ("",))
_SETTINGS = (
    _URL,
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

QHTTPCFG.bad_parameter = Cme.HTTP_PARAMETER

_WAIT = Integer("rsptime", 1, 65_535, optional=True)


def _request(name: str, title: str, params: tuple[Param, ...]) -> Command:
    """It needs a URL, and then a network."""
    command = Command(
        name,
        f"{title}: an error, without a network",
        SOURCE,
        params,
        bad_parameter=Cme.HTTP_PARAMETER,
    )

    def _ask(context: Context, *_values: object) -> None:
        (url,) = _URL.values(context, QHTTPCFG.name)
        raise AtError(Cme.HTTP_NETWORK if url else Cme.HTTP_NO_URL)

    command.write(_ask)
    if all(param.optional for param in params):
        command.execute(_ask)
    return command


_BODY = (
    Integer("data_length", 1, 1_024_000),
    Integer("input_time", 1, 65_535, optional=True),
    _WAIT,
)

QHTTPREAD = refused_command(
    "+QHTTPREAD",
    "Read the response: an error, since nothing has been requested",
    f"{SOURCE}; the error as measured on an EG800K",
    (Integer("wait_time", 1, 65_535, optional=True),),
    cme=Cme.HTTP_NO_REQUEST,
    bad_parameter=Cme.HTTP_PARAMETER,
)

QHTTPSTOP = Command(
    "+QHTTPSTOP", "Give up the request; OK also where there is none", SOURCE, test_text=""
)


@QHTTPSTOP.execute
def _stop(_context: Context) -> None:
    return None


COMMANDS = (
    QHTTPCFG,
    _request("+QHTTPGET", "Send a GET request", (_WAIT,)),
    _request("+QHTTPPOST", "Send a POST request", _BODY),
    _request("+QHTTPPUT", "Send a PUT request", _BODY),
    QHTTPREAD,
    QHTTPSTOP,
)
