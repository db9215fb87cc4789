"""Packet contexts as 27.007 has them: +CGDCONT, +CGACT, +CGPADDR, +CGCONTRDP; +CGEREP, +CPSMS.

Context 1 is there from the start, and active, as the default bearer of LTE is. A context that is
defined is kept at once, through AT&F and restarts.
"""

from collections.abc import Iterable

from quecsim.at.context import Context, is_registered, radio, tcpip
from quecsim.at.keyed import Value, Values, merged, place_of_values, shown_value
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Choice, Command, Integer, Param, Text
from quecsim.at.stored import stored_command

_SOURCE = "3GPP TS 27.007"
_NAME = "+CGDCONT"
_MOST_CONTEXTS = 7
_TYPES = ("IP", "IPV6", "IPV4V6")
_NO_ADDRESS = "0.0.0.0"
_FIRST_BEARER = 5

_CID = Integer("cid", low=1, high=_MOST_CONTEXTS)
_PARAMS: tuple[Param, ...] = (
    Choice("PDP_type", _TYPES, optional=True),
    Text("APN", max_bytes=99, optional=True),
    Text("PDP_addr", max_bytes=64, optional=True),
    Integer("d_comp", high=2, optional=True),
    Integer("h_comp", high=3, optional=True),
)


def _place(cid: int) -> str:
    return place_of_values(_NAME, "cid", (cid,))


def _definition(context: Context, cid: int) -> Values:
    """Its values; none where it is not defined."""
    first = (_TYPES[0], radio(context).apn, _NO_ADDRESS, 0, 0) if cid == 1 else ()
    return context.settings.saved.get(_place(cid), first)


def defined(context: Context) -> list[int]:
    """The contexts that are defined, by number."""
    return [cid for cid in range(1, _MOST_CONTEXTS + 1) if _definition(context, cid)]


def active(context: Context) -> list[int]:
    """Those that are active: none without a network."""
    attachment = context.attachment
    if not attachment.is_attached or not is_registered(context):
        return []
    return [cid for cid in defined(context) if cid in attachment.active]


CGDCONT = Command(
    _NAME,
    "Define a packet context; with its number alone, forget it",
    source=f"{_SOURCE} 10.1.1",
    params=(_CID, *_PARAMS),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=lambda context: "\r\n".join(
        f'{_NAME}: (1-{_MOST_CONTEXTS}),"{kind}",,,(0-2),(0-3)' for kind in radio(context).pdp_types
    ),
    is_setting=True,
)


@CGDCONT.write
def _define(context: Context, cid: int, *given: Value | None) -> None:
    if all(value is None for value in given):
        context.settings.saved[_place(cid)] = ()
        context.attachment.active.discard(cid)
        return
    if given[0] is not None and given[0] not in radio(context).pdp_types:
        raise AtError(Cme.INCORRECT_PARAMETERS)
    before = _definition(context, cid) or (_TYPES[0], "", _NO_ADDRESS, 0, 0)
    context.settings.saved[_place(cid)] = merged(given, before)


@CGDCONT.read
def _definitions(context: Context) -> list[str]:
    lines = []
    for cid in defined(context):
        kind, *others = _definition(context, cid)
        shown = [
            shown_value(param, value) for param, value in zip(_PARAMS[1:], others, strict=True)
        ]
        lines.append(f'{_NAME}: {cid},"{kind}",{",".join(shown)}')
    return lines


_SEVERAL = (
    Integer("cid", low=1, high=_MOST_CONTEXTS, optional=True),
    *(Integer(f"cid{n}", low=1, high=_MOST_CONTEXTS, optional=True) for n in range(2, 8)),
)
CGACT = Command(
    "+CGACT",
    "Activate packet contexts, or the opposite; all of them where none is named",
    source=f"{_SOURCE} 10.1.10",
    params=(Integer("state", allowed=(0, 1)), *_SEVERAL),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="+CGACT: (0,1)",
)


def _named(context: Context, cids: Iterable[int | None]) -> list[int]:
    """The contexts that the host names: all that are defined where it names none."""
    return [cid for cid in cids if cid is not None] or defined(context)


@CGACT.write
def _activate(context: Context, state: int, *cids: int | None) -> None:
    named = _named(context, cids)
    if not state:
        context.attachment.active.difference_update(named)
        return
    is_possible = is_registered(context) and set(named) <= set(defined(context))
    if not is_possible or not context.attachment.is_attached:
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    context.attachment.active.update(named)


@CGACT.read
def _activity(context: Context) -> list[str]:
    on = active(context)
    return [f"+CGACT: {cid},{int(cid in on)}" for cid in defined(context)]


def _address(context: Context, cid: int) -> str:
    """That of context 1, or one behind it."""
    lead, _, last = tcpip(context).address.rpartition(".")
    return f"{lead}.{(int(last) + cid - 1) % 256}"


CGPADDR = Command(
    "+CGPADDR",
    "Addresses of packet contexts",
    source=f"{_SOURCE} 10.1.14",
    params=_SEVERAL,
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=lambda context: f"+CGPADDR: ({','.join(map(str, defined(context)))})",
)


@CGPADDR.write
@CGPADDR.execute
def _addresses(context: Context, *cids: int | None) -> list[str]:
    on, known = active(context), defined(context)
    return [
        f'+CGPADDR: {cid},"{_address(context, cid)}"' if cid in on else f"+CGPADDR: {cid}"
        for cid in _named(context, cids)
        if cid in known
    ]


CGCONTRDP = Command(
    "+CGCONTRDP",
    "Active packet contexts: bearer, access point, address, name servers",
    source=f"{_SOURCE} 10.1.23",
    params=(_SEVERAL[0],),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=lambda context: f"+CGCONTRDP: ({','.join(map(str, active(context)))})",
)


@CGCONTRDP.write
@CGCONTRDP.execute
def _dynamic(context: Context, named: int | None = None) -> list[str]:
    first, second = tcpip(context).dns
    return [
        f'+CGCONTRDP: {cid},{_FIRST_BEARER + place},"{_definition(context, cid)[1]}",'
        f'"{_address(context, cid)}",,"{first}","{second}"'
        for place, cid in enumerate(active(context))
        if named in (None, cid)
    ]


CGEREP = stored_command(
    "+CGEREP",
    "Reports of packet domain events: there are none",
    f"{_SOURCE} 10.1.19",
    (Integer("mode", high=2), Integer("bfr", allowed=(0, 1), optional=True)),
    (0, 0),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
)


def _timer(name: str) -> Text:
    return Text(name, max_bytes=8, optional=True)


def _saving(_context: Context, values: Values) -> str:
    mode, *timers = values
    return ",".join([str(mode), *(f'"{timer}"' if timer else "" for timer in timers)])


CPSMS = stored_command(
    "+CPSMS",
    "Power saving mode: kept, and never entered",
    f"{_SOURCE} 7.38",
    (
        Integer("mode", allowed=(0, 1)),
        _timer("periodic_RAU"),
        _timer("GPRS_READY"),
        _timer("periodic_TAU"),
        _timer("active_time"),
    ),
    (0, "", "", "", ""),
    shows=_saving,
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="+CPSMS: (0,1),,,<periodic_TAU>,<active_time>",
    is_saved=True,
)

COMMANDS = (CGDCONT, CGACT, CGPADDR, CGCONTRDP, CGEREP, CPSMS)
