"""What a TLS context of the GSM generation asks for, complete by value when a session is opened."""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context, calendar_s, vault
from quecsim.at.effects import Effect, FlashWork
from quecsim.border import TlsWish
from quecsim.border.wish import Pem
from quecsim.commands.tls_gsm import suites_of, tls_value
from quecsim.flash.labels import label_of
from quecsim.flash.ufs import UfsError, UfsFault

_VERSIONS = (("ssl3",), ("1.0",), ("1.1",), ("1.2",), ("ssl3", "1.0", "1.1", "1.2"))


def tls_gsm_wish(context: Context, number: int) -> Generator[Effect, Any, TlsWish]:
    """TLS context `number` as it is set now, with the certificates that it names as they are now.

    The note has no setting for the server's name in the handshake: it does not go along.
    """
    assert context.profile.tls is not None
    level = int(tls_value(context, "secclevel", number))
    ca = certificate = key = Pem()
    if level >= 1:
        ca = yield from _pem(context, str(tls_value(context, "cacert", number)))
    if level >= 2:
        certificate = yield from _pem(context, str(tls_value(context, "clientcert", number)))
        key = yield from _pem(context, str(tls_value(context, "clientkey", number)))
    return TlsWish(
        level=level,
        ca=ca,
        certificate=certificate,
        key=key,
        versions=_VERSIONS[int(tls_value(context, "sslversion", number))],
        suites=tuple(int(suite, 16) for suite in suites_of(context, number)),
        ignores_time=tls_value(context, "ignorertctime") == 1,
        calendar_s=calendar_s(context),
        keeps_good_blocks=context.profile.tls.keeps_good_blocks,
    )


def _pem(context: Context, name: str) -> Generator[Effect, Any, Pem]:
    """The certificate of that name; one whose checksum is wrong is of no use."""
    if not name:
        return Pem()
    label = label_of(name)
    try:
        data = yield FlashWork(lambda: vault(context).read(label), f"read {label}")
    except UfsError as error:
        return Pem(label, None, "" if error.kind is UfsFault.NOT_FOUND else str(error))
    return Pem(label, data)
