"""The module goes to an MQTT broker by itself: from the network to a message that was acknowledged.

    connect(port, plan)     does it; returns a ConnectResult, whatever went wrong

The steps are in `bearer` (network), `connect_settings` (TLS, MQTT) and `broker` (the dialogue).
"""

import time
from collections.abc import Callable

from quecsim.host.at_client import PortError
from quecsim.host.bearer import activate, has_commands, register
from quecsim.host.broker import Session
from quecsim.host.connect_base import ALARMS, Told
from quecsim.host.connect_plan import ConnectPlan, ConnectResult, Message, Publication, Stage
from quecsim.host.connect_settings import set_up
from quecsim.host.conversation import Conversation
from quecsim.host.port import Port
from quecsim.host.uploader import Interrupted

__all__ = ["ConnectPlan", "ConnectResult", "Message", "Publication", "Stage", "connect"]


def connect(
    port: Port,
    plan: ConnectPlan,
    told: Told | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> ConnectResult:
    """Do as `plan` says through `port`, which open_port() made; every wait is bounded.

    `told` is called with each stage as it begins. `sleep` waits for a number of seconds. Raises
    Interrupted on Ctrl-C, and nothing for what the line or the network does.
    """
    client = Conversation(port, sleep=sleep, alarms=ALARMS)
    session = Session(client, plan, told or _nobody)
    try:
        if has_commands(session) and register(session) and activate(session):
            session.clear()
            _ = set_up(session) and session.run()
        session.leave()
    except PortError as error:
        session.fail(f"{error} ({session.result.stage})", "try again")
        client.forget_output()  # else closing the port waits for it
    except KeyboardInterrupt:
        raise Interrupted(_left(session)) from None
    return session.result


def _left(session: Session) -> str:
    """In what state the module was left."""
    if session.is_stuck:
        return "the module may still wait for the rest of a message"
    perhaps = f", perhaps still connected to {session.plan.where}" if session.is_open else ""
    return f"the module is in command mode{perhaps}"


def _nobody(_stage: Stage) -> None:
    """Tells nobody."""
