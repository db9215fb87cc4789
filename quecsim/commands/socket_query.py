"""What the sockets of a device are at: +QISTATE and +QSSLSTATE."""

from collections.abc import Callable

from quecsim.at.context import Context
from quecsim.clients.socket import Socket
from quecsim.clients.socket_state import IS_CALLED, Kind, Service
from quecsim.commands.socket_table import sockets, used
from quecsim.profiles.schema import StateField


def states(
    context: Context, command: str, kind: Kind, wanted: Callable[[Socket], bool] = lambda _: True
) -> list[str]:
    """A line for each socket that is not free, and is `wanted`."""
    return [
        f"{command}: {_state(context, socket)}" for socket in used(context, kind) if wanted(socket)
    ]


def _state(context: Context, socket: Socket) -> str:
    profile = sockets(context)
    is_tls = socket.plan.service is Service.TLS
    fields = profile.tls_state_fields if is_tls else profile.state_fields
    local_port = 0 if is_tls and not profile.tls_local_port else socket.local_port
    values: dict[StateField, object] = {
        "id": socket.number,
        "service": f'"{socket.plan.service}"',
        "address": f'"{_address(context, socket)}"',
        "port": socket.plan.port,
        "local_port": local_port,
        "state": socket.state.value,
        "context": socket.plan.context,
        "server": socket.number if socket.plan.server is None else socket.plan.server,
        "mode": socket.mode.value,
        "at_port": f'"{context.port_name}"',
        "tls": socket.plan.tls,
    }
    return ",".join(str(values[field]) for field in fields)


def _address(context: Context, socket: Socket) -> str:
    """The other side's, or the device's own where it is called."""
    if socket.plan.service not in IS_CALLED:
        return socket.address
    if context.wlan is not None:
        return context.wlan.station.addresses.ip
    return context.bearer.address(socket.plan.context)
