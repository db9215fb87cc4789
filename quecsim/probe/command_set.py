"""Which commands the module has, and how it answers their test forms."""

import re
from collections.abc import Iterator

from quecsim.probe.applied import applied
from quecsim.probe.bench import NO_COMMAND, Bench
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.model import Model, known_commands
from quecsim.probe.reply import Reply
from quecsim.probe.step import Step

_UNASKED = {
    "+COPS": "looks for networks for minutes",
    "+CMGD": "tells which messages are there",
    "+CLCK": "may ask the network",
    "+CGCONTRDP": "tells which contexts are active",
    "+QPOWD": "might switch it off",
    "+QRST": "might restart it",
}
_TEST_S = 5.0
_MOST_CHARS = 1000


def _run(bench: Bench) -> Iterator[Finding]:
    refusal = bench.refusal
    unknown = Finding("commands.unknown", _policy(refusal), f"{NO_COMMAND}: {refusal or 'silence'}")
    yield unknown
    if unknown.value != "error":
        raise NotMeasuredError(f"{NO_COMMAND}, which no module has, is no error here")
    model = Model(applied(bench.base, bench.found.values()))
    asked = [name for name in model.commands if name[0] == "+" and name not in _UNASKED]
    replies = {name: bench.command(f"AT{name}=?", _TEST_S) for name in asked}
    answers = {name: _text(reply) for name, reply in replies.items()}
    yield _absent(bench, replies, refusal)
    yield _worded(bench, model, answers)
    yield _keys(bench, model, answers)
    _note_others(bench, model)


def _policy(refusal: str) -> str:
    return {"OK": "ok", "": "silent"}.get(refusal, "error")


def _text(reply: Reply) -> str | None:
    """The answer to a test form, its lines joined by CR LF; None for an error."""
    return "\r\n".join(reply.lines) if reply.ok else None


def _absent(bench: Bench, replies: dict[str, Reply], refusal: str) -> Finding:
    """Those of the nearest profile whose test form and query are refused as no command is."""
    refused = [name for name, reply in replies.items() if reply.final == refusal]
    missing = {name for name in refused if bench.command(f"AT{name}?").final == refusal}
    old = [name for name in bench.base.commands.absent if name in missing or name in _UNASKED]
    new = [name for name in replies if name in missing and name not in old]
    method = f"AT+X=? of {len(replies)} commands; asked were not: {', '.join(_UNASKED)}"
    return Finding("commands.absent", (*old, *new), method)


def _worded(bench: Bench, model: Model, answers: dict[str, str | None]) -> Finding:
    """The test replies that are not the ones that quecsim would give."""
    worded = bench.base.commands.test_replies
    other = {
        name: text
        for name, text in answers.items()
        if text is not None
        and (text != model.test_text(name) or worded.get(name) == text)
        and _fits(bench, name, text)
    }
    unasked = {k: v for k, v in worded.items() if k not in answers}
    method = f"AT+X=? of {len(answers)} commands"
    return Finding("commands.test_replies", {**unasked, **other}, method)


def _fits(bench: Bench, name: str, text: str) -> bool:
    """Whether a profile can hold it."""
    if len(text) <= _MOST_CHARS and re.fullmatch(r"[ -~\r\n]*", text):
        return True
    bench.notes.append(f"AT{name}=? says more than a profile can hold ({len(text)} characters)")
    return False


def _keys(bench: Bench, model: Model, answers: dict[str, str | None]) -> Finding:
    """Which keys of AT+QCFG and the like there are, of those that quecsim knows."""
    keys = {}
    for name, named in bench.base.commands.keys.items():
        text = answers.get(name)
        if not text:
            why_not = f"AT{name}=? lists no keys"
            return not_measured("commands.keys", why_not)
        listed = {key.casefold() for key in re.findall(r':\s*"([^"]+)"', text)}
        known = [key.name for key in model.commands[name].keys]
        order = [*named, *(key for key in known if key not in named)]
        keys[name] = tuple(key for key in order if key.casefold() in listed)
        others = listed.difference(key.casefold() for key in known)
        if others:
            bench.notes.append(f"AT{name} has keys that quecsim knows not: {_list(others)}")
    return Finding("commands.keys", keys, "AT+X=? of the commands with keys")


def _note_others(bench: Bench, model: Model) -> None:
    """Commands of other shipped devices that this one has too."""
    others = known_commands()
    names = [name for name in others if name not in model.commands and name not in _UNASKED]
    has = [name for name in names if bench.command(f"AT{name}=?", _TEST_S).ok]
    if has:
        told = (f"AT{name} ({others[name]})" for name in sorted(has))
        bench.notes.append(
            f"commands that {bench.base.name} has not, and this one has: {', '.join(told)}"
        )


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))


STEP = Step(
    name="commands",
    title="asks for the test form of some hundred commands",
    seconds=10,
    keys=("commands.unknown", "commands.absent", "commands.test_replies", "commands.keys"),
    run=_run,
)
