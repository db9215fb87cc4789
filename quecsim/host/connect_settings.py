"""The settings of the module's TLS context and of its MQTT client, before a connection.

set_up(run)         all of them; a certificate's file is only named here, and read by AT+QMTOPEN
"""

from quecsim.host.connect_base import CLIENT, CONTEXT_ID, ConnectRun
from quecsim.host.connect_plan import ConnectPlan, Stage

TLS_CONTEXT = 0
PACKET_S, RETRIES = 10, 3
"""How long the module waits for the broker's answer, and how often it asks again."""

_TLS_1_2, _ALL_SUITES = 4, "0XFFFF"
_SERVER_ALONE, _BOTH_ENDS = 1, 2
_MQTT_3_1_1 = 4


def set_up(run: ConnectRun) -> bool:
    """Every setting that matters, whatever was set before."""
    run.begin(Stage.SETTINGS)
    return (
        all(map(run.set, _tls(run.plan))) and _name_host(run) and all(map(run.set, _mqtt(run.plan)))
    )


def _tls(plan: ConnectPlan) -> list[str]:
    """The TLS context: which certificates, and how strict."""
    if not plan.tls:
        return []
    level = _SERVER_ALONE if plan.client_cert is None else _BOTH_ENDS
    values: dict[str, str | int] = {
        "sslversion": _TLS_1_2,
        "ciphersuite": _ALL_SUITES,
        "seclevel": level,
        "cacert": f'"{plan.cacert}"',
        "ignorelocaltime": int(not plan.checks_time),
    }
    if plan.client_cert is not None:
        values |= {"clientcert": f'"{plan.client_cert}"', "clientkey": f'"{plan.client_key}"'}
    return [f'AT+QSSLCFG="{key}",{TLS_CONTEXT},{value}' for key, value in values.items()]


def _name_host(run: ConnectRun) -> bool:
    """SNI, which older firmware does not have: a broker with a name of its own works without."""
    if not run.plan.tls:
        return True
    reply = run.client.command(f'AT+QSSLCFG="sni",{TLS_CONTEXT},{int(run.plan.sni)}')
    if run.plan.sni and not reply.ok:
        run.result.notes.append(
            f"the module does not take SNI ({reply.explained}): "
            "a broker that shares its address with others may show a wrong certificate"
        )
    return True


def _mqtt(plan: ConnectPlan) -> list[str]:
    """The client: version, way, time-outs, and messages in whole with their length."""
    ssl = f"1,{TLS_CONTEXT}" if plan.tls else "0"
    values = {
        "version": f"{_MQTT_3_1_1}",
        "pdpcid": f"{CONTEXT_ID}",
        "ssl": ssl,
        "session": "1",
        "timeout": f"{PACKET_S},{RETRIES},0",
        "recv/mode": "0,1",
    }
    return [f'AT+QMTCFG="{key}",{CLIENT},{value}' for key, value in values.items()]
