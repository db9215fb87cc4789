"""Where the next data connection of an FTP session is to be: PASV, EPSV, PORT, EPRT."""

import re
from typing import TYPE_CHECKING

from quecsim.peers.ftp_path import FtpError

if TYPE_CHECKING:
    from quecsim.peers.ftp_session import Session

_SIX = re.compile(r"(?:\d{1,3},){5}\d{1,3}\Z", re.ASCII)
_EPRT = re.compile(r"([!-~])(\d{1,5})\1([^\1]{1,64})\1(\d{1,5})\1\Z", re.ASCII)
_FIRST_FREE = 1024  # below are ports of servers: a client that names one means no good


def pasv(session: "Session", _argument: str) -> None:
    """227, with the address and the port in six numbers."""
    _check_extended(session)
    address = session.premises.settings.pasv_address or session.premises.address
    if ":" in address:
        raise FtpError(522, "This is IPv6: say EPSV.")
    port = _port(session)
    numbers = ",".join([*address.split("."), str(port >> 8), str(port & 255)])
    session.say(227, f"Entering Passive Mode ({numbers}).")


def epsv(session: "Session", argument: str) -> None:
    """229, with the port alone."""
    word = argument.upper()
    if word == "ALL":
        session.is_extended_only = True
        session.say(200, "Nothing but EPSV from now on.")
        return
    own = "2" if ":" in session.premises.address else "1"
    if word not in ("", own):
        raise FtpError(522, f"There is another protocol here, use ({own}).")
    session.say(229, f"Entering Extended Passive Mode (|||{_port(session)}|).")


def port(session: "Session", argument: str) -> None:
    """The client's address and port in six numbers; only the port counts."""
    _check_extended(session)
    if not _SIX.match(argument):
        raise FtpError(501, "Six numbers, with commas between.")
    *_, high, low = map(int, argument.split(","))
    _call(session, high * 256 + low)


def eprt(session: "Session", argument: str) -> None:
    """The same with the protocol, for other addresses too."""
    _check_extended(session)
    match = _EPRT.match(argument)
    if match is None:
        raise FtpError(501, "|1|address|port|.")
    if match[2] not in ("1", "2"):
        raise FtpError(522, "There is no such protocol, use (1,2).")
    _call(session, int(match[4]))


def _check_extended(session: "Session") -> None:
    if session.is_extended_only:
        raise FtpError(501, "You said EPSV ALL.")


def _port(session: "Session") -> int:
    trouble = session.trouble
    found = session.data.await_it(is_refused=trouble is not None and trouble.data == "refused")
    if found is None:
        raise FtpError(425, "There is no port left.")
    return found


def _call(session: "Session", number: int) -> None:
    if not _FIRST_FREE <= number <= 65_535:
        raise FtpError(501, "That is no port for data.")
    session.data.call_it(number)
    session.say(200, "You will be called there.")
