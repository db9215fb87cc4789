"""Questions that a device asks the network in the background: an echo, an address, the time.

Each command answers OK and goes on; what it is told are result codes of its own, later. A device
asks one of a kind at a time.
"""

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from quecsim.at.activation import ensure, is_up
from quecsim.at.context import Context, network
from quecsim.at.effects import Announce, Effect, Sleep, Spawn, Steps
from quecsim.at.network import Trouble
from quecsim.at.results import AtError, Tcpip, tcpip_number
from quecsim.border import Resolved, Why
from quecsim.clients.ntp import REQUEST, time_of
from quecsim.clients.question import Question, is_unknown_name
from quecsim.clients.stream import TOO_LATE
from quecsim.clients.url import is_address
from quecsim.date import format_date, local_of, utc_parts
from quecsim.profiles.schema import Questions
from quecsim.units import ms, s

_Ended: TypeAlias = tuple[Tcpip, Trouble | None]
"""How a question ended: NONE where it was answered, and what the network said otherwise."""
_Work: TypeAlias = Callable[[Question], Generator[Effect, Any, _Ended]]

NTP_PORT = 123


def ping(
    context: Context, command: str, number: int, host: str, timeout_s: int, count: int
) -> Steps:
    """AT+QPING: `count` echo requests, one after the other."""

    def work(question: Question) -> Generator[Effect, Any, _Ended]:
        return _pings(context, question, number, host, s(timeout_s), count)

    def failed(cause: int) -> str:
        return f"+QPING: {cause}"

    yield from _begin(context, command, "ping", (host, 0), number, work, failed)


def resolve(context: Context, command: str, number: int, host: str) -> Steps:
    """AT+QIDNSGIP: the addresses of a name."""

    def work(question: Question) -> Generator[Effect, Any, _Ended]:
        return _addresses(context, question, number, host)

    def failed(cause: int) -> str:
        return f'+QIURC: "dnsgip",{cause}'

    yield from _begin(context, command, "DNS", (host, 0), number, work, failed, Tcpip.DNS_BUSY)


def ask_time(
    context: Context, command: str, number: int, host: str, port: int, *, sets_clock: bool
) -> Steps:
    """AT+QNTP: what time it is."""

    def work(question: Question) -> Generator[Effect, Any, _Ended]:
        return _time(context, question, number, (host, port), sets_clock=sets_clock)

    def failed(cause: int) -> str:
        return f"+QNTP: {cause}"

    yield from _begin(context, command, "NTP", (host, port), number, work, failed)


def questions(context: Context) -> Questions:
    """What the profile says of them."""
    assert context.profile.questions is not None
    return context.profile.questions


# one question of any kind


def _begin(
    context: Context,
    command: str,
    name: str,
    where: tuple[str, int],
    number: int,
    work: _Work,
    failed: Callable[[int], str],
    busy: Tcpip = Tcpip.BUSY,
) -> Steps:
    """Ask in the background, if nobody is at it. Raises AtError otherwise, and without Wi-Fi."""
    question = _question(context, name)
    error = busy if question.is_busy else Tcpip.NONE
    if error is Tcpip.NONE and context.wlan is not None:
        error = yield from ensure(context, number)
    network(context).asked(question, command, where, is_accepted=error is Tcpip.NONE)
    if error is not Tcpip.NONE:
        raise AtError(tcpip=error)
    question.is_busy = True
    if not (yield Spawn(_asking(context, command, question, number, work, failed), name)):
        question.is_busy = False
        raise AtError(tcpip=Tcpip.BUSY)


def _question(context: Context, name: str) -> Question:
    question = context.clients.get(name)
    if question is None:
        question = context.clients[name] = Question(name, network(context))
    assert isinstance(question, Question)
    return question


def _asking(
    context: Context,
    command: str,
    question: Question,
    number: int,
    work: _Work,
    failed: Callable[[int], str],
) -> Steps:
    question.link = 0
    trouble: Trouble | None = None
    cause = yield from ensure(context, number)
    if cause is Tcpip.NONE:
        cause, trouble = yield from work(question)
    else:
        trouble = Trouble(Why.UNREACHABLE, _missing(context, number))
    question.is_busy = False
    code = tcpip_number(cause, context.profile.errors)
    words = context.profile.errors.words.get(str(code), "") if code else ""
    network(context).tell(question, command, code, question.link, trouble, words)
    if code:
        yield Announce(failed(code))


def _cause(context: Context, number: int, trouble: Trouble, host: str) -> Tcpip:
    if is_unknown_name(trouble, host):
        return Tcpip.DNS_FAILED
    if trouble.why is Why.TIMEOUT:
        return Tcpip.TIMEOUT
    lost = _lost(context, number)
    return Tcpip.CONNECT_FAILED if lost is Tcpip.NONE else lost


def _lost(context: Context, number: int) -> Tcpip:
    """What it is called that the bearer has gone meanwhile; NONE where it is there."""
    if is_up(context, number):
        return Tcpip.NONE
    return Tcpip.CONTEXT_BROKEN if context.wlan is None else Tcpip.NOT_ALLOWED


def _missing(context: Context, number: int) -> str:
    missing = f"packet context {number}" if context.wlan is None else "Wi-Fi"
    return f"{missing} is not up"


# each kind


def _pings(
    context: Context, question: Question, number: int, host: str, timeout_ns: int, count: int
) -> Generator[Effect, Any, _Ended]:
    own = questions(context)
    times_ms: list[int] = []
    trouble: Trouble | None = None
    for turn in range(count):
        if turn:
            yield Sleep(ms(own.ping_gap_ms), "it was pausing between two echo requests")
        if (lost := _lost(context, number)) is not Tcpip.NONE:
            return lost, Trouble(Why.UNREACHABLE, _missing(context, number))
        asked_ns = network(context).now_ns
        answer = yield from question.ping(host, own.ping_bytes, number, timeout_ns)
        if isinstance(answer, Trouble):
            trouble = answer
            if not _is_silence(answer, host):
                return _cause(context, number, answer, host), answer
            waited_ns = network(context).now_ns - asked_ns
            yield Sleep(max(0, timeout_ns - waited_ns), f"it was waiting for an echo from {host}")
            cause = Tcpip.TIMEOUT
            yield Announce(f"+QPING: {tcpip_number(cause, context.profile.errors)}")
            continue
        times_ms.append((network(context).now_ns - asked_ns) // ms(1))
        values = (own.ping_bytes, times_ms[-1], answer.hops)
        yield Announce(f'+QPING: 0,"{answer.address}",{",".join(map(str, values))}')
    if not times_ms and own.ping_all_lost == "error":
        return Tcpip.TIMEOUT, trouble
    heard = times_ms or [0]
    counts = (count, len(times_ms), count - len(times_ms))
    spread = (min(heard), max(heard), sum(heard) // len(heard))
    yield Announce(f"+QPING: 0,{','.join(map(str, (*counts, *spread)))}")
    return Tcpip.NONE, None


def _is_silence(trouble: Trouble, host: str) -> bool:
    """No answer, as from an address where nobody is."""
    is_nobody = trouble.why is Why.NOT_ALLOWED and not is_unknown_name(trouble, host)
    return is_nobody or trouble.why is Why.TIMEOUT


def _addresses(
    context: Context, question: Question, number: int, host: str
) -> Generator[Effect, Any, _Ended]:
    if is_address(host):
        answer: Resolved | Trouble = Resolved(0, (host,))
    else:
        timeout_ns = s(questions(context).dns_s)
        answer = yield from question.resolve(host, number, timeout_ns)
    if isinstance(answer, Trouble):
        return _cause(context, number, answer, host), answer
    yield Announce(f'+QIURC: "dnsgip",0,{len(answer.addresses)},{answer.ttl_s}')
    for address in answer.addresses:
        yield Announce(f'+QIURC: "dnsgip","{address}"')
    return Tcpip.NONE, None


def _time(
    context: Context,
    question: Question,
    number: int,
    where: tuple[str, int],
    *,
    sets_clock: bool,
) -> Generator[Effect, Any, _Ended]:
    own = questions(context)
    trouble = yield from question.open(*where, number, s(own.ntp_wait_s))
    if trouble is not None:
        return _cause(context, number, trouble, where[0]), trouble
    utc_s: int | None = None
    for _ in range(own.ntp_tries):
        answer = yield from question.datagram(REQUEST, s(own.ntp_wait_s))
        if not isinstance(answer, Trouble):
            utc_s = time_of(answer)
        elif answer is not TOO_LATE:
            return _cause(context, number, answer, where[0]), answer
        if utc_s is not None:
            break
    question.close()
    if utc_s is None:
        return Tcpip.TIMEOUT, TOO_LATE
    if sets_clock:
        context.clock.set_utc(utc_s)
    yield Announce(f'+QNTP: 0,"{_time_text(own, utc_s, context.clock.quarters)}"')
    return Tcpip.NONE, None


def _time_text(own: Questions, utc_s: int, quarters: int) -> str:
    """`2026/08/06,12:40:04+32`: in UTC or in the zone whose mark it has."""
    shown_s = local_of(utc_s, quarters if own.ntp_digits == "local" else 0)
    text = format_date(shown_s, quarters)
    return text if own.ntp_year_digits == 2 else f"{utc_parts(utc_s)[0] // 100:02}{text}"
