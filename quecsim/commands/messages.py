"""Short messages, but for sending them: what holds for them, and the storage, which is empty.

Nobody sends this device a message, so there is never one to list, to read or to delete.
"""

from collections.abc import Iterable

from quecsim.at.alphabet import ALPHABETS, NAME, shown, understood
from quecsim.at.context import Context, radio
from quecsim.at.keyed import Values
from quecsim.at.results import AtError, Cme, Cms
from quecsim.at.spec import Choice, Command, Integer, Text
from quecsim.at.stored import stored, stored_command
from quecsim.commands.supplementary import number_type

SOURCE = "3GPP TS 27.005"
_BAD = Cms.OPERATION_NOT_ALLOWED


def _words(words: Iterable[str]) -> str:
    """As in a `=?` reply: `("GSM","IRA")`."""
    quoted = (f'"{word}"' for word in words)
    return f"({','.join(quoted)})"


CMGF = stored_command(
    "+CMGF",
    "Form of messages: 0 PDU, 1 text",
    f"{SOURCE} 3.2.3",
    (Integer("mode", allowed=(0, 1)),),
    (0,),
    bad_parameter=_BAD,
)


def is_text_mode(context: Context) -> bool:
    """AT+CMGF=1."""
    return stored(context, "+CMGF", (0,)) == (1,)


CSCS = stored_command(
    NAME,
    "Alphabet of strings",
    "3GPP TS 27.007 5.5",
    (Choice("chset", ALPHABETS),),
    ALPHABETS[:1],
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=f"{NAME}: {_words(ALPHABETS)}",
    shows=lambda _context, values: f'"{values[0]}"',
)
CSMS = Command("+CSMS", "Message service: 0", source=f"{SOURCE} 3.2.1",
               params=(Integer("service", allowed=(0, 1)),), bad_parameter=_BAD,
               is_setting=True)  # fmt: skip


@CSMS.write
def _set_service(context: Context, service: int) -> str:
    context.settings.config["+CSMS"] = (service,)
    return "+CSMS: 1,1,1"


@CSMS.read
def _service(context: Context) -> str:
    return f"+CSMS: {stored(context, '+CSMS', (0,))[0]},1,1,1"


CNMI = stored_command(
    "+CNMI",
    "How the host is told of new messages: there are none",
    f"{SOURCE} 3.4.1",
    (
        Integer("mode", high=2, optional=True),
        Integer("mt", high=3, optional=True),
        Integer("bm", allowed=(0, 2), optional=True),
        Integer("ds", high=2, optional=True),
        Integer("bfr", allowed=(0, 1), optional=True),
    ),
    (2, 1, 0, 0, 0),
    bad_parameter=_BAD,
)
CSMP = stored_command(
    "+CSMP",
    "Parameters of messages in text mode",
    f"{SOURCE} 3.3.4",
    (
        Integer("fo", optional=True),
        Integer("vp", optional=True),
        Integer("pid", optional=True),
        Integer("dcs", optional=True),
    ),
    (17, 167, 0, 0),
    bad_parameter=_BAD,
    test_text="",
)
CSDH = stored_command(
    "+CSDH",
    "Show the header of messages in text mode",
    f"{SOURCE} 3.3.3",
    (Integer("show", allowed=(0, 1)),),
    (0,),
    bad_parameter=_BAD,
)

CSCA = Command(
    "+CSCA",
    "Number of the service centre, kept in the SIM",
    source=f"{SOURCE} 3.3.1",
    params=(Text("sca", max_bytes=84), Integer("tosca", low=128, high=255, optional=True)),
    bad_parameter=_BAD,
    test_text="",
    is_setting=True,
)


@CSCA.write
def _set_centre(context: Context, number: str, kind: int | None) -> None:
    plain = understood(context, number, Cms.INVALID_TEXT_PARAMETER)
    if not is_number(plain):
        raise AtError(Cms.INVALID_TEXT_PARAMETER)
    context.settings.saved["+CSCA"] = (plain, kind or number_type(plain))


@CSCA.read
def _centre(context: Context) -> str:
    factory = radio(context).service_centre
    number, kind = context.settings.saved.get("+CSCA", (factory, number_type(factory)))
    return f'+CSCA: "{shown(context, str(number))}",{kind}'


def is_number(text: str) -> bool:
    """A telephone number."""
    digits = text.removeprefix("+")
    return 0 < len(digits) <= 20 and digits.isascii() and all(c in "0123456789*#" for c in digits)


_STORES = ("ME", "SM")
_MEMORIES = Choice("mem1", _STORES), *(Choice(f"mem{n}", _STORES, optional=True) for n in (2, 3))
CPMS = Command(
    "+CPMS",
    "Where messages are read, written and received: all of it is empty",
    source=f"{SOURCE} 3.2.2",
    params=_MEMORIES,
    bad_parameter=_BAD,
    test_text=lambda context: f"+CPMS: {','.join([_listed(context)] * 3)}",
    is_setting=True,
)


def _listed(context: Context) -> str:
    return _words(radio(context).message_slots)


def _memories(context: Context) -> Values:
    first = next(iter(radio(context).message_slots))
    return stored(context, "+CPMS", (first,) * 3)


def _capacity(context: Context, memory: object) -> int:
    return dict(radio(context).message_slots)[str(memory)]  # type: ignore[index]


@CPMS.write
def _choose(context: Context, *given: str | None) -> str:
    slots = radio(context).message_slots
    if any(name is not None and name not in slots for name in given):
        raise AtError(_BAD)
    now = _memories(context)
    chosen = tuple(old if new is None else new for new, old in zip(given, now, strict=True))
    context.settings.config["+CPMS"] = chosen
    used = (f"0,{_capacity(context, name)}" for name in chosen)
    return f"+CPMS: {','.join(used)}"


@CPMS.read
def _chosen(context: Context) -> str:
    used = (f'"{name}",0,{_capacity(context, name)}' for name in _memories(context))
    return f"+CPMS: {','.join(used)}"


_STATES = ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL")
CMGL = Command(
    "+CMGL",
    "List messages: there are none",
    source=f"{SOURCE} 3.4.2, 4.1",
    params=(Text("stat", max_bytes=12, optional=True),),
    bad_parameter=_BAD,
    test_text=lambda context: f"+CMGL: {_states(context)}",
)


def _states(context: Context) -> str:
    return _words(_STATES) if is_text_mode(context) else "(0-4)"


@CMGL.write
@CMGL.execute
def _list(context: Context, state: str | None = None) -> list[str]:
    words = _STATES if is_text_mode(context) else tuple("01234")
    if state is not None and state.upper() not in words:
        is_text = is_text_mode(context)
        raise AtError(Cms.INVALID_TEXT_PARAMETER if is_text else Cms.INVALID_PDU_PARAMETER)
    return []


def _need_place(context: Context, index: int) -> None:
    """`index` is one of the places of the storage that messages are read from."""
    if index >= max(1, _capacity(context, _memories(context)[0])):
        raise AtError(Cms.INVALID_MEMORY_INDEX)


CMGR = Command("+CMGR", "Read a message: there is none", source=f"{SOURCE} 3.4.3, 4.2",
               params=(Integer("index", high=65_535),), bad_parameter=_BAD,
               test_text="")  # fmt: skip
CMGD = Command(
    "+CMGD",
    "Delete messages: there are none",
    source=f"{SOURCE} 3.5.4",
    params=(
        Integer("index", high=65_535),
        Integer("delflag", high=4, optional=True, default=0),
    ),
    bad_parameter=_BAD,
    test_text="+CMGD: (),(0-4)",
)


@CMGR.write
def _read(_context: Context, _index: int) -> None:
    raise AtError(Cms.INVALID_MEMORY_INDEX)


@CMGD.write
def _delete(context: Context, index: int, flag: int) -> None:
    if not flag:
        _need_place(context, index)


COMMANDS = (CMGF, CSCS, CSMS, CSCA, CSMP, CSDH, CNMI, CPMS, CMGL, CMGR, CMGD)
