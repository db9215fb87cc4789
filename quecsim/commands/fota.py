"""+QFOTADL: firmware upgrade, in the generations that the documents describe.

    V1.0    AT+QFOTADL=<url>
    V1.1    AT+QFOTADL=<url>[,<upgrade_mode>[,<download_URC_max>[,<update_URC_max>]]]

`<url>` is `FILE:<length>`, for a package that comes over the serial port, an FTP or HTTP(S)
address (`fota_server`), or the name of a package that is on UFS already (`fota.paths`); which of
these a device takes is in `fota.sources`. Whatever does not fit is plain ERROR; after the OK
everything is said by +QIND messages.
"""

import re

from quecsim.at.asking import number_at, text_at
from quecsim.at.context import Context, fota
from quecsim.at.effects import Answer, FlashWork, Steps
from quecsim.at.grammar import Call
from quecsim.at.results import AtError
from quecsim.at.spec import Ask, Command, Integer, Text
from quecsim.at.storage import check_file_name
from quecsim.commands.config import QFOTA
from quecsim.commands.firmware import PACKAGE_LABEL, URC_COUNTS
from quecsim.commands.fota_download import download_by_protocol, download_file
from quecsim.commands.fota_server import download, refuse_another
from quecsim.commands.fota_upgrade import upgrade, upgrade_later
from quecsim.flash.ufs import UfsError
from quecsim.units import ms

_V1_0 = "EC200T&UC200T FOTA User Guide V1.0, chapter 3"
_V1_1 = "EC200x&EG912Y Series FOTA Application Note V1.1, 3.2.1"
_REBOOT_FIRST, _AT_ONCE, _PROTOCOL = 0, 1, 2
_MOST_URCS = URC_COUNTS[-1]


def _urls(context: Context) -> str:
    """The forms of an address that the device takes, for people."""
    settings = fota(context)
    forms = [text for source, text in _FORMS.items() if source in settings.sources]
    return ", ".join([*forms, *(f'"{lead}<name>"' for lead in settings.paths)])


_FORMS = {
    "serial": '"FILE:<length>"',
    "server": '"ftp://user:password@server[:port]/file", "http[s]://server[:port]/path"',
}
_URL = Text("url", max_bytes=255, needs_quotes=True, note=_urls)
_FILE = re.compile(r"FILE:([0-9]{1,10})", re.IGNORECASE)


def _modes(context: Context) -> tuple[int, ...]:
    has_protocol = fota(context).protocol_mode == "010003"
    return (_REBOOT_FIRST, _AT_ONCE, _PROTOCOL) if has_protocol else (_REBOOT_FIRST, _AT_ONCE)


def _modes_in_words(context: Context) -> str:
    words = "0 restarts before the upgrade, 1 does not"
    return f"{words}, 2 is protocol download" if _PROTOCOL in _modes(context) else words


def _asking(context: Context, call: Call) -> Ask | None:
    """A package over the serial port; not a download, and not the protocol of its own."""
    match = _FILE.fullmatch(text_at(call, 0))
    mode = number_at(call, 1, _AT_ONCE)
    if match is None or mode == _PROTOCOL or "serial" not in fota(context).sources:
        return None
    upgrade = "after a restart" if mode == _REBOOT_FIRST else "at once"
    idle_ns = ms(fota(context).idle_ms)
    return Ask(PACKAGE_LABEL, int(match[1]), idle_ns, upgrade=upgrade)


QFOTADL_V1_0 = Command(
    "+QFOTADL",
    "Upgrade the firmware, from the serial port or a server",
    source=_V1_0,
    params=(_URL,),
    test_text="",
    role="writing",
    asking=_asking,
)

_BY_MODE = (
    _URL,
    Integer("upgrade_mode", allowed=_modes, default=_AT_ONCE, optional=True, note=_modes_in_words),
    Integer("download_URC_max", allowed=URC_COUNTS, optional=True, note="left out, 0"),
    Integer("update_URC_max", allowed=URC_COUNTS, optional=True, note="left out, 100"),
)

QFOTADL_V1_1 = Command(
    "+QFOTADL",
    "Upgrade the firmware, from the serial port or a server",
    source=_V1_1,
    params=_BY_MODE,
    test_text="+QFOTADL: <url>,(0,1),(0,5-100),(0,5-100)",
    role="writing",
    asking=_asking,
)


QFOTADL_UNISOC = Command(
    "+QFOTADL",
    "Upgrade the firmware, with a package that is stored, or from a server",
    source="notes of hosts about the upgrade of an EC200U; fwupd, its modem plug-in (by path)",
    params=_BY_MODE,
    test_text="",
)


@QFOTADL_V1_0.write
def _from_url(context: Context, url: str) -> Steps:
    return _upgrade(context, url, _AT_ONCE, 0, _MOST_URCS)


@QFOTADL_V1_1.write
@QFOTADL_UNISOC.write
def _from_url_by_mode(
    context: Context, url: str, mode: int, download_urcs: int | None, update_urcs: int | None
) -> Steps:
    if mode == _PROTOCOL:
        return _by_protocol(context, url, (download_urcs, update_urcs))
    most = _MOST_URCS if update_urcs is None else update_urcs
    return _upgrade(context, url, mode, download_urcs or 0, most)


def _upgrade(context: Context, url: str, mode: int, download_urcs: int, update_urcs: int) -> Steps:
    refuse_another(context)
    name = _stored_name(context, url)
    if name is not None:
        yield from _from_file(context, name, mode, update_urcs)
        return
    length = _file_length(url)
    if length is None:
        if "server" not in fota(context).sources:
            raise AtError
        yield from download(
            context,
            url,
            reboots=mode == _REBOOT_FIRST,
            download_urcs=download_urcs,
            update_urcs=update_urcs,
        )
        return
    if "serial" not in fota(context).sources:
        raise AtError
    is_whole = yield from download_file(context, length, download_urcs)
    if is_whole:
        yield from (upgrade if mode == _AT_ONCE else upgrade_later)(context, update_urcs)


def _by_protocol(context: Context, url: str, surplus: tuple[int | None, int | None]) -> Steps:
    refuse_another(context)
    length = _file_length(url)
    if length is None or surplus != (None, None):
        raise AtError
    yield from download_by_protocol(context, length)


def _file_length(url: str) -> int | None:
    """The length of the package that comes over the serial port; None for an address."""
    match = _FILE.fullmatch(url)
    if match is None:
        return None
    length = int(match[1])
    if not length:
        raise AtError
    return length


def _stored_name(context: Context, path: str) -> str | None:
    """The name on UFS of the package that `path` is; None where that is no path.

    Raises AtError for a name that no file can have.
    """
    for lead in fota(context).paths:
        if path[: len(lead)].casefold() != lead.casefold():
            continue
        name = path[len(lead) :]
        if lead.endswith(":"):  # `UFS:/x` is `UFS:x`, as in the FILE commands
            name = name.removeprefix("/")
        try:
            check_file_name(context.profile.files, name)
        except UfsError:
            raise AtError from None
        return name
    return None


def _from_file(context: Context, name: str, mode: int, update_urcs: int) -> Steps:
    """With a package that the host has stored; the file stays."""
    if not (yield FlashWork(lambda: _is_readable(context, name), f"looked for {name}")):
        raise AtError
    yield Answer()
    yield from (upgrade if mode == _AT_ONCE else upgrade_later)(context, update_urcs, name)


def _is_readable(context: Context, name: str) -> bool:
    """Whether there is such a file, and nobody has it open."""
    if context.handles.is_open(name):
        return False
    try:
        is_there = context.ufs.stat(name) is not None
    except UfsError:
        return False
    return is_there or fota(context).missing_package == "end"


V1_0 = (QFOTADL_V1_0,)
V1_1 = (QFOTADL_V1_1, QFOTA)
UNISOC = (QFOTADL_UNISOC,)
