"""What a host can compare differs with the command that uploads: the advice is for that one."""

from dataclasses import dataclass

import pytest

from quecsim.faults import BitError
from quecsim.judge.judgement import Judgement, judge
from quecsim.judge.proof import proof
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.report.model import Verdict
from quecsim.rig import RigConfig
from quecsim.trace.kinds import UPLOADS
from quecsim.units import ms, s
from tests.report.story import DEVICE, M95, PAYLOAD, Story
from tests.report.test_verdict import UPLOAD

DATA = PAYLOAD[:1000]
FC41D = load_profile("fc41d")


@dataclass(frozen=True)
class Way:
    profile: Profile
    before: tuple[bytes, ...]
    command: bytes
    summary: str
    advice: str


WAYS = {
    "qfupl": Way(
        DEVICE, (), b'AT+QFUPL="ca.pem",1000,5\r', "said +QFUPL: 1000,", "compare size and checksum"
    ),
    "qfwrite": Way(
        DEVICE, (b'AT+QFOPEN="ca.pem",1\r',), b"AT+QFWRITE=1027,1000,5\r",
        "+QFWRITE: 1000,1000 counts bytes, and does not tell whether they are right",
        "AT+QFWRITE has no checksum",
    ),
    "qsecwrite": Way(
        M95, (b"AT\r",), b'AT+QSECWRITE="RAM:ca.pem",1000,5\r', "said +QSECWRITE: 1000,",
        "compare size and checksum in +QSECWRITE:",
    ),
    "qsslcert": Way(
        FC41D, (), b'AT+QSSLCERT="CA",2,1000\r',
        "OK counts bytes, and does not tell whether they are right",
        "AT+QSSLCERT says OK, and no more",
    ),
}  # fmt: skip


def judged(way: Way) -> Judgement:
    """Noise on the line, and a host that says that all went well."""
    sent = sum(len(each) for each in way.before) + len(way.command)
    story = Story(way.profile, RigConfig(faults=(BitError(at_byte=sent + 100, bit=0),)))
    for each in (*way.before, way.command, DATA):
        story.say(ms(500), each).wait(s(1))
    story.wait(s(2))
    return judge(story.report, story.events, claim=True, expected=DATA)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_noise_on_the_line(way: Way) -> None:
    found = judged(way)
    assert found.verdict is Verdict.WRONG
    (breach,) = (each for each in found.breaches if each.rule == "trusted-short-upload")
    assert way.summary in breach.text
    assert breach.advice.startswith(way.advice)
    (advice,) = found.advice
    assert advice.kind == "noise"
    has_checksum = "checksum" in advice.advice and "no checksum" not in advice.advice
    assert has_checksum == ("counts bytes" not in way.summary)


def test_each_command_has_its_own_proof() -> None:
    from msgspec.structs import replace

    told = [proof(replace(UPLOAD, command=command)) for command in UPLOADS]
    assert all(told)
    assert len(set(told)) == len(UPLOADS)
    assert proof(None) == ""
