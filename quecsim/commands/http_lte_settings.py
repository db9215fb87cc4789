"""Settings of HTTP requests on the LTE modules (+QHTTPCFG), and the request that they make."""

from quecsim.at.context import Context, tcpip
from quecsim.at.keyed import Setting, Value, settings_command
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Integer, Key, Text
from quecsim.clients.http_order import Order
from quecsim.commands.http import Failure, authorization, client_of, http, url_of
from quecsim.commands.packet import CONTEXT

_SOURCE = "published replies of AT+QHTTPCFG? and =? of a BG96, and a capture of a BG770A"
_CONTENT_TYPES = (
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/octet-stream",
    "multipart/form-data",
    "application/json",
    "image/jpeg",
)


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
_BY_KEY = {setting.key.name: setting for setting in _SETTINGS}

QHTTPCFG = settings_command("+QHTTPCFG", "Settings of HTTP requests", _SOURCE, _SETTINGS)
QHTTPCFG.bad_parameter = Cme.HTTP_PARAMETER


@QHTTPCFG.read
def _all(context: Context) -> list[str]:
    return [
        setting.text(QHTTPCFG.name, (), setting.values(context, QHTTPCFG.name))
        for setting in _SETTINGS
    ]


def is_own_request(context: Context) -> bool:
    """The host writes the head of its requests itself."""
    return _value(context, "requestheader") == 1


def order_of(
    context: Context,
    command: str,
    method: str,
    response_s: int,
    *,
    said: str = "",
    headers: tuple[str, ...] = (),
) -> Order:
    """A request as the settings are now. Raises AtError where there is no URL for it."""
    url = url_of(context, client_of(context).url)
    if isinstance(url, Failure):
        raise AtError(url.cause)
    is_own = is_own_request(context)
    custom = str(_value(context, "custom_header"))
    own = (
        *http(context).headers,
        *authorization(url, str(_value(context, "auth"))),
        *((custom,) if ":" in custom else ()),
        *headers,
    )
    if method != "GET":
        own = (*own, f"Content-Type: {_CONTENT_TYPES[int(_value(context, 'contenttype'))]}")
    return Order(
        command=command,
        said=said or command,
        method=method,
        url=url,
        headers=() if is_own else own,
        response_s=response_s,
        context=int(_value(context, "contextid")),
        tls=int(_value(context, "sslctxid")),
        is_own=is_own,
        has_head=_value(context, "responseheader") == 1,
        is_auto=_value(context, "rspout/auto") == 1,
        tells_end=_value(context, "closed/ind") == 1,
    )


def _value(context: Context, key: str) -> Value:
    return _BY_KEY[key].values(context, QHTTPCFG.name)[0]


COMMANDS = (QHTTPCFG,)
