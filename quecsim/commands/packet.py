"""Packet contexts of the LTE modules' own TCP/IP: +QICSGP, +QIACT, +QIDEACT, +QIDNSCFG.

A context that is activated comes up with the address of the profile. Nothing is behind it.
"""

from quecsim.at.context import Context, is_registered, tcpip
from quecsim.at.effects import Sleep, Steps
from quecsim.at.keyed import Value, Values, merged, place_of_values, shown_value
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Integer, Param, Text
from quecsim.units import ms

SOURCE = "EC200U&EG915U TCP/IP Application Note V1.1"
_NAME = "+QICSGP"
_IPV6 = 2

CONTEXT = Integer("contextID", low=1, high=lambda context: tcpip(context).contexts)
_PARAMS: tuple[Param, ...] = (
    Integer("context_type", 1, 3, optional=True),
    Text("APN", max_bytes=99, optional=True),
    Text("username", max_bytes=127, optional=True),
    Text("password", max_bytes=127, optional=True),
    Integer("authentication", high=3, optional=True),
)
_NEW: Values = (1, "", "", "", 0)

QICSGP = Command(
    _NAME,
    "Parameters of a packet context; with its number alone, the query",
    SOURCE,
    (CONTEXT, *_PARAMS),
    is_tcpip=True,
)


def _place(number: int) -> str:
    return place_of_values(_NAME, "context", (number,))


def _configured(context: Context, number: int) -> Values:
    return context.session.get(_place(number), _NEW)


def _shown(values: Values) -> str:
    return ",".join(shown_value(param, value) for param, value in zip(_PARAMS, values, strict=True))


@QICSGP.write
def _configure(context: Context, number: int, *given: Value | None) -> str | None:
    if all(value is None for value in given):
        return f"{_NAME}: {_shown(_configured(context, number))}"
    if given[0] is None or given[1] is None:
        raise AtError
    context.session[_place(number)] = merged(given, _NEW)
    return None


@QICSGP.read
def _all(context: Context) -> list[str]:
    """Those that have been configured."""
    return [
        f"{_NAME}: {number},{_shown(_configured(context, number))}"
        for number in range(1, tcpip(context).contexts + 1)
        if _place(number) in context.session
    ]


QIACT = Command(
    "+QIACT",
    "Activate a packet context: it comes up, with nothing behind it",
    f"{SOURCE}; a second time is an error in logs of an EG800K",
    (CONTEXT,),
    is_tcpip=True,
)


@QIACT.write
def _activate(context: Context, number: int) -> Steps:
    active = context.bearers.active
    if number in active:
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)
    yield Sleep(ms(tcpip(context).activate_ms), "a packet context was being activated")
    is_ipv6 = _configured(context, number)[0] == _IPV6
    if is_ipv6 or not is_registered(context) or len(active) >= tcpip(context).active_contexts:
        raise AtError(tcpip=Tcpip.CONTEXT_FAILED)
    active.add(number)


@QIACT.read
def _addresses(context: Context) -> list[str]:
    """The network gives IPv4 addresses, also where both kinds are asked for."""
    return [
        f'+QIACT: {number},1,1,"{_address(context, number)}"'
        for number in sorted(context.bearers.active)
    ]


def _address(context: Context, number: int) -> str:
    """That of context 1, or one behind it."""
    lead, _, last = tcpip(context).address.rpartition(".")
    return f"{lead}.{(int(last) + number - 1) % 256}"


QIDEACT = Command(
    "+QIDEACT",
    "Deactivate a packet context; OK also where it is not active",
    SOURCE,
    (CONTEXT,),
    is_tcpip=True,
)


@QIDEACT.write
def _deactivate(context: Context, number: int) -> Steps:
    if number in context.bearers.active:
        yield Sleep(ms(tcpip(context).activate_ms), "a packet context was being deactivated")
        context.bearers.active.discard(number)


QIDNSCFG = Command(
    "+QIDNSCFG",
    "Name servers of an active packet context; with its number alone, the query",
    f"{SOURCE}; an error for a context that is not active, as in a capture of a BG770A",
    (CONTEXT, Text("pridnsaddr", optional=True), Text("secdnsaddr", optional=True)),
    is_tcpip=True,
)


@QIDNSCFG.write
def _name_servers(
    context: Context, number: int, first: str | None, second: str | None
) -> str | None:
    if number not in context.bearers.active:
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)
    place = place_of_values(QIDNSCFG.name, "context", (number,))
    before = context.session.get(place, tcpip(context).dns)
    if first is None:
        return f'{QIDNSCFG.name}: {number},"{before[0]}","{before[1]}"'
    context.session[place] = merged((first, second), before)
    return None


COMMANDS = (QICSGP, QIACT, QIDEACT, QIDNSCFG)
