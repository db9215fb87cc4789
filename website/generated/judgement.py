"""What a host is judged by: the rules of conduct; and what can be asked to go wrong: faults."""

from quecsim.faults.catalogue import KINDS
from quecsim.faults.fault import Fault
from quecsim.judge.conduct_rules import RULES
from website.generated.markdown import code, prose
from website.generated.records import keys_table


def conduct_rules() -> str:
    """Each rule: what breaks it, and what to do instead."""
    return "\n".join(
        f"## `{name}`\n\n{prose(rule.means)}\n\nInstead: {prose(rule.advice)}.\n"
        for name, rule in RULES.items()
    )


def faults() -> str:
    """Each kind of fault: what it does, its keys, what it needs, and where it can be aimed."""
    return "\n".join(map(_fault, KINDS, KINDS.values()))


def _fault(name: str, kind: type[Fault]) -> str:
    aims = ", ".join(code(point) for point in kind.AIMS)
    lines = [f"## `{name}`", "", prose(kind.__doc__).replace("None: ", "left out: "), ""]
    lines += [keys_table(kind), *(f"* {fact}" for fact in _facts(kind))]
    if aims:
        lines.append(f"* `quecsim fuzz --every` aims it at each: {aims}.")
    return "\n".join([*lines, ""])


def _facts(kind: type[Fault]) -> list[str]:
    facts = []
    if kind.ONE_OF:
        facts.append(f"It has exactly one of {', '.join(map(code, kind.ONE_OF))}.")
    if kind.NEEDS_COMMAND:
        facts.append(f"For devices that have `AT{kind.NEEDS_COMMAND}`.")
    if kind.NEEDS_UART:
        facts.append("It has no meaning on a USB port.")
    if kind.NEEDS_FLOW_CONTROL:
        facts.append("It cannot fire unless both ends have RTS/CTS.")
    if kind.NEEDS_KIND:
        facts.append(f"It needs a server of the kind `{kind.NEEDS_KIND}` behind the device.")
    elif kind.NEEDS_SERVER:
        facts.append("It needs a server behind the device.")
    if kind.IS_ORDINARY:
        facts.append("A host must be able to live with it: it is no excuse for failing.")
    return facts
