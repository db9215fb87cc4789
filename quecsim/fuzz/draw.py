"""Cases drawn by Hypothesis, a batch at a time: only its generator is used here.

The same seed gives the same cases, as long as Hypothesis and the strategies stay the same. That is
why no finding depends on it: what is saved is the case.
"""

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import count
from typing import Any

from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import KINDS
from quecsim.faults.fault import for_file
from quecsim.fuzz.case import DEFAULT_NAME, make_case
from quecsim.fuzz.reduce import Draft
from quecsim.scenario.faults import has_use
from quecsim.scenario.schema import Scenario
from quecsim.testing import strategies

try:
    import hypothesis
    from hypothesis import HealthCheck, Phase
    from hypothesis import strategies as st
except ImportError:
    raise QuecsimError(
        "quecsim fuzz needs Hypothesis", hint="pip install 'quecsim[fuzz]'"
    ) from None

_BATCH = 50
_USUAL_BYTES = 1500
_REAL_TIME_BYTES = 1500


def drawn_cases(
    base: Scenario,
    seed: int,
    *,
    name: str = DEFAULT_NAME,
    payload: bytes | None = None,
    kinds: Collection[str] | None = None,
    is_real_time: bool = False,
    is_over: Callable[[], bool] = lambda: False,
    connects: Callable[[], bool] = lambda: True,
    joins: Callable[[], bool] = lambda: True,
) -> Iterator[Scenario]:
    """Cases in `base`, with its payload where one is given, all different, until `is_over`.

    Where only so many cases can be there comes a time when no other is found any more. `connects`
    says, when the first one is asked for, whether the host asks for connections at all, `joins`
    whether there are any over Bluetooth LE.
    """
    if kinds is None:
        has = {"server": connects(), "peer": joins()}
        kinds = [
            kind
            for kind, fault in KINDS.items()
            if has_use(base, fault)
            and (has["server"] or not fault.NEEDS_SERVER)
            and (has["peer"] or not fault.NEEDS_PEER)
        ]
    _keep_no_files()
    longest = _REAL_TIME_BYTES if is_real_time else 4096
    usual = st.just(b"a" * _USUAL_BYTES)
    payloads = (
        st.one_of(usual, strategies.payloads(longest)) if payload is None else st.just(payload)
    )
    cases = st.builds(
        lambda scenario, data: make_case(scenario, data, name),
        strategies.scenarios(base=base, kinds=kinds).map(lambda one: _for_file(one, name)),
        payloads,
    )
    seen: set[bytes] = set()
    for batch in count():
        if is_over():
            return
        for case in _batch(cases, (seed << 32) + batch, is_over):
            digest = _digest(case)
            if digest not in seen:
                seen.add(digest)
                yield case


def _digest(case: Scenario) -> bytes:
    text, payload = Draft.of(case).key
    return blake2b(text.encode() + b"\0" + payload, digest_size=12).digest()


class _TimeUp(BaseException):
    """Ends the drawing; what is no Exception goes through Hypothesis without a report."""


def _batch(
    cases: "st.SearchStrategy[Scenario]", seed: int, is_over: Callable[[], bool]
) -> list[Scenario]:
    batch: list[Scenario] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=_BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(cases)
    def draw(case: Any) -> None:
        batch.append(case)
        if is_over():
            raise _TimeUp

    with suppress(_TimeUp):
        draw()
    return batch


def _for_file(scenario: Scenario, name: str) -> Scenario:
    """Faults about the file that is there already mean the one that is uploaded."""
    faults = tuple(for_file(fault, name) for fault in scenario.faults)
    return replace(scenario, faults=faults)


def _keep_no_files() -> None:
    """Hypothesis keeps notes about the code under test in the working folder: not in the user's."""
    from hypothesis.configuration import set_hypothesis_home_dir

    set_hypothesis_home_dir(tempfile.gettempdir() + "/quecsim-hypothesis")
