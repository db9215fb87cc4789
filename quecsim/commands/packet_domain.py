"""Packet contexts as 27.007 has them: +CGDCONT, +CGACT, +CGPADDR, +CGCONTRDP; +CGEREP, +CPSMS.

Context 1 is there from the start; the registration of LTE activates it. A context that is defined
is kept at once, through AT&F and restarts. What is active is in `at.bearer`.
"""

from collections.abc import Iterable
from typing import Any

from quecsim.at.bearer import Definition, Down
from quecsim.at.context import Context, radio, tcpip
from quecsim.at.keyed import Value, Values, merged, shown_value
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Choice, Command, Integer, Param, Text
from quecsim.at.stored import stored_command

_SOURCE = "3GPP TS 27.007"
_NAME = "+CGDCONT"
_TYPES = ("IP", "IPV6", "IPV4V6")
_FIRST_BEARER = 5


def _most(context: Context) -> int:
    return context.bearer.most


_CID = Integer("cid", low=1, high=_most)
_PARAMS: tuple[Param, ...] = (
    Choice("PDP_type", _TYPES, optional=True),
    Text("APN", max_bytes=99, optional=True),
    Text("PDP_addr", max_bytes=64, optional=True),
    Integer("d_comp", high=2, optional=True),
    Integer("h_comp", high=3, optional=True),
)


_FIELDS = ("kind", "apn", "address", "data_compression", "header_compression")
CGDCONT = Command(
    _NAME,
    "Define a packet context; with its number alone, forget it",
    source=f"{_SOURCE} 10.1.1",
    params=(_CID, *_PARAMS),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=lambda context: "\r\n".join(
        f'{_NAME}: (1-{_most(context)}),"{kind}",,,(0-2),(0-3)' for kind in radio(context).pdp_types
    ),
    is_setting=True,
)


@CGDCONT.write
def _define(context: Context, cid: int, *given: Value | None) -> None:
    if all(value is None for value in given):
        context.bearer.define(cid, None)
        return
    if given[0] is not None and given[0] not in radio(context).pdp_types:
        raise AtError(Cme.INCORRECT_PARAMETERS)
    before = context.bearer.definitions.get(cid, Definition())
    after = merged(given, _values(before))
    named: dict[str, Any] = dict(zip(_FIELDS, after, strict=True))
    context.bearer.define(cid, before._replace(**named))


def _values(definition: Definition) -> Values:
    return tuple(getattr(definition, name) for name in _FIELDS)


@CGDCONT.read
def _definitions(context: Context) -> list[str]:
    lines = []
    for cid, definition in sorted(context.bearer.definitions.items()):
        kind, *others = _values(definition)
        shown = [
            shown_value(param, value) for param, value in zip(_PARAMS[1:], others, strict=True)
        ]
        lines.append(f'{_NAME}: {cid},"{kind}",{",".join(shown)}')
    return lines


_SEVERAL = (
    Integer("cid", low=1, high=_most, optional=True),
    *(Integer(f"cid{n}", low=1, high=_most, optional=True) for n in range(2, 8)),
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
    """The contexts that the host names: all that there are where it names none."""
    return [cid for cid in cids if cid is not None] or context.bearer.known


@CGACT.write
def _activate(context: Context, state: int, *cids: int | None) -> None:
    bearer, named = context.bearer, _named(context, cids)
    if not state:
        bearer.end(named, Down.DEACTIVATED)
        return
    if not all(cid in bearer.known and bearer.can_raise(cid) for cid in named):
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    bearer.up.update(named)


@CGACT.read
def _activity(context: Context) -> list[str]:
    bearer = context.bearer
    return [f"+CGACT: {cid},{int(cid in bearer.up)}" for cid in bearer.known]


CGPADDR = Command(
    "+CGPADDR",
    "Addresses of packet contexts",
    source=f"{_SOURCE} 10.1.14",
    params=_SEVERAL,
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=lambda context: f"+CGPADDR: ({','.join(map(str, context.bearer.known))})",
)


@CGPADDR.write
@CGPADDR.execute
def _addresses(context: Context, *cids: int | None) -> list[str]:
    bearer = context.bearer
    return [
        f'+CGPADDR: {cid},"{bearer.address(cid)}"' if cid in bearer.up else f"+CGPADDR: {cid}"
        for cid in _named(context, cids)
        if cid in bearer.known
    ]


CGCONTRDP = Command(
    "+CGCONTRDP",
    "Active packet contexts: bearer, access point, address, name servers",
    source=f"{_SOURCE} 10.1.23",
    params=(_SEVERAL[0],),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text=lambda context: f"+CGCONTRDP: ({','.join(map(str, sorted(context.bearer.up)))})",
)


@CGCONTRDP.write
@CGCONTRDP.execute
def _dynamic(context: Context, named: int | None = None) -> list[str]:
    bearer, (first, second) = context.bearer, tcpip(context).dns
    return [
        f"+CGCONTRDP: {cid},{_FIRST_BEARER + place},"
        f'"{bearer.definitions.get(cid, Definition()).apn}",'
        f'"{bearer.address(cid)}",,"{first}","{second}"'
        for place, cid in enumerate(sorted(bearer.up))
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
