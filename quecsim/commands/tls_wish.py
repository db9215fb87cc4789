"""What a TLS context asks for, made complete by value when a connection is opened.

The contexts are those of AT+QSSLCFG, whichever family a device has it from.
"""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context, calendar_s
from quecsim.at.effects import Effect, FlashWork
from quecsim.at.keyed import Setting
from quecsim.at.results import AtError
from quecsim.at.storage import Place, place_of
from quecsim.border import TlsWish
from quecsim.border.wish import MOST_PEM_BYTES, Pem
from quecsim.commands import tls, tls_lte, tls_slots
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.units import s

_READ_ONLY = 2
_VERSIONS = (("ssl3",), ("1.0",), ("1.1",), ("1.2",), ("ssl3", "1.0", "1.1", "1.2"))
_ALL_SUITES = "0XFFFF"
_SETTINGS: dict[str, dict[str, Setting]] = {
    family: {setting.key.name: setting for setting in settings}
    for family, settings in (("tls", tls.SETTINGS), ("tls_lte", tls_lte.SETTINGS))
} | {"tls_slots": tls_slots.SETTINGS}


def tls_text(context: Context, number: int, key: str, place: int = 0) -> str:
    """What AT+QSSLCFG=key says of that TLS context."""
    families = context.profile.commands.families
    settings = next(own for family, own in _SETTINGS.items() if family in families)
    return str(settings[key].values(context, tls_lte.QSSLCFG.name, (number,))[place])


def tls_number(context: Context, number: int, key: str) -> int:
    """The same of a number."""
    return int(tls_text(context, number, key))


def tls_wish(context: Context, number: int) -> Generator[Effect, Any, TlsWish]:
    """TLS context `number` as it is set now, with the files that it names as they are now."""
    assert context.profile.tls is not None
    suites = tls_text(context, number, "ciphersuite")
    level = tls_number(context, number, "seclevel")
    ca = certificate = key = Pem()
    if level >= 1:
        ca = yield from _pem(context, tls_text(context, number, "cacert"))
    if level >= 2:
        certificate = yield from _pem(context, tls_text(context, number, "clientcert"))
        key = yield from _pem(context, tls_text(context, number, "clientkey"))
    return TlsWish(
        level=level,
        ca=ca,
        certificate=certificate,
        key=key,
        key_password=tls_text(context, number, "clientkey", 1),
        sni=tls_number(context, number, "sni") == 1,
        versions=_VERSIONS[tls_number(context, number, "sslversion")],
        suites=() if suites == _ALL_SUITES else (int(suites, 16),),
        ignores_time=tls_number(context, number, "ignorelocaltime") == 1,
        calendar_s=calendar_s(context),
        negotiate_ns=s(tls_number(context, number, "negotiatetime")),
        keeps_good_blocks=context.profile.tls.keeps_good_blocks,
    )


def _pem(context: Context, name: str) -> Generator[Effect, Any, Pem]:
    """The file of that name as it is; a name that no file can have is one that is not there."""
    if not name:
        return Pem()
    try:
        place = place_of(context, name)
    except AtError:
        return Pem(name)
    full_name = f"{place.storage}:{place.name}"
    try:
        data = yield FlashWork(lambda: _content(place), f"read {place.label}")
    except UfsError as error:
        return Pem(full_name, None, "" if error.kind is UfsFault.NOT_FOUND else str(error))
    return Pem(full_name, data)


def _content(place: Place) -> bytes:
    """All of a file, or enough of it to see that it is too long."""
    file = place.disk.open(place.name, _READ_ONLY)
    try:
        return file.read(MOST_PEM_BYTES + 1)
    finally:
        file.close()
