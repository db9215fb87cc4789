"""What a live run is given of the real network: routes, permissions, a file for TLS's keys."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quecsim.errors import QuecsimError
from quecsim.live.network.doors import Doors, parse_door
from quecsim.live.network.keylog import KeylogFile
from quecsim.live.network.names import Names
from quecsim.live.network.routes import Permissions, parse_allowed, parse_route
from quecsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from quecsim.live.network.capture import Capture
    from quecsim.live.network.sockets import SocketsPeer


class NetworkOptions:
    """`routes`, `allowed` and `listen` are texts as on the command line
    (`quecsim.live.network.routes`, `quecsim.live.network.doors`). With `listens` also those of
    the device's ports can be called, at loopback, for which nothing is given.

    The routes of a `scenario` count too, where `uses_scenario` says so: a file that came from
    elsewhere opens no sockets by itself. `keylog` is where the keys of TLS go, `pcapng` where all
    packets (`quecsim.live.network.capture`). Raises QuecsimError
    for what is no route or cannot be allowed, and for a real network in a run with another time.
    """

    def __init__(
        self,
        scenario: Scenario,
        routes: Sequence[str] = (),
        allowed: Sequence[str] = (),
        listen: Sequence[str] = (),
        *,
        listens: bool = False,
        uses_scenario: bool = False,
        keylog: str | Path | None = None,
        pcapng: str | Path | None = None,
    ) -> None:
        given = [parse_route(text) for text in routes]
        if uses_scenario:
            texts = (f"{_host(one.name)}:{one.port}={one.to}" for one in scenario.routes)
            given += [parse_route(text, where=f"scenario {scenario.name}") for text in texts]
        self.permissions = Permissions(given, map(parse_allowed, allowed))
        has_own_time = scenario.line.time_scale != 1.0
        doors = [parse_door(text) for text in listen]
        self.doors = Doors(doors, self.permissions, is_open=listens and not has_own_time)
        self._keylog = None if keylog is None else KeylogFile(keylog)
        if (self.permissions or self.doors) and has_own_time:
            raise QuecsimError(
                "a real network has real time, and this run another one (time_scale)",
                hint="leave time_scale out, or give the device a server in process: [[service]]",
            )

        self.capture = None if pcapng is None else _new_capture(pcapng, scenario)

    def sockets(self, names: Names, tell: Callable[[str], None]) -> "SocketsPeer":
        """The peer that has the sockets, for a device that knows `names`."""
        from quecsim.live.network.sockets import SocketsPeer

        writers = [] if self._keylog is None else [self._keylog.writer(tell)]
        talk: dict[str, Any] = {}
        if (capture := self.capture) is not None:
            from quecsim.live.network.tapped_socket import tapped_for

            writers.append(capture.add_secrets)
            talk = {"socket_for": partial(tapped_for, capture), "note": capture.note}
        keylog = _to_each(writers) if writers else None
        return SocketsPeer(
            self.permissions, names=names, doors=self.doors, tell=tell, keylog=keylog, **talk
        )


def _new_capture(path: str | Path, scenario: Scenario) -> "Capture":
    try:
        from quecsim.live.network.capture import Capture
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("quecsim"):
            raise
        hint = "pip install 'quecsim[report]'"
        raise QuecsimError(f"--pcapng needs {error.name}", hint=hint) from None
    return Capture(path, f"scenario {scenario.name}")


def _to_each(writers: Sequence[Callable[[bytes], None]]) -> Callable[[bytes], None]:
    def write(line: bytes) -> None:
        for each in writers:
            each(line)

    return write


def _host(name: str) -> str:
    return f"[{name}]" if ":" in name else name
