"""`quecsim ctl network`: the network of a running simulator, and trouble in it on demand."""

from typing import TYPE_CHECKING, Any

import click

from quecsim.cli import complete, screen
from quecsim.cli.ctl_client import as_json_option, asked, show, steered
from quecsim.cli.ctl_servers import COMMANDS
from quecsim.cli.words import Group
from quecsim.errors import QuecsimError, printable
from quecsim.units import S

if TYPE_CHECKING:
    from quecsim.peers.mqtt_view import BrokerClient
    from quecsim.run.network_view import BrokerState, LinkState, NetworkState, PacketContext

_MOST_NOTES = 20  # of the last; JSON has all of them

_service = click.option(
    "--service",
    metavar="HOST:PORT",
    shell_complete=complete.brokers,
    help="The broker that is meant, where there are several.",
)


@click.group(cls=Group, invoke_without_command=True)
@as_json_option
@click.pass_context
def network(ctx: click.Context, as_json: bool) -> int:
    """How the device stands with its network: registration, packet contexts, clock, connections,
    clients, and what it may reach.
    """
    if ctx.invoked_subcommand is not None:
        if as_json:
            raise QuecsimError(
                "--json stands behind the command", hint="ctl network brokers --json"
            )
        return 0
    with asked() as client:
        found = client.network()
    _show_records(found, as_json=as_json, text=_network_text)
    return 0


@network.command("lose-registration")
@as_json_option
def lose_registration(as_json: bool) -> int:
    """There is no network any more, until find-network; say how the device stands."""
    with steered() as client:
        standing = client.lose_registration()
    show({"registration": standing}, as_json=as_json, text=lambda found: str(found["registration"]))
    return 0


@network.command("find-network")
@as_json_option
def find_network(as_json: bool) -> int:
    """There is a network again; say how the device stands, which takes its time to find it."""
    with steered() as client:
        standing = client.find_network()
    show({"registration": standing}, as_json=as_json, text=lambda found: str(found["registration"]))
    return 0


@network.command("drop-bearer")
@click.argument("context", type=click.IntRange(1), required=False)
@as_json_option
def drop_bearer(context: int | None, as_json: bool) -> int:
    """The network takes the packet contexts of the device's TCP/IP away, or the one of that number;
    exit code 1 if none was active.
    """
    with steered() as client:
        gone = client.drop_bearer(context)
    show({"contexts": gone}, as_json=as_json, text=_contexts_text)
    if not gone and not as_json:
        screen.message("no packet context was active")
    return 0 if gone else 1


def _contexts_text(found: dict[str, list[int]]) -> str:
    return "\n".join(f"context {number}" for number in found["contexts"])


@network.command("kill")
@click.argument("link", type=click.IntRange(1), shell_complete=complete.links)
@click.option("--reset", "how", flag_value="reset", default=True, help="By a reset.  [default]")
@click.option("--fin", "how", flag_value="fin", help="In good order.")
@as_json_option
def kill(link: int, how: str, as_json: bool) -> int:
    """Something on the way ends the device's connection number LINK."""
    with steered() as client:
        client.kill_link(link, how)
    show({"link": link}, as_json=as_json, text=lambda found: f"link {found['link']}")
    return 0


@network.command("publish")
@click.argument("topic", shell_complete=complete.topics)
@click.argument("text")
@_service
@click.option("--qos", type=click.Choice(["0", "1", "2"]), default="0", show_default=True,
              help="The quality of service.")  # fmt: skip
@click.option("--retain", is_flag=True, help="The broker keeps it for those who subscribe later.")
@click.option("--hex", "is_hex", is_flag=True, help="TEXT is bytes, as pairs of hex digits.")
@as_json_option
def publish(
    topic: str, text: str, service: str | None, qos: str, retain: bool, is_hex: bool, as_json: bool
) -> int:
    """Somebody else publishes TEXT at a broker of the scenario's.

    Says how many of its clients have subscribed to TOPIC; exit code 1 if none has, unless the
    message is retained.
    """
    payload = _bytes(text) if is_hex else text.encode("utf-8", "surrogateescape")
    with steered() as client:
        count = client.publish(topic, payload, service=service, qos=int(qos), retain=retain)
    show({"clients": count}, as_json=as_json, text=_count_text)
    return 0 if count or retain else 1


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        message = f"{text[:40]!r} is no row of hex digits"
        raise QuecsimError(message, hint="write for instance: 68656C6C6F") from None


def _count_text(found: dict[str, int]) -> str:
    count = found["clients"]
    return f"to {count} client{'' if count == 1 else 's'}" if count else "nobody has subscribed"


@network.command("brokers")
@as_json_option
def brokers(as_json: bool) -> int:
    """The scenario's own MQTT brokers, who is connected to them, and what happened last to whom."""
    with asked() as client:
        found = client.brokers()
    if not found and not as_json:
        screen.message("this device has no broker in process: [[service]] in a scenario gives one")
    _show_records(found, as_json=as_json, text=lambda found: "\n".join(map(_broker_text, found)))
    return 0


for command in COMMANDS:
    network.add_command(command)


# what people see


def _show_records(found: Any, *, as_json: bool, text: Any) -> None:
    import msgspec

    show(msgspec.to_builtins(found) if as_json else found, as_json=as_json, text=text)


def _network_text(found: "NetworkState") -> str:
    from quecsim.cli.ctl_wifi import wifi_rows

    wifi = found.wifi
    rows = [("registration", found.registration)] if wifi is None else wifi_rows(wifi)
    rows.append(("clock", found.clock))
    rows += [(f"context {each.number}", _context_text(each)) for each in found.contexts]
    rows += [(f"link {each.number}", _link_text(each)) for each in found.links]
    for each in found.clients:
        there = f" {_place(each.host, each.port)}" if each.host else ""
        if each.state:
            rows.append((each.name, f"{each.state}{there}"))
    reached = [
        f"{_place(each.host, each.port)} ({each.kind}{' over TLS' if each.is_tls else ''})"
        for each in found.services
    ]
    reached += [f"{route} (--route)" for route in found.routes]
    reached += [f"{host} (--allow-network)" for host in found.allowed]
    rows += [("may reach", text) for text in reached or ["nothing"]]
    return _rows(rows)


def _context_text(context: "PacketContext") -> str:
    states = {
        "broken": context.is_broken,
        "used": context.is_used,
        "up": context.is_up,
        "down": True,
    }
    state = next(word for word, holds in states.items() if holds)
    return ", ".join(part for part in (state, context.address, context.apn) if part)


def _link_text(link: "LinkState") -> str:
    way = link.tls_version or link.protocol.upper()
    state = "open" if link.is_open else "opening"
    moved = f"{link.sent_bytes} bytes sent, {link.received_bytes} received"
    since = _time(link.since_ns)
    if link.protocol in ("tcp listener", "udp service"):
        at = f"at {link.door}" if link.door else "nobody can call it"
        return f"port {link.port}, {link.owner}, {link.protocol} since {since}, {at}"
    return f"{_place(link.host, link.port)}, {link.owner}, {state} ({way}) since {since}, {moved}"


def _broker_text(broker: "BrokerState") -> str:
    rows = [(_name(each), _client_text(each)) for each in broker.clients]
    rows += [("retained", topic) for topic in broker.retained]
    rows += [
        (_time(note.at_ns), f"{_whose(note.connection)}{note.text}")
        for note in broker.notes[-_MOST_NOTES:]
    ]
    head = _place(broker.host, broker.port)
    return f"{head}\n{_rows(rows, indent='  ')}" if rows else f"{head}: nobody has come yet"


def _whose(connection: int) -> str:
    return "" if connection < 0 else f"link {connection}: "


def _name(client: "BrokerClient") -> str:
    return client.client_id or "(no CONNECT yet)"


def _client_text(client: "BrokerClient") -> str:
    state = f"link {client.connection}" if client.is_online else "away"
    wanted = (f"{topic} (QoS {qos})" for topic, qos in client.subscriptions.items())
    waiting = client.in_flight + client.queued
    parts = [state, *wanted, *([f"{waiting} messages wait"] if waiting else [])]
    return ", ".join(parts)


def _time(at_ns: int) -> str:
    return f"{at_ns / S:.3f} s"


def _place(host: str, port: int) -> str:
    from quecsim.run.network_view import place_text

    return place_text(host, port)


def _rows(rows: list[tuple[str, str]], indent: str = "") -> str:
    shown = [(printable(name), printable(text)) for name, text in rows]
    width = max(len(name) for name, _ in shown)
    return "\n".join(f"{indent}{name:<{width}}  {text}" for name, text in shown)
