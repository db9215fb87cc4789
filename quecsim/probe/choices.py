"""Which of a profile's words fits an error number that a module has given."""

from quecsim.probe.bench import Bench
from quecsim.probe.causes import number_of
from quecsim.probe.finding import Finding, not_measured
from quecsim.probe.reply import Reply


def by_number(
    bench: Bench, key: str, reply: Reply, causes: tuple[str, ...], method: str
) -> Finding:
    """The one of `causes` whose number is that of the error, as the value of `key`.

    A number that belongs to none of them becomes that of the one which the nearest profile has. An
    error that fits several says nothing.
    """
    if not reply.final or reply.ok:
        return not_measured(key, f"{method}: {reply.final or 'no answer'}")
    numbers = {cause: number_of(bench, cause) for cause in causes}
    fitting = [cause for cause, number in numbers.items() if number == reply.cme]
    if len(fitting) == 1:
        return Finding(key, fitting[0], f"{method}: {reply.final}")
    if fitting:
        return not_measured(key, f"{reply.final} fits several: {', '.join(fitting)}")
    free = [cause for cause in causes if cause not in bench.numbers]
    if not free or reply.cme is None:
        return not_measured(key, f"{method}: {reply.final}, which is none of {', '.join(causes)}")
    usual = str(bench.value(key))
    cause = usual if usual in free else free[0]
    bench.numbers[cause] = reply.cme
    return Finding(key, cause, f"{method}: {reply.final}")
