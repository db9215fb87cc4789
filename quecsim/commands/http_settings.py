"""Settings of HTTP requests on the Wi-Fi modules (+QHTTPCFG), and the request that they make.

The manual's key "header" adds a line to the head of requests, and with a name alone asks for it; a
line without a value takes it out again (assumed).
"""

from collections.abc import Iterable

from quecsim.at.context import Context
from quecsim.at.effects import Steps
from quecsim.at.grammar import Form
from quecsim.at.keyed import Setting, Value, Values, settings_command
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Integer, Key, Text
from quecsim.at.wlan import LINKS
from quecsim.clients.http_order import Order
from quecsim.commands.http import Failure, authorization, http, url_of
from quecsim.commands.wlan import SOURCE

_MOST_HEADERS = 16
_FORM_TYPE = "application/x-www-form-urlencoded"


def _switch(key: str, name: str) -> Setting:
    return Setting(Key(key, (Integer(name, allowed=(0, 1)),)), (0,))


_URL = Setting(Key("url", (Text("urlstring"),)), ("",))
_HEADER = Setting(Key("header", (Text("name:value"),)), ())
_FORM = Setting(
    Key("form/option", (Text("name"), Text("file_name"), Text("content_type"))),
    ("", "", ""),
)
_SETTINGS = (
    _URL,
    _HEADER,
    Setting(Key("auth", (Text("username:password"),)), ("",)),
    Setting(Key("sslctxid", (Integer("sslctxID", high=5),)), (1,)),
    _switch("rsp/header", "response_header"),
    _switch("rspout/auto", "auto_outrsp"),
    _switch("closed/ind", "closedind"),
    _FORM,
)
_BY_KEY = {setting.key.name: setting for setting in _SETTINGS}

QHTTPCFG = settings_command("+QHTTPCFG", "Settings of HTTP requests", SOURCE, _SETTINGS)
QHTTPCFG.bad_parameter = Cme.HTTP_PARAMETER
_configure = QHTTPCFG.handlers[Form.WRITE]


@QHTTPCFG.write
def _set_or_get(
    context: Context, key: Key, *values: Value | None
) -> "Steps | Iterable[str] | str | None":
    if key is _HEADER.key:
        return _header(context, values[0])
    return _configure(context, key, *values)


def _header(context: Context, given: Value | None) -> list[str] | None:
    """Add a line, take one out, or tell what there is."""
    lines = [str(line) for line in _HEADER.values(context, QHTTPCFG.name)]
    if given is None:
        return [_shown(line) for line in lines] or [_shown("")]
    name, colon, value = str(given).partition(":")
    if not colon:
        return [_shown(line) for line in lines if _name(line) == _name(name)]
    if not name.strip() or not str(given).isprintable():
        raise AtError(Cme.HTTP_PARAMETER)
    kept = [line for line in lines if _name(line) != _name(name)]
    if value.strip():
        kept.append(str(given))
    if len(kept) > _MOST_HEADERS:
        raise AtError(Cme.HTTP_MEMORY)
    context.settings.config[f"{QHTTPCFG.name}/{_HEADER.key.name}"] = tuple(kept)
    return None


def _name(line: str) -> str:
    return line.partition(":")[0].strip().casefold()


def _shown(line: str) -> str:
    return f'{QHTTPCFG.name}: "{_HEADER.key.name}","{line}"'


def order_of(context: Context, command: str, method: str, response_s: int) -> Order:
    """A request as the settings are now. Raises AtError where there is no URL for it."""
    (text,) = _URL.values(context, QHTTPCFG.name)
    url = url_of(context, str(text))
    if isinstance(url, Failure):
        raise AtError(url.cause)
    added = [str(line) for line in _HEADER.values(context, QHTTPCFG.name)]
    lines = [*http(context).headers, *authorization(url, str(_value(context, "auth")))]
    form = _FORM.values(context, QHTTPCFG.name)
    around = (b"", b"")
    if method == "POST" and form[0]:
        around = _around(http(context).boundary, form)
        lines.append(f"Content-Type: multipart/form-data; boundary={http(context).boundary}")
    elif method != "GET":
        lines.append(f"Content-Type: {_FORM_TYPE}")
    replaced = {_name(line) for line in added}
    return Order(
        command=command,
        said=command,
        method=method,
        url=url,
        headers=(*(line for line in lines if _name(line) not in replaced), *added),
        response_s=response_s,
        context=LINKS,
        tls=int(_value(context, "sslctxid")),
        has_head=_value(context, "rsp/header") == 1,
        is_auto=_value(context, "rspout/auto") == 1,
        tells_end=_value(context, "closed/ind") == 1,
        around=around,
    )


def _around(boundary: str, form: Values) -> tuple[bytes, bytes]:
    """What makes a body the one part of a form."""
    name, file_name, content_type = map(str, form)
    lines = [f"--{boundary}", f'Content-Disposition: form-data; name="{name}"']
    if file_name:
        lines[1] += f'; filename="{file_name}"'
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    before = "\r\n".join((*lines, "", "")).encode("latin-1")
    return before, f"\r\n--{boundary}--\r\n".encode("latin-1")


def _value(context: Context, key: str) -> Value:
    return _BY_KEY[key].values(context, QHTTPCFG.name)[0]


COMMANDS = (QHTTPCFG,)
