"""Settings of HTTP requests on the LTE modules, and the requests as far as they get without a
network.
"""

from quecsim.at.context import Context, tcpip
from quecsim.at.keyed import Setting, settings_command
from quecsim.at.results import Cme
from quecsim.at.spec import Command, Integer, Key, Text
from quecsim.commands.packet import CONTEXT
from quecsim.commands.unreachable import refused_command

_SOURCE = "published replies of AT+QHTTPCFG? and =? of a BG96, and a capture of a BG770A"
_CAPTURED = "a capture of a BG770A"


def _number(name: str, param: Integer, initial: int) -> Setting:
    return Setting(Key(name, (param,)), (initial,), lasts="restart")


def _switch(name: str) -> Setting:
    return _number(name, Integer(name, allowed=(0, 1)), 0)


def _text(name: str, described: str) -> Setting:
    return Setting(Key(name, (Text(name, described=described),)), ("",), lasts="restart")


_SETTINGS = (
    _number("contextid", CONTEXT, 1),
    _switch("requestheader"),
    _switch("responseheader"),
    _number("sslctxid", Integer("sslctxID", high=5), 1),
    _number(
        "contenttype", Integer("content_type", high=lambda context: tcpip(context).content_type), 0
    ),
    _switch("rspout/auto"),
    _switch("closed/ind"),
    _text("auth", '("username:password")'),
    _text("custom_header", '("custom_value")'),
)
QHTTPCFG = settings_command("+QHTTPCFG", "Settings of HTTP requests", _SOURCE, _SETTINGS)
QHTTPCFG.bad_parameter = Cme.HTTP_PARAMETER


@QHTTPCFG.read
def _all(context: Context) -> list[str]:
    return [
        setting.text(QHTTPCFG.name, (), setting.values(context, QHTTPCFG.name))
        for setting in _SETTINGS
    ]


def _request(name: str, title: str, *params: Integer) -> Command:
    """It is for the URL that AT+QHTTPURL sets, which waits for a network with the rest."""
    return refused_command(
        name,
        f"{title}: an error, since there is no URL",
        f"{_CAPTURED}; the errors of the FOTA note, chapter 4",
        params,
        cme=Cme.HTTP_NO_URL,
        bad_parameter=Cme.HTTP_PARAMETER,
    )


def _time(name: str) -> Integer:
    return Integer(name, 1, 65_535, optional=True)


_FILE = Text("file_name")
QHTTPSTOP = Command(
    "+QHTTPSTOP", "Give up the request; OK also where there is none", "hosts send it first of all",
    test_text="",
)  # fmt: skip


@QHTTPSTOP.execute
def _stop(_context: Context) -> None:
    return None


COMMANDS = (
    QHTTPCFG,
    refused_command(
        "+QHTTPURL",
        "The URL of the next requests: an error, since nothing could be requested",
        _CAPTURED,
        (Integer("URL_length", 1, 700), _time("timeout")),
        bad_parameter=Cme.HTTP_PARAMETER,
    ),
    _request(
        "+QHTTPGET",
        "Send a GET request",
        _time("rsptime"),
        Integer("data_length", 1, 2048, optional=True),
        _time("input_time"),
    ),
    _request(
        "+QHTTPPOST",
        "Send a POST request",
        Integer("data_length", 1, 1_024_000),
        _time("input_time"),
        _time("rsptime"),
    ),
    refused_command(
        "+QHTTPREAD",
        "Read the response: an error, since nothing has been requested",
        f"{_CAPTURED}; the error as measured on an EG800K",
        (_time("wait_time"),),
        cme=Cme.HTTP_NO_REQUEST,
        bad_parameter=Cme.HTTP_PARAMETER,
    ),
    refused_command(
        "+QHTTPREADFILE",
        "Put the response into a file: an error, since nothing has been requested",
        "host programs; the error as for AT+QHTTPREAD",
        (_FILE, _time("wait_time")),
        cme=Cme.HTTP_NO_REQUEST,
        bad_parameter=Cme.HTTP_PARAMETER,
    ),
    QHTTPSTOP,
)
