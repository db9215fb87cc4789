"""Errors that are provoked on purpose: the number of each cause, and its words."""

from collections.abc import Callable, Iterator
from typing import Any

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.reply import Reply

KEYS = ("errors.numbers", "errors.words", "errors.numeric")


def provoke(bench: Bench, cause: str, ask: Callable[[], Reply]) -> Reply:
    """Have `ask` provoke the error: its number, then its words, where the module has AT+CMEE.

    Returns the reply with the number.
    """
    reply = ask()
    note(bench, cause, reply)
    if reply.cme is not None and bench.has("+CMEE") and bench.command("AT+CMEE=2").ok:
        words = ask().final.partition("ERROR:")[2].strip()
        bench.command("AT+CMEE=1")
        if words:
            bench.words[reply.cme] = words
    return reply


def note(bench: Bench, cause: str, reply: Reply) -> None:
    """Keep the number of an error that has that cause."""
    if reply.cme is not None:
        bench.numbers[cause] = reply.cme
    elif reply.final == "ERROR":
        bench.numbers[cause] = None


def by_text(bench: Bench, text: str) -> Callable[[], Reply]:
    """Asks with a command line alone."""
    return lambda: bench.command(text, FILE_COMMAND_S)


def number_of(bench: Bench, cause: str) -> int | None:
    """The number of a cause, as provoked or else as the nearest profile has it."""
    if cause in bench.numbers:
        return bench.numbers[cause]
    return bench.base.errors.numbers.get(cause)  # type: ignore[call-overload,no-any-return]


def tell(bench: Bench) -> Iterator[Finding]:
    """The errors as far as they have been provoked; the rest is as the nearest profile has it."""
    errors = bench.base.errors
    if bench.numbers:
        numbers: dict[str, int | None] = {str(cause): n for cause, n in errors.numbers.items()}
        numbers.update(bench.numbers)
        known = {cause: number for cause, number in numbers.items() if number is not None}
        seen, is_in_part = sorted(bench.numbers), bool(set(known).difference(bench.numbers))
        was = {str(cause): number for cause, number in errors.numbers.items()}
        yield _table(bench, "errors.numbers", known, was, _told(bench, seen), is_in_part)
    if not bench.has("+CMEE"):
        yield from (not_measured(key, "the module has no AT+CMEE") for key in KEYS[1:])
    elif bench.words:
        texts = {n: text for n, text in bench.words.items() if text != str(n)}
        words = {**errors.words, **{str(n): text for n, text in texts.items()}}
        told = _told(bench, [str(n) for n in sorted(bench.words)])
        is_in_part = bool(set(words).difference(map(str, bench.words)))
        under = f"under AT+CMEE=2: {told}"
        yield _table(bench, "errors.words", words, dict(errors.words), under, is_in_part)
        bare = {n for n in bench.words if n not in texts and str(n) in errors.words}
        numeric = [n for n in errors.numeric if n not in texts]
        numeric += sorted(bare.difference(numeric))
        bare_now, bare_then = tuple(numeric), tuple(errors.numeric)
        yield _table(bench, "errors.numeric", bare_now, bare_then, under, is_in_part)


def _table(bench: Bench, key: str, value: Any, was: Any, method: str, is_in_part: bool) -> Finding:
    """A table of which a part was seen: left as it is where that part is as the profile has it."""
    if is_in_part and value == was:
        return not_measured(key, f"what was seen of it is as {bench.base.name} has it ({method})")
    return Finding(key, value, method, is_in_part=is_in_part)


def _told(bench: Bench, provoked: list[str]) -> str:
    return f"provoked: {', '.join(provoked)}; the others are those of {bench.base.name}"
