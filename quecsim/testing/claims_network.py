"""The host of a claim that goes to the broker, before the upload or after it."""

import re
import time
from collections.abc import Callable
from typing import Any

from quecsim.host.bearer import activate, has_commands, register
from quecsim.host.broker import ANSWER_S, OPEN_S, Session
from quecsim.host.connect import connect
from quecsim.host.connect_base import ALARMS
from quecsim.host.connect_plan import ConnectPlan
from quecsim.host.connect_settings import TLS_CONTEXT, set_up
from quecsim.host.conversation import Conversation
from quecsim.scenario.network import BrokerClaim, Service
from quecsim.scenario.schema import Claim, Scenario

CLIENT_CERT, CLIENT_KEY = "UFS:client.pem", "UFS:client.key"
_TWIN = 1
_TWIN_OPENED = re.compile(rf"\+QMTOPEN: ?{_TWIN},0")
_TWIN_CONNECTED = re.compile(rf"\+QMTCONN: ?{_TWIN},0,0")
_WATCH_S = 20.0  # how long the host looks what still comes

Step = Callable[[Any], None]
"""Something that a host does with its port."""


def steps(scenario: Scenario, claim: Claim) -> tuple[Step | None, Step | None]:
    """What the claim's host does before its upload, and after it."""
    broker = claim.broker
    if broker is None:
        return None, None
    service = next(one for one in scenario.services if one.kind == "mqtt")
    plan = _plan(service, claim, broker)
    if broker.when == "after" and not broker.twin:
        return None, lambda port: _go(port, plan)
    if broker.twin:
        return None, lambda port: _go_twice(port, plan, service)
    return lambda port: _begin(port, plan), lambda _port: time.sleep(_WATCH_S)


def _plan(service: Service, claim: Claim, broker: BrokerClaim) -> ConnectPlan:
    has_tls = service.tls is not None
    return ConnectPlan(
        service.host,
        service.port,
        cacert=claim.file if has_tls and broker.when == "after" else None,
        client_cert=CLIENT_CERT if broker.client else None,
        client_key=CLIENT_KEY if broker.client else None,
        checks_time=broker.checks_time,
        subscribe=broker.subscribe or None,
    )


def _go(port: Any, plan: ConnectPlan) -> None:
    connect(port, plan, sleep=time.sleep)


def _session(port: Any, plan: ConnectPlan) -> Session:
    """A client that is let in; or not, which is no matter here: the record knows."""
    session = Session(
        Conversation(port, sleep=time.sleep, alarms=ALARMS), plan, lambda _stage: None
    )
    _ = (
        has_commands(session)
        and register(session)
        and activate(session)
        and set_up(session)
        and session.open()
        and session.log_in()
    )
    return session


def _begin(port: Any, plan: ConnectPlan) -> None:
    """Stay connected while the file goes up."""
    session = _session(port, plan)
    if session.result.connected and plan.subscribe is not None:
        session.subscribe(plan.subscribe)


def _go_twice(port: Any, plan: ConnectPlan, service: Service) -> None:
    """Another client of the module comes with the same name."""
    session = _session(port, plan)
    client = session.client
    client.command(f'AT+QMTCFG="ssl",{_TWIN},{int(service.tls is not None)},{TLS_CONTEXT}')
    opening = f'AT+QMTOPEN={_TWIN},"{plan.host}",{plan.port}'
    client.request(opening, _TWIN_OPENED, OPEN_S)
    client.request(f'AT+QMTCONN={_TWIN},"{plan.client_id}"', _TWIN_CONNECTED, ANSWER_S)
    time.sleep(_WATCH_S)
