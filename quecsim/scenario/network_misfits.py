"""What cannot be in a scenario about its servers, names and callers: see `misfits`."""

from collections.abc import Iterator, Sequence
from typing import get_args

import msgspec

from quecsim.peers.served import plain_host
from quecsim.scenario.misfit import KEY, Misfit
from quecsim.scenario.network import Kind, Service
from quecsim.scenario.schema import ScenarioFile

_DEFAULTS = {
    field.name: field.default for field in msgspec.structs.fields(Service) if field.name != "kind"
}


def network_misfits(scenario: ScenarioFile) -> Iterator[Misfit]:
    """(key of the scenario, message, hint) for each."""
    places = [f"{plain_host(one.host)}, port {one.port}" for one in scenario.services]
    for index in _again(places):
        message = f"{KEY}: there is a server at {places[index]} already"
        yield ("service", index), message, "Leave one of them out, or give it another port."
    for index, service in enumerate(scenario.services):
        yield from _service(index, service)
    hosts = [plain_host(one.host) for one in scenario.names]
    for index in _again(hosts):
        message = f"{KEY}: the addresses of {hosts[index]} are given already"
        yield ("name", index, "host"), message, "Put all of them into one [[name]]."


def _service(index: int, service: Service) -> Iterator[Misfit]:
    for kind in get_args(Kind):
        if kind != service.kind and getattr(service, kind) != _DEFAULTS[kind]:
            message = f'{KEY} is for another kind than "{service.kind}"'
            yield ("service", index, kind), message, f'Leave it out, or say kind = "{kind}".'
    if service.tls is not None and service.protocol == "udp":
        message = f"{KEY} cannot be: the server is reached by datagrams, which have no TLS here"
        yield ("service", index, "tls"), message, "Leave tls out."
    for word in ("implicit", "requires_tls"):
        if getattr(service.ftp, word) and service.tls is None and service.kind == "ftp":
            message = f"{KEY}: this server has no TLS"
            yield ("service", index, "ftp", word), message, "Give it some: tls = {}."
    for at, step in enumerate(service.udp.steps):
        if step.ends:
            message = f"{KEY}: datagrams have no connection that a step could end"
            yield ("service", index, "udp", "steps", at, "ends"), message, "Leave ends out."


def _again(values: Sequence[str]) -> Iterator[int]:
    """Where a value stands that stood before."""
    return (index for index, value in enumerate(values) if value in values[:index])
