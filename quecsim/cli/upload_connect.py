"""`quecsim upload --then-connect`: its options, the plan that they make, and what is said of it.

The connection itself is `quecsim.host.connect`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quecsim.cli import screen
from quecsim.cli.values import seconds
from quecsim.cli.words import option
from quecsim.errors import QuecsimError

if TYPE_CHECKING:
    from quecsim.host.connect_plan import ConnectPlan, ConnectResult, Publication, Stage
    from quecsim.host.plan import UploadPlan, UploadResult
    from quecsim.host.port import Port

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    option(
        "--then-connect",
        metavar="HOST:PORT",
        help="LTE modules: then connect to this MQTT broker by the module's own client, with FILE "
        "as the CA certificate, and say what came of it.",
    ),
    option("--no-tls", is_flag=True, help="Connect by plain TCP; FILE is then only uploaded."),
    option("--client-cert", metavar="NAME", help="The client's certificate, a file on the module."),
    option("--client-key", metavar="NAME", help="Its key, a file on the module."),
    option(
        "--check-time", is_flag=True, help="The module compares certificates with its own clock."
    ),
    option("--no-sni", is_flag=True, help="Do not name HOST in the handshake."),
    option("--apn", metavar="APN", help="The access point.  [default: as the module has it]"),
    option("--apn-user", metavar="NAME", help="The access point's user name."),
    option(
        "--apn-password",
        metavar="TEXT",
        envvar="QUECSIM_APN_PASSWORD",
        help="The access point's password.",
    ),
    option("--client-id", metavar="NAME", help="The client's name at the broker.  [quecsim]"),
    option("--user", metavar="NAME", help="The user name at the broker."),
    option(
        "--password",
        metavar="TEXT",
        envvar="QUECSIM_MQTT_PASSWORD",
        help="The password for --user; better in the variable QUECSIM_MQTT_PASSWORD.",
    ),
    option("--subscribe", metavar="TOPIC", help="Subscribe, and wait for a message."),
    option(
        "--publish",
        metavar="TOPIC=TEXT",
        help="Publish; the broker has to acknowledge it. With --subscribe it has to come back.",
    ),
    option(
        "--network-timeout",
        type=seconds("1", "3600", unit="s"),
        help="How long the module may look for its network.  [60s]",
    ),
    option(
        "--message-timeout",
        type=seconds("1", "86400", unit="s"),
        help="How long a message may take.  [30s]",
    ),
)
_FIELDS = {  # of the plan, by the option's name
    "client_cert": "client_cert",
    "client_key": "client_key",
    "apn": "apn",
    "apn_user": "apn_user",
    "apn_password": "apn_password",
    "client_id": "client_id",
    "user": "user",
    "password": "password",
    "subscribe": "subscribe",
    "network_timeout": "registration_s",
    "message_timeout": "message_s",
}
_SLOW = ("REGISTRATION", "CONTEXT", "OPEN", "MESSAGE")
_ONLY_WITH = ("no_tls", "check_time", "no_sni", "publish", *_FIELDS)


def connect_options(function: Function) -> Function:
    """All of them, for the help in this order."""
    for add in reversed(_OPTIONS):
        function = add(function)
    return function


def connect_plan(options: Mapping[str, Any], upload: "UploadPlan") -> "ConnectPlan | None":
    """The plan that the options describe; None without --then-connect.

    Raises QuecsimError for what cannot be, and for options that need --then-connect.
    """
    if options["then_connect"] is None:
        _check_alone(options)
        return None
    from quecsim.host.connect_plan import ConnectPlan

    if upload.via.startswith("qfotadl"):
        hint = "leave it out: a firmware package is no certificate"
        raise QuecsimError(f"--then-connect makes no sense with --via {upload.via}", hint=hint)
    host, port = _broker(options["then_connect"])
    given = {field: options[name] for name, field in _FIELDS.items() if options[name] is not None}
    if options["user"] is None:
        _drop_environment(given, "password")
    if options["apn"] is None:
        _drop_environment(given, "apn_password")
    return ConnectPlan(
        host,
        port,
        cacert=None if options["no_tls"] else upload.name,
        checks_time=options["check_time"],
        sni=not options["no_sni"] and not _is_address(host),
        publish=None if options["publish"] is None else _publication(options["publish"]),
        **given,
    )


def connect(port: "Port", plan: "ConnectPlan", uploaded: "UploadResult") -> "ConnectResult | None":
    """Do it, where the upload went well; stages and notes go to standard error."""
    if not uploaded.ok:
        screen.aside(f"{plan.where}: not tried, for the upload fell short")
        return None
    from dataclasses import replace

    from quecsim.host.connect import connect as run

    plan = replace(plan, is_verified=uploaded.verified)
    result = run(port, plan, partial(_tell, plan.where))
    for note in result.notes:
        screen.aside(f"note: {note}")
    return result


def _tell(where: str, stage: "Stage") -> None:
    """A stage begins: told where it may take a while."""
    if stage.name in _SLOW:
        screen.aside(f"{where}: {stage} ...")


def as_line(result: "ConnectResult") -> str:
    """The result in one line for people."""
    from quecsim.render.layout import counted

    where = f"{result.host}:{result.port}"
    if result.failure is not None:
        advice = f" -> {result.advice}" if result.advice else ""
        return f"{where}: failed: {result.failure}{advice}"
    how = "over TLS" if result.tls else "without TLS"
    parts = [f"connected {how} as {result.client_id}"]
    if result.published_bytes is not None:
        parts.append(f"{counted(result.published_bytes, 'byte')} published")
    if result.received is not None:
        parts.append(f"a message on {result.received.topic}: {result.received.text!r}")
    return f"{where}: {', '.join(parts)}"


def as_fields(result: "ConnectResult | None") -> dict[str, Any] | None:
    """The result for JSON: the fields of ConnectResult, and `ok`."""
    from dataclasses import asdict

    return None if result is None else {"ok": result.ok, **asdict(result)}


def _check_alone(options: Mapping[str, Any]) -> None:
    """Nothing that is about a connection; a password in the environment does not count."""
    ctx = click.get_current_context()
    for name in _ONLY_WITH:
        source = ctx.get_parameter_source(name)
        if source is click.core.ParameterSource.COMMANDLINE and options[name]:
            hint = "give --then-connect HOST:PORT too, or leave it out"
            word = f"--{name.replace('_', '-')}"
            raise QuecsimError(f"{word} makes no sense without --then-connect", hint=hint)


def _drop_environment(given: dict[str, Any], name: str) -> None:
    """A password of the environment is for those who need one."""
    source = click.get_current_context().get_parameter_source(name)
    if source is click.core.ParameterSource.ENVIRONMENT:
        given.pop(name, None)


def _broker(text: str) -> tuple[str, int]:
    """HOST:PORT in its parts."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdigit()) or len(port) > 5:
        hint = "give it as HOST:PORT, broker.example:8883 say"
        raise QuecsimError(f"--then-connect {text} is no broker", hint=hint)
    return host, int(port)


def _publication(text: str) -> "Publication":
    """TOPIC=TEXT in its parts."""
    from quecsim.host.connect_plan import Publication

    topic, equals, message = text.partition("=")
    if not equals:
        hint = "give it as TOPIC=TEXT, test/quecsim=hello say"
        raise QuecsimError(f"--publish {text} has no text", hint=hint)
    return Publication(topic, message)


def _is_address(host: str) -> bool:
    """Whether `host` is an address: SNI has names only."""
    from ipaddress import ip_address

    try:
        ip_address(host)
    except ValueError:
        return False
    return True
