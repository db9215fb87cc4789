"""The session of a script with a module, as the record of a listener."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from quecsim.errors import QuecsimError
from quecsim.host.at_client import PortError
from quecsim.host.port import Port
from quecsim.likeness.play import Listener, Progress, Speaker
from quecsim.likeness.script import Script
from quecsim.observed.heard import Source
from quecsim.observed.observer import observed
from quecsim.probe.bench import Bench
from quecsim.probe.finding import NotMeasuredError
from quecsim.probe.reach import reach
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Event


@dataclass(frozen=True, slots=True)
class Session:
    """The record, and in words what could not be put back on the module."""

    events: Sequence[Event]
    not_restored: tuple[str, ...]


def session(
    port: Port,
    name: str,
    profile: Profile,
    script: Script,
    runs: int,
    progress: Progress = lambda _done, _total: None,
) -> Session:
    """Say `script` to the module at `port`, which people know as `name`, so many times.

    Raises QuecsimError where no module answers, or where it did not come to the end, and
    KeyboardInterrupt, with the state of the module in words, where it was ended by that.
    """
    listener = Listener()
    bench = Bench(port, listener, base=profile)
    reach(bench.wire, name)
    try:
        heard = Speaker(bench, listener, script).say(runs, progress)
    except PortError as error:
        raise _broken_off(bench, f"{name}: {error}") from error
    except KeyboardInterrupt:
        left = f", but for: {', '.join(bench.not_restored)}" if bench.not_restored else ""
        raise KeyboardInterrupt(f"the module is as it was{left}") from None
    except NotMeasuredError as error:
        raise _broken_off(bench, f"{name}: {error}") from error
    except QuecsimError as error:
        raise _broken_off(bench, error.message) from error
    source = Source(
        words=f"{name}, {script.name}",
        lacks=("byte-times", "modem-lines"),
        baud=port.baudrate,
        frame="8N1",
        date=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    events = list(observed(source, profile, heard))
    return Session(events, tuple(bench.not_restored))


def _broken_off(bench: Bench, message: str) -> QuecsimError:
    left = f"; not put back: {', '.join(bench.not_restored)}" if bench.not_restored else ""
    hint = "nothing is compared: see that the module and its supply are well, and try again"
    return QuecsimError(f"{message}{left}", hint=hint)
