"""What a device's servers in process were asked and given: `DeviceActions` has all of it."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager

import msgspec

from quecsim.errors import QuecsimError
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.http_view import WebRequest
from quecsim.peers.served import Served
from quecsim.peers.service import Service
from quecsim.run.device_run import DeviceRun
from quecsim.run.network_view import place_text


class RequestState(WebRequest, frozen=True, kw_only=True):
    """A request to the server `host`:`port`."""

    host: str
    port: int


class ServerActions:
    """Look at a device's servers. Raises QuecsimError for what cannot be."""

    _run: DeviceRun

    @abstractmethod
    def _looking(self) -> AbstractContextManager[int]:
        """See `DeviceActions`."""

    def requests(self, service: str | None = None) -> list[RequestState]:
        """What the scenario's HTTP servers were asked and have answered, oldest first; of each the
        last 200. `service` is that of one ("HOST:PORT", or its name alone).
        """
        found: list[RequestState] = []
        with self._looking():
            for (host, port), server in _of_kinds(self._run.served, ("http",), service):
                from quecsim.peers.http_server import HttpServer  # it is there: h11 is, too

                assert isinstance(server, HttpServer)
                found += (
                    RequestState(host=host, port=port, **msgspec.structs.asdict(each))
                    for each in server.requests
                )
        return sorted(found, key=lambda each: each.at_ns)

    def server_files(self, service: str | None = None) -> dict[str, bytes]:
        """What somebody has stored at the scenario's HTTP server, by path; or all that its FTP
        server has. `service` says at which ("HOST:PORT", or its name alone); None: the only one.
        """
        with self._looking():
            found = _of_kinds(self._run.served, ("http", "ftp"), service)
            if len(found) > 1:
                there = ", ".join(place_text(*place) for place, _ in found)
                raise QuecsimError("which server?", hint=f"there are: {there}")
            ((_, server),) = found
            if isinstance(server, FtpServer):
                return server.files
            from quecsim.peers.http_server import HttpServer

            assert isinstance(server, HttpServer)
            return dict(server.stored)


def _of_kinds(
    served: Served | None, kinds: tuple[str, ...], service: str | None
) -> list[tuple[tuple[str, int], Service]]:
    """The servers of these kinds, or those that `service` names. Raises QuecsimError: none."""
    known = dict(_all(served, kinds))
    words = " or ".join(kind.upper() for kind in kinds)
    if not known:
        raise QuecsimError(
            f"this device has no {words} server in process",
            hint=f'give it one: services=[{{"kind": "{kinds[0]}", "host": ...}}], or [[service]]',
        )
    wanted = None if service is None else service.lower()
    found = [
        (place, server)
        for place, server in known.items()
        if wanted in (None, place[0], place_text(*place))
    ]
    if not found:
        there = ", ".join(place_text(*place) for place in known)
        raise QuecsimError(f"there is no {words} server {service}", hint=f"there are: {there}")
    return found


def _all(
    served: Served | None, kinds: tuple[str, ...]
) -> Iterator[tuple[tuple[str, int], Service]]:
    offers = {} if served is None else served.offers
    for place in sorted(offers):
        if offers[place].service.kind in kinds:
            yield place, offers[place].service
