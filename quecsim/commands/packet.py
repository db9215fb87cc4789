"""Packet contexts of the LTE modules' own TCP/IP: +QICSGP, +QIACT, +QIDEACT, +QIDNSCFG.

A context that is activated comes up with an address of the profile (`at.bearer`).
"""

from quecsim.at.activation import activation
from quecsim.at.bearer import IPV6, Definition
from quecsim.at.context import Context, tcpip
from quecsim.at.effects import Sleep, Steps
from quecsim.at.keyed import Values, merged, place_of_values, shown_value
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Integer, Param, Text
from quecsim.clients.socket import Socket
from quecsim.units import ms

SOURCE = "EC200U&EG915U TCP/IP Application Note V1.1"
_NAME = "+QICSGP"

CONTEXT = Integer("contextID", low=1, high=lambda context: tcpip(context).contexts)
_PARAMS: tuple[Param, ...] = (
    Integer("context_type", 1, 3, optional=True),
    Text("APN", max_bytes=99, optional=True),
    Text("username", max_bytes=127, optional=True),
    Text("password", max_bytes=127, optional=True),
    Integer("authentication", high=3, optional=True),
)

QICSGP = Command(
    _NAME,
    "Parameters of a packet context; with its number alone, the query",
    SOURCE,
    (CONTEXT, *_PARAMS),
    is_tcpip=True,
)


_TYPES = ("IP", IPV6, "IPV4V6")  # <context_type> 1 to 3, in the words of +CGDCONT


def _shown(definition: Definition) -> str:
    values: Values = (
        _TYPES.index(definition.kind) + 1,
        definition.apn,
        definition.user,
        definition.password,
        definition.authentication,
    )
    return ",".join(shown_value(param, value) for param, value in zip(_PARAMS, values, strict=True))


@QICSGP.write
def _configure(
    context: Context,
    number: int,
    kind: int | None,
    apn: str | None,
    user: str | None,
    password: str | None,
    authentication: int | None,
) -> str | None:
    """The same context as +CGDCONT's; what is left out is none."""
    bearer = context.bearer
    before = bearer.definitions.get(number, Definition())
    if (kind, apn, user, password, authentication) == (None,) * 5:
        return f"{_NAME}: {_shown(before)}"
    if kind is None or apn is None:
        raise AtError
    after = before._replace(
        kind=_TYPES[kind - 1],
        apn=apn,
        user=user or "",
        password=password or "",
        authentication=authentication or 0,
    )
    bearer.define(number, after)
    return None


@QICSGP.read
def _all(context: Context) -> list[str]:
    """Those that are defined."""
    top = tcpip(context).contexts
    definitions = sorted(context.bearer.definitions.items())
    return [f"{_NAME}: {number},{_shown(one)}" for number, one in definitions if number <= top]


QIACT = Command(
    "+QIACT",
    "Activate a packet context for TCP/IP",
    f"{SOURCE}; a second time is an error in logs of an EG800K",
    (CONTEXT,),
    is_tcpip=True,
)


@QIACT.write
def _activate(context: Context, number: int) -> Steps:
    error = yield from activation(context, number)
    if error is not Tcpip.NONE:
        raise AtError(tcpip=error)


@QIACT.read
def _addresses(context: Context) -> list[str]:
    """The network gives IPv4 addresses, also where both kinds are asked for."""
    bearer = context.bearer
    return [f'+QIACT: {number},1,1,"{bearer.address(number)}"' for number in sorted(bearer.used)]


QIDEACT = Command(
    "+QIDEACT",
    "Deactivate a packet context; OK also where it is not active",
    SOURCE,
    (CONTEXT,),
    is_tcpip=True,
)


@QIDEACT.write
def _deactivate(context: Context, number: int) -> Steps:
    if context.bearer.is_up(number):
        yield Sleep(ms(tcpip(context).activate_ms), "a packet context was being deactivated")
    context.bearer.deactivate(number)
    for client in list(context.clients.values()):
        if isinstance(client, Socket) and client.plan.context == number:
            client.abort()


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
    if not context.bearer.is_up(number):
        raise AtError(tcpip=Tcpip.NOT_ALLOWED)
    place = place_of_values(QIDNSCFG.name, "context", (number,))
    before = context.session.get(place, tcpip(context).dns)
    if first is None:
        return f'{QIDNSCFG.name}: {number},"{before[0]}","{before[1]}"'
    context.session[place] = merged((first, second), before)
    return None


COMMANDS = (QICSGP, QIACT, QIDEACT, QIDNSCFG)
