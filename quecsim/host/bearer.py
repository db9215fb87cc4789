"""The module's way into the network: its commands, registration, packet context.

has_commands(run)       it can do what is wanted at all
register(run)           it is registered for packet service
activate(run)           its packet context is up, with the access point that was asked for
"""

import re

from quecsim.host.at_client import COMMAND_S, Patience
from quecsim.host.connect_base import CONTEXT_ID, ConnectRun
from quecsim.host.connect_plan import Stage
from quecsim.host.reach import no_answer, reach

AT_HOME, ROAMING = 1, 5
POLL_S = 1.0
ACTIVATE_S, DEACTIVATE_S = 155.0, 45.0  # the manuals' 150 s and 40 s, and some to spare
NO_PASSWORD, PAP = 0, 1
_REGISTRATION = re.compile(r"\d,(\d+)(,.*)?")
_CONTEXT = re.compile(rf'{CONTEXT_ID},1,\d,"([^"]*)".*')
_ACCESS_POINT = re.compile(r'\d,"([^"]*)".*')
_STANDINGS = {
    0: "not registered, and it does not look for a network",
    2: "not registered, it still looks for a network",
    3: "the network refuses it",
    4: "it does not know",
}
_NO_NETWORK = "check the antenna, the SIM and its contract; AT+COPS? and AT+CSQ say more"


def has_commands(run: ConnectRun) -> bool:
    """Ask for the commands that are needed, by their test forms."""
    run.begin(Stage.COMMANDS)
    client = run.client
    if not reach(client, run.result.notes):
        return run.fail(no_answer(client))
    client.command("ATE0")
    client.command("AT+CMEE=1")
    wanted = ["AT+QMTOPEN", "AT+QIACT", *(["AT+QSSLCFG"] if run.plan.tls else [])]
    missing = [name for name in wanted if not client.command(f"{name}=?").ok]
    return not missing or run.fail(
        f"the module does not have {', '.join(missing)}",
        "--then-connect speaks to LTE modules, as the EC200U; a GSM module has no MQTT, "
        "and a Wi-Fi module has to join a network first (AT+QSTAAPINFO)",
    )


def register(run: ConnectRun) -> bool:
    """Wait until the SIM is ready and the network has taken the module in."""
    run.begin(Stage.REGISTRATION)
    patience = Patience(run.plan.registration_s)
    while not (_has_sim(run) and _is_registered(run)):
        if patience.over:
            return _not_registered(run)
        run.client.sleep(POLL_S)
        patience.spend(POLL_S)
    return True


def activate(run: ConnectRun) -> bool:
    """Have the packet context up; one of another access point is put away first."""
    run.begin(Stage.CONTEXT)
    plan, client = run.plan, run.client
    if plan.apn is not None and plan.apn != _access_point(run):
        client.command(f"AT+QIDEACT={CONTEXT_ID}", DEACTIVATE_S)
        user, password = plan.apn_user or "", plan.apn_password or ""
        how = PAP if user else NO_PASSWORD
        told = f'AT+QICSGP={CONTEXT_ID},1,"{plan.apn}","{user}","{password}",{how}'
        if not run.set(told, "check --apn"):
            return False
    if _find_address(run):
        return True
    reply = client.command(f"AT+QIACT={CONTEXT_ID}", ACTIVATE_S)
    if reply.final and not reply.ok:  # one that the network has ended must be put away first
        client.command(f"AT+QIDEACT={CONTEXT_ID}", DEACTIVATE_S)
        reply = client.command(f"AT+QIACT={CONTEXT_ID}", ACTIVATE_S)
    if not reply.ok:
        return run.refused(reply, f"{_last_error(run)}give --apn as your operator has it")
    return _find_address(run) or run.fail(
        f"AT+QIACT={CONTEXT_ID} was OK, and AT+QIACT? has no address", "restart the module"
    )


def _has_sim(run: ConnectRun) -> bool:
    """Whether the SIM is ready. A module that cannot tell is taken at its registration."""
    reply = run.client.command("AT+CPIN?")
    return reply.info("+CPIN:") == ["READY"] or reply.final == "ERROR"


def _is_registered(run: ConnectRun) -> bool:
    """Ask by the first command that the module has; note what it says."""
    for name in ("+CEREG", "+CGREG", "+CREG"):
        reply = run.client.command(f"AT{name}?")
        states = [
            state for line in reply.info(f"{name}:") if (state := _REGISTRATION.fullmatch(line))
        ]
        if states:
            run.result.registration = int(states[-1][1])
            if run.result.registration in (AT_HOME, ROAMING):
                return True
    return False


def _not_registered(run: ConnectRun) -> bool:
    """Say what is missing."""
    waited = f"after {run.plan.registration_s} s"
    reply = run.client.command("AT+CPIN?")
    if (said := reply.info("+CPIN:")) not in ([], ["READY"]):
        return run.fail(f"the SIM is not ready {waited}: {said[0]}", "unlock it, by AT+CPIN")
    if reply.cme is not None:
        return run.fail(f"the SIM is not ready {waited}: {reply.explained}", "is there one in it?")
    state = run.result.registration
    standing = "it does not say" if state is None else _STANDINGS.get(state, f"state {state}")
    return run.fail(f"the module has no network {waited}: {standing}", _NO_NETWORK)


def _access_point(run: ConnectRun) -> str | None:
    """The access point as it is defined now."""
    reply = run.client.command(f"AT+QICSGP={CONTEXT_ID}")
    found = [match[1] for line in reply.info("+QICSGP:") if (match := _ACCESS_POINT.match(line))]
    return found[-1] if found else None


def _find_address(run: ConnectRun) -> bool:
    """Whether the packet context is up; note its address."""
    reply = run.client.command("AT+QIACT?")
    found = [match[1] for line in reply.info("+QIACT:") if (match := _CONTEXT.fullmatch(line))]
    run.result.address = found[-1] if found else None
    return bool(found)


def _last_error(run: ConnectRun) -> str:
    """What AT+QIGETERROR says: `561,open PDP context failed; `, or nothing."""
    said = run.client.command("AT+QIGETERROR", COMMAND_S).info("+QIGETERROR:")
    return f"{said[0]}; " if said else ""
