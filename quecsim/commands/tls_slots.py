"""TLS of an FC41D: contexts (+QSSLCFG) and the three certificates of the device (+QSSLCERT).

There are no files to name. The CA certificate, the client's own one and its key have a place each,
which all contexts share; AT+QSSLCERT puts them there, behind a prompt, and takes them away. Nothing
is said of what has come but OK. What the documents leave open is in the profile (`certificates`):
the command's third number, 1, which reads one out, is unknown in its form, and refused.
"""

from quecsim.at.asking import number_at, text_at
from quecsim.at.context import Context, certificates
from quecsim.at.effects import CloseData, Connect, DataEndWhy, FlashWork, Prompt, Steps
from quecsim.at.grammar import Call
from quecsim.at.keyed import Setting, settings_command
from quecsim.at.receive import Transfer, receive, refused
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Ask, Choice, Command, Integer, Key, Text
from quecsim.at.storage import Place
from quecsim.commands import tls
from quecsim.flash.disk import DiskFile
from quecsim.flash.labels import FLASH
from quecsim.flash.ufs import UfsError
from quecsim.units import s

SOURCE = "FC41D AT Commands Manual V1.0, its list of commands"
CA, OWN, KEY = "CA", "User Cert", "User Key"
_DELETE, _UPLOAD = 0, 2
_OF_CONTEXT = {setting.key.name: setting for setting in tls.SETTINGS}


def _setting(name: str, *params: Integer | Choice, initial: int | str) -> Setting:
    return Setting(Key(name, (tls.CONTEXT, *params), index=1), (initial,))


_VERSION = _setting("version", Integer("SSL_version", high=4), initial=4)
_SUITE = Setting(_OF_CONTEXT["ciphersuite"].key, ("0XFFFF",))
_VERIFY = _setting("verify", Integer("verify", high=2), initial=0)
_SNI = _setting("sni", Integer("SNI", allowed=(0, 1)), initial=0)

QSSLCFG = settings_command(
    "+QSSLCFG",
    "Settings of a TLS context",
    f"{SOURCE}; the keys and values that hosts of an FC41D set",
    (_VERSION, _SUITE, _VERIFY, _SNI),
)
QSSLCFG.is_tcpip = True


def _always(name: str, *values: int | str) -> Setting:
    """What no command of this family sets."""
    return Setting(Key(name, (tls.CONTEXT,), index=1), values)


SETTINGS = {
    "sslversion": _VERSION,
    "ciphersuite": _SUITE,
    "seclevel": _VERIFY,
    "sni": _SNI,
    "negotiatetime": _OF_CONTEXT["negotiatetime"],
    "ignorelocaltime": _OF_CONTEXT["ignorelocaltime"],
    "cacert": _always("cacert", CA),
    "clientcert": _always("clientcert", OWN),
    "clientkey": _always("clientkey", KEY, ""),
}
"""What a context asks for, under the names that the other families have for it."""


def _most_bytes(context: Context) -> int:
    return certificates(context).most_bytes


def _asking(context: Context, call: Call) -> Ask | None:
    """An upload, unless something is to be deleted."""
    if text_at(call, 1) != str(_UPLOAD):
        return None
    return Ask(text_at(call, 0), number_at(call, 2, 0), s(certificates(context).timeout_s))


QSSLCERT = Command(
    "+QSSLCERT",
    "Upload a certificate or key (2), or delete it (0)",
    f"{SOURCE}; AWS IoT access guide of the FC41D, as a public project has it; host programs",
    (
        Text("name", note=f"{CA}, {OWN} or {KEY}", needs_quotes=True),
        Integer("operation", allowed=(_DELETE, _UPLOAD)),
        Integer("length", 1, _most_bytes, optional=True),
    ),
    test_text="",
    role="writing",
    asking=_asking,
)


@QSSLCERT.write
def _certificate(context: Context, name: str, operation: int, length: int | None) -> Steps:
    if name not in (CA, OWN, KEY) or (operation == _UPLOAD) != (length is not None):
        raise AtError
    place = Place(context.disks[FLASH], FLASH, name)
    if length is None:
        yield FlashWork(lambda: _delete(place), f"deleted {name}")
        return
    yield from _upload(context, place, length)


def _delete(place: Place) -> None:
    """Hosts delete all three before they send any: one that is not there is no error."""
    if place.disk.stat(place.name) is not None:
        place.disk.delete(place.name)


def _upload(context: Context, place: Place, length: int) -> Steps:
    own = certificates(context)
    transfer = Transfer(QSSLCERT.name, place.name, length, own.timeout_s)
    opening = Connect() if own.asks_by == "connect" else Prompt()
    file = yield FlashWork(lambda: _create(place), f"created {place.name}")
    try:
        received = yield from receive(context, transfer, file, opening)
        yield FlashWork(file.close, f"closed {place.name}")
    except UfsError as error:
        yield from refused(transfer, error)
    yield CloseData(received.why, "")
    if received.why is not DataEndWhy.SIZE:
        raise AtError(Cme.TIMEOUT)


def _create(place: Place) -> DiskFile:
    """The empty file, in the place of an older one."""
    _delete(place)
    return place.disk.create(place.name)


COMMANDS = (QSSLCERT,)
