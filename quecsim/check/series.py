"""A check from its first run to its last: seeds, readings of the device, what is kept."""

import re
import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import msgspec
from msgspec.structs import replace as replace_in

from quecsim.check import ONE_OF_MANY
from quecsim.check.attempt import Attempt, CheckInterrupted, attempt
from quecsim.check.kept import JUDGEMENT, OUTPUT, TRACE
from quecsim.check.pages import judged_record
from quecsim.check.plan import CheckPlan
from quecsim.check.results import CheckResult, CheckRun
from quecsim.errors import QuecsimError
from quecsim.files import create_private
from quecsim.judge.judgement import Judgement
from quecsim.live.signals import Signals
from quecsim.profiles.toml_check import did_you_mean
from quecsim.run.pages import Pages
from quecsim.scenario.readings import readings
from quecsim.scenario.schema import Expect

_SLUG_CHARS = 60
_TAIL_BYTES = 10_000
_WITH_VALUE = ("--repeat", "--junit", "--failures", "--keep", "--seed", "--vary-quirks", "--html")
_ALONE = ("--vary-seed", "--json", ONE_OF_MANY)
_MOST_KEPT = 100


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """`count` runs; `varies_seed`: each with the next seed. Failures are kept under `keep`.

    `words` is the command line after `quecsim check`, from which the repeating one is made.
    `quirks` says under which readings of the device: "all" of them after the device as it is; or
    only those of a quirk, by its name, or with one value (`write_blank_line=false`). `pages`: each
    failure that is kept has a page there.
    """

    check: CheckPlan
    words: tuple[str, ...]
    keep: Path
    count: int = 1
    varies_seed: bool = False
    is_shown: bool = True
    quirks: tuple[str, ...] = ()
    pages: Pages | None = None


def run_series(plan: SeriesPlan, signals: Signals, told: Callable[[CheckRun], None]) -> CheckResult:
    """Run all; `told` hears of each run as it ends. A signal ends it, and what has been run is the
    result. Raises QuecsimError.
    """
    variants = list(_variants(plan, plan.check.name or f"UFS:{plan.check.file.name}"))
    wanted = len(variants) * plan.count
    runs: list[CheckRun] = []
    kept: dict[str, str] = {}
    for number, (variant, step) in enumerate(product(variants, range(plan.count)), start=1):
        check = _with_seed(plan, variant.check, step)
        try:
            runs.append(_one(plan, replace(variant, check=check), number, signals, kept))
        except CheckInterrupted:
            return _result(plan, runs, wanted, is_stopped=True)
        told(runs[-1])
    return _result(plan, runs, wanted)


@dataclass(frozen=True, slots=True)
class _Variant:
    """The check under a reading of the device; `quirk` is empty for the device as it is."""

    check: CheckPlan
    quirk: str = ""


def _variants(plan: SeriesPlan, name: str) -> Iterator[_Variant]:
    if not plan.quirks or "all" in plan.quirks:
        yield _Variant(plan.check)
    if not plan.quirks:
        return
    known = list(readings(plan.check.scenario, name))
    words = {word for reading in known for word in (reading.name, reading.text)}
    for word in plan.quirks:
        if word != "all" and word not in words:
            raise QuecsimError(
                f"{plan.check.scenario.device_profile.name} has no reading {word!r} to try",
                hint=f"{did_you_mean(word, sorted(words))} Or all.",
            )
    for reading in known:
        if {"all", reading.name, reading.text} & set(plan.quirks):
            # With trouble that is part of the reading, whoever knows that it failed is right.
            is_open = reading.can_fail and plan.check.expect == "intact"
            expect: Expect = "honest" if is_open else plan.check.expect
            check = replace(plan.check, scenario=reading.scenario, expect=expect)
            yield _Variant(check, reading.text)


def _one(
    plan: SeriesPlan, variant: _Variant, number: int, signals: Signals, kept: dict[str, str]
) -> CheckRun:
    check = variant.check
    with tempfile.TemporaryDirectory(prefix="quecsim-check-") as folder:
        made = attempt(check, Path(folder), signals, is_shown=plan.is_shown)
        run = _entry(plan, variant, number, made, _tail(Path(folder) / OUTPUT))
        return run if made.judgement.passed else _kept(plan, run, Path(folder), kept)


def _with_seed(plan: SeriesPlan, check: CheckPlan, step: int) -> CheckPlan:
    if not plan.varies_seed:
        return check
    scenario = replace_in(check.scenario, seed=check.scenario.seed + step)
    return replace(check, scenario=scenario)


def _tail(path: Path) -> str:
    """The last of the program's output."""
    data = path.read_bytes()
    return data[-_TAIL_BYTES:].decode("utf-8", "replace")


def _entry(
    plan: SeriesPlan, variant: _Variant, number: int, made: Attempt, output: str
) -> CheckRun:
    seed = variant.check.scenario.seed
    return CheckRun(
        number=number,
        seed=seed,
        quirk=variant.quirk,
        exit_code=made.exit_code,
        ended=made.ended,
        took_s=round(made.took_s, 3),
        judgement=made.judgement if made.is_fair else _unfair(made),
        output=output,
        is_shown=plan.is_shown,
        notes=list(dict.fromkeys(made.notes)),
        kept="",
        repeat_with=repeat_command(plan.words, seed, variant.quirk),
        stopped_ns=made.stopped_ns,
        unfair=made.unfair,
    )


def _unfair(made: Attempt) -> Judgement:
    """No program is accused for what came of a simulator that was not there, or of an adapter."""
    cure = "use a machine with less to do"
    cure += (
        ", or a smaller --time-scale" if made.stopped_ns else ", another adapter, or a lower rate"
    )
    why = f"{made.unfair}, and it was the same when the program was run again: {cure}"
    return replace_in(
        made.judgement, breaches=[], because="", losses=[], reasons=[why], cause="not judged"
    )


def _kept(plan: SeriesPlan, run: CheckRun, folder: Path, kept: dict[str, str]) -> CheckRun:
    """`run` with the folder that has its trace; `kept` is where those of its cause are already:
    the first of each cause says it all.
    """
    cause = run.judgement.cause
    if cause in kept:
        return replace_in(run, kept=kept[cause])
    place = plan.keep / _slug(f"{plan.check.scenario.name} {cause}")
    try:
        place = _made_free(place)
        run = replace_in(run, kept=str(place))
        for name in (TRACE, OUTPUT):
            with (folder / name).open("rb") as made, create_private(place / name) as file:
                shutil.copyfileobj(made, file)
        text = msgspec.json.format(msgspec.json.encode(run), indent=2)
        with create_private(place / JUDGEMENT) as file:
            file.write(text + b"\n")
    except OSError as error:
        note = f"nothing is kept: cannot write {place}: {error.strerror} (--failures names another)"
        return replace_in(run, kept="", notes=[*run.notes, note])
    kept[cause] = str(place)
    return run if plan.pages is None else _with_page(plan, plan.pages, run, place)


def _with_page(plan: SeriesPlan, pages: Pages, run: CheckRun, place: Path) -> CheckRun:
    """`run` with the page of its record, which lies in `place`."""
    try:
        record = judged_record(place / TRACE, run, plan.check.scenario.name)
        return replace_in(run, page=str(pages.add(place.name, record)))
    except QuecsimError as error:  # the judgement stands without it
        return replace_in(run, notes=[*run.notes, f"no page: {error}"])


def _made_free(place: Path) -> Path:
    """Make the folder `place`, or the next of `place-2`, `place-3`, ... that is not there: nothing
    is overwritten, nor shared with a check that runs beside this one. Raises OSError.

    After so many the last is used again.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    free = place
    for number in range(2, _MOST_KEPT + 1):
        with suppress(FileExistsError):
            free.mkdir()
            return free
        free = place.with_name(f"{place.name}-{number}")
    free.mkdir(exist_ok=True)
    return free


def _result(
    plan: SeriesPlan, runs: list[CheckRun], wanted: int, *, is_stopped: bool = False
) -> CheckResult:
    failed = [run for run in runs if not run.judgement.passed]
    causes = Counter(run.judgement.cause for run in failed)
    return CheckResult(
        scenario=plan.check.scenario.name,
        device=plan.check.scenario.device_profile.name,
        program=list(plan.check.program),
        passed=not failed and not is_stopped,
        passed_runs=len(runs) - len(failed),
        causes=dict(causes.most_common()),
        runs=runs,
        wanted_runs=wanted,
        stopped=is_stopped,
    )


def repeat_command(words: tuple[str, ...], seed: int, quirk: str = "") -> str:
    """The command line that repeats one run: the same, once, with its seed and its reading."""
    place = words.index("--") if "--" in words else len(words)
    options: list[str] = []
    skip = False
    for word in words[:place]:
        name, is_joined, _ = word.partition("=")
        if skip or word in _ALONE:
            skip = False
        elif name in _WITH_VALUE:
            skip = not is_joined
        else:
            options.append(word)
    reading = ["--vary-quirks", quirk] if quirk else []
    command = ["quecsim", "check", *options, "--seed", str(seed), *reading, *words[place:]]
    return shlex.join(command)


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")[:_SLUG_CHARS] or "failure"
