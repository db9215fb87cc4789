"""What the record holds of a wish for a connection: never the content of a file."""

from hashlib import sha256

from quecsim.border.wish import Pem, TlsWish
from quecsim.trace import event as ev


def asked_event(
    now_ns: int, where: tuple[int, str, str, int, str], tls: TlsWish | None
) -> ev.LinkAsked:
    """`where`: the number of the link, its owner, host, port and protocol."""
    if tls is None:
        return ev.LinkAsked(now_ns, *where)
    return ev.LinkAsked(now_ns, *where, tls.level, _files(tls), tls.calendar_s)


def tls_event(now_ns: int, link: int, host: str, tls: TlsWish) -> ev.LinkTlsAsked:
    """TLS that begins on a link that is open."""
    return ev.LinkTlsAsked(now_ns, link, host, tls.level, _files(tls), tls.calendar_s)


def _files(tls: TlsWish) -> tuple[tuple[str, str, int, str], ...]:
    files = (("ca", tls.ca), ("certificate", tls.certificate), ("key", tls.key))
    return tuple(_file(what, pem) for what, pem in files if pem.name)


def _file(what: str, pem: Pem) -> tuple[str, str, int, str]:
    if pem.data is None:
        return what, pem.name, -1, ""
    return what, pem.name, len(pem.data), sha256(pem.data).hexdigest()
