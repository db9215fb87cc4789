"""What the shell may complete: devices, scenarios, faults, rules, simulators that run.

Each function is click's `shell_complete`. Nothing is imported before somebody presses Tab.
"""

from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem


def _beginning(words: Iterable[str], incomplete: str, what: str = "") -> list[CompletionItem]:
    return [CompletionItem(word, help=what) for word in words if word.startswith(incomplete)]


def files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The shell's own files."""
    return [CompletionItem(incomplete, type="file")]


def devices(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Devices, or files where none begins so."""
    from quecsim.profiles.loader import profile_names

    found = _beginning(profile_names(), incomplete, "device")
    return found or files(ctx, param, incomplete)


def scenarios(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Scenarios and devices, or files; behind `--` stands a program."""
    from quecsim.scenario.loader import scenario_names

    if "program" in ctx.meta:
        return files(ctx, param, incomplete)
    found = _beginning(scenario_names(), incomplete, "scenario")
    names = [*found, *(item for item in devices(ctx, param, incomplete) if item.type == "plain")]
    return names or files(ctx, param, incomplete)


def shipped(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Scenarios that come with quecsim."""
    from quecsim.scenario.loader import scenario_names

    return _beginning(scenario_names(), incomplete)


def faults(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Kinds of fault."""
    from quecsim.faults.catalogue import KINDS

    return _beginning(KINDS, incomplete)


def aimed_faults(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """KIND, or KIND:POINT."""
    from quecsim.faults.catalogue import KINDS

    points = (f"{kind}:{point}" for kind in KINDS for point in KINDS[kind].AIMS)
    return _beginning([*(kind for kind in KINDS if KINDS[kind].AIMS), *points], incomplete)


def rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rules of conduct."""
    from quecsim.judge.conduct_rules import RULES

    return _beginning(RULES, incomplete)


def quirks(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """NAME= of a quirk."""
    from quecsim.profiles.quirks import QUIRKS

    return _beginning((f"{name}=" for name in QUIRKS), incomplete)


def readings(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`all`, or a quirk."""
    from quecsim.profiles.quirks import QUIRKS

    return _beginning(("all", *QUIRKS), incomplete)


def events(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Events of a record."""
    from quecsim.trace.pattern import EVENTS

    return _beginning(sorted(EVENTS), incomplete)


def groups(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Groups of the dialogue, also behind a comma."""
    from quecsim.render.dialogue.line import Group

    given, comma, _ = incomplete.rpartition(",")
    named = given.split(",")
    words = (f"{given}{comma}{group}" for group in Group if group not in named)
    return _beginning(words, incomplete)


def _running() -> list[Any]:
    from quecsim.live.control.client import simulators

    return list(simulators())


def ports(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ports of the simulators that run."""
    return _beginning([greeting.port for _, greeting in _running()], incomplete)


def sockets(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Control sockets of the simulators that run."""
    return _beginning([str(path) for path, _ in _running()], incomplete)


def _asked(ctx: click.Context) -> Any:
    """The simulator that the words so far mean; None: there is none, or more than one."""
    from quecsim.errors import QuecsimError
    from quecsim.live.control.client import find

    given: dict[str, Any] = {}
    parent: click.Context | None = ctx
    while parent is not None:
        given = {**parent.params, **given}
        parent = parent.parent
    try:
        return find(given.get("socket"), given.get("port"))
    except QuecsimError:
        return None


def _told(ctx: click.Context, ask: Callable[[Any], Iterable[str]]) -> list[str]:
    from quecsim.errors import QuecsimError

    client = _asked(ctx)
    if client is None:
        return []
    with client:
        try:
            return list(ask(client))
        except QuecsimError:  # it has ended just now
            return []


def links(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The connections of the device that is meant, by their numbers."""
    found = _told(ctx, lambda client: (str(each.number) for each in client.network().links))
    return _beginning(found, incomplete)


def brokers(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """HOST:PORT of the brokers in process."""
    from quecsim.run.network_view import place_text

    found = _told(
        ctx, lambda client: (place_text(each.host, each.port) for each in client.brokers())
    )
    return _beginning(found, incomplete)


def servers(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """HOST:PORT of the HTTP and FTP servers in process."""
    from quecsim.run.network_view import place_text

    found = _told(
        ctx,
        lambda client: (
            place_text(each.host, each.port)
            for each in client.network().services
            if each.kind in ("http", "ftp")
        ),
    )
    return _beginning(found, incomplete)


def ble_peers(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Who is on the air."""
    found = _told(ctx, lambda client: (each.name for each in client.ble().peers))
    return _beginning(found, incomplete)


def topics(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What somebody has subscribed to, by its plain name."""
    found = _told(
        ctx,
        lambda client: {
            wanted
            for broker in client.brokers()
            for each in broker.clients
            for wanted in each.subscriptions
            if "+" not in wanted and "#" not in wanted
        },
    )
    return _beginning(sorted(found), incomplete)
