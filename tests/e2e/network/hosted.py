"""A host at a device in virtual time, and servers of all kinds behind it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import serial
from msgspec.structs import replace

import quecsim
from quecsim.peers.caller_settings import CallerSettings
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from tests.e2e.network.host import Host
from tests.e2e.network.world import look_back

_GIVES_UP_S = 200


@contextmanager
def hosted(
    *services: Service,
    device: str = "ec200u",
    callers: Sequence[CallerSettings] = (),
    **options: Any,
) -> Iterator[Host]:
    """It is up, echoes nothing, and has its context; the run repeats from its record."""
    made = make_scenario(device, flash="instant", services=services, **options)
    made = replace(made, callers=tuple(callers))
    with ExitStack() as stack:
        opened = stack.enter_context(quecsim.open_virtual(scenario=made))
        port = serial.serial_for_url(opened.port, baudrate=115_200, timeout=_GIVES_UP_S)
        host = Host(stack.enter_context(port))
        host.command("ATE0")
        host.reads(b"ATE0\r\r\nOK\r\n")
        host.ask("AT+QIACT=1")
        yield host
    look_back(opened.events())
