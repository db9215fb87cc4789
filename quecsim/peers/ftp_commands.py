"""The commands of an FTP server (RFC 959, 2228, 2389, 2428, 3659, 4217): which there are, and the
session's own.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from quecsim.border import Why
from quecsim.peers import ftp_files, ftp_places
from quecsim.peers.ftp_settings import CONNECT, OPENERS
from quecsim.peers.ftp_transfer import Incoming

if TYPE_CHECKING:
    from quecsim.peers.ftp_session import Session

Do: TypeAlias = "Callable[[Session, str], None]"


class _Rule(NamedTuple):
    do: Do
    needs_login: bool = True
    needs_argument: bool = False


def do(session: "Session", word: str, argument: str) -> None:
    """Do one command, and say what came of it. Raises `quecsim.peers.ftp_path.FtpError`."""
    rule = _RULES.get(word)
    if rule is None:
        session.say(500, "There is no such command.")
    elif word in session.premises.settings.without:
        session.say(502, "That command is not here.")
    elif rule.needs_login and not session.is_in:
        session.say(530, "Say USER and PASS first.")
    elif rule.needs_argument and not argument:
        session.say(501, "Something is missing behind that.")
    else:
        rule.do(session, argument)


def _connect(session: "Session", _argument: str) -> None:
    if session.is_full:
        session.say(421, "There are too many connections.")
        session.end()
    else:
        session.say(220, *session.premises.settings.welcome.split("\n"))


# who it is


def _user(session: "Session", name: str) -> None:
    settings = session.premises.settings
    session.is_in, session.user = False, name
    if settings.requires_tls and not session.is_secure:
        session.user = ""
        session.say(530, "Say AUTH TLS first.")
    else:
        session.say(331, "And the password?")


def _pass(session: "Session", password: str) -> None:
    settings, name = session.premises.settings, session.user
    if not name:
        session.say(503, "Say USER first.")
        return
    is_known = not settings.users or settings.users.get(name) == password
    if is_known or (settings.anonymous and name.lower() in ("anonymous", "ftp")):
        session.is_in = True
        session.say(230, "Come in.")
    else:
        session.user = ""
        session.say(530, "That is not right.")


def _quit(session: "Session", _argument: str) -> None:
    session.say(221, "Goodbye.")
    session.end()


# TLS


def _auth(session: "Session", how: str) -> None:
    if not session.premises.has_tls:
        session.say(502, "There is no TLS here.")
    elif session.is_secure:
        session.say(503, "There is TLS already.")
    elif how.upper() not in ("TLS", "TLS-C", "SSL", "TLS-P"):
        session.say(504, "TLS is what there is.")
    else:
        session.say(234, "Begin.")
        session.awaits_tls = True
        session.is_in, session.user = False, ""
        if session.has_more:  # of somebody who did not wait: it is no handshake
            session.end(Why.RESET)


def _pbsz(session: "Session", _size: str) -> None:
    if session.is_secure:
        session.say(200, "PBSZ=0")
    else:
        session.say(503, "Say AUTH first.")


def _prot(session: "Session", level: str) -> None:
    if not session.is_secure:
        session.say(503, "Say AUTH first.")
    elif level.upper() == "P":
        session.data.protection = "P"
        session.say(200, "Data connections have TLS from now on.")
    elif level.upper() == "C":
        session.data.protection = "C"
        session.say(200, "Data connections have no TLS from now on.")
    else:
        session.say(536, "That level is not here.")


# how things are transferred


def _type(session: "Session", kind: str) -> None:
    word = kind.upper()
    if word in ("A", "A N"):
        session.kind = "A"
    elif word in ("I", "L 8"):
        session.kind = "I"
    else:
        session.say(504, "There is A and I.")
        return
    session.say(200, f"The type is {session.kind} from now on.")


def _only(value: str) -> Do:
    """A setting with one value."""

    def do_it(session: "Session", argument: str) -> None:
        if argument.upper() == value:
            session.say(200, f"It is {value}.")
        else:
            session.say(504, f"There is nothing but {value}.")

    return do_it


def _opts(session: "Session", argument: str) -> None:
    word, _, value = argument.upper().partition(" ")
    if (word, value) == ("UTF8", "ON"):
        session.say(200, "It is on anyway.")
    elif word == "MLST":
        session.say(200, "MLST OPTS type;size;modify;")
    else:
        session.say(501, "There is no such option.")


def _allo(session: "Session", _argument: str) -> None:
    session.say(202, "Nothing has to be made ready.")


# what is there


_FEATURES = ("EPRT", "EPSV", "MDTM", "MLST type*;size*;modify*;", "REST STREAM", "SIZE", "TVFS")


def _feat(session: "Session", _argument: str) -> None:
    without = session.premises.settings.without
    features = [*_FEATURES, "UTF8"]
    if session.premises.has_tls:
        features += ["AUTH TLS", "PBSZ", "PROT"]
    told = (f" {one}" for one in sorted(features) if one.split()[0] not in without)
    lines = "".join(f"{line}\r\n" for line in ("211-Features:", *told, "211 That is all."))
    session.say_bytes(lines.encode())


def _syst(session: "Session", _argument: str) -> None:
    session.say(215, "UNIX Type: L8")


def _help(session: "Session", _argument: str) -> None:
    words = " ".join(word for word in _RULES if word != CONNECT)
    session.say(214, f"Commands: {words}")


def _noop(session: "Session", _argument: str) -> None:
    session.say(200, "Yes.")


def _stat(session: "Session", name: str) -> None:
    transfer = session.data.transfer
    if name and transfer is None:
        ftp_files.list_here(session, name)
        return
    if transfer is None:
        session.say(211, f"User {session.user}, type {session.kind}.")
    else:
        way = "have come" if isinstance(transfer.body, Incoming) else "have gone"
        session.say(213, f"{transfer.moved} bytes {way}.")


def _abor(session: "Session", _argument: str) -> None:
    if session.data.transfer is None:
        session.data.close()
        session.say(225, "There is nothing to abort.")
    else:
        session.data.abort()
        session.say(226, "It is aborted.")


_RULES: dict[str, _Rule] = {
    CONNECT: _Rule(_connect, needs_login=False),
    "USER": _Rule(_user, needs_login=False, needs_argument=True),
    "PASS": _Rule(_pass, needs_login=False),
    "QUIT": _Rule(_quit, needs_login=False),
    "AUTH": _Rule(_auth, needs_login=False, needs_argument=True),
    "PBSZ": _Rule(_pbsz, needs_login=False, needs_argument=True),
    "PROT": _Rule(_prot, needs_login=False, needs_argument=True),
    "FEAT": _Rule(_feat, needs_login=False),
    "OPTS": _Rule(_opts, needs_login=False, needs_argument=True),
    "SYST": _Rule(_syst, needs_login=False),
    "HELP": _Rule(_help, needs_login=False),
    "NOOP": _Rule(_noop, needs_login=False),
    "TYPE": _Rule(_type, needs_argument=True),
    "MODE": _Rule(_only("S"), needs_argument=True),
    "STRU": _Rule(_only("F"), needs_argument=True),
    "ALLO": _Rule(_allo),
    "STAT": _Rule(_stat),
    "ABOR": _Rule(_abor),
    **{
        word: _Rule(getattr(ftp_places, word.lower()), needs_argument=word in ("PORT", "EPRT"))
        for word in OPENERS
    },
    "PWD": _Rule(ftp_files.pwd),
    "XPWD": _Rule(ftp_files.pwd),
    "CWD": _Rule(ftp_files.cwd, needs_argument=True),
    "CDUP": _Rule(ftp_files.cdup),
    "MKD": _Rule(ftp_files.mkd, needs_argument=True),
    "XMKD": _Rule(ftp_files.mkd, needs_argument=True),
    "RMD": _Rule(ftp_files.rmd, needs_argument=True),
    "XRMD": _Rule(ftp_files.rmd, needs_argument=True),
    "DELE": _Rule(ftp_files.dele, needs_argument=True),
    "RNFR": _Rule(ftp_files.rnfr, needs_argument=True),
    "RNTO": _Rule(ftp_files.rnto, needs_argument=True),
    "SIZE": _Rule(ftp_files.size, needs_argument=True),
    "MDTM": _Rule(ftp_files.mdtm, needs_argument=True),
    "MLST": _Rule(ftp_files.mlst),
    "REST": _Rule(ftp_files.rest, needs_argument=True),
    "LIST": _Rule(ftp_files.list_),
    "NLST": _Rule(ftp_files.nlst),
    "MLSD": _Rule(ftp_files.mlsd),
    "RETR": _Rule(ftp_files.retr, needs_argument=True),
    "STOR": _Rule(ftp_files.stor, needs_argument=True),
    "APPE": _Rule(ftp_files.appe, needs_argument=True),
}
