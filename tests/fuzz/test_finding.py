import pytest
from msgspec.structs import replace

from quecsim.faults import BitError, ConnectLate, ErrorReply, Fault, InsertBytes, ResetFault
from quecsim.fuzz.case import make_case
from quecsim.fuzz.finding import Finding, expectation
from quecsim.fuzz.hosts import FunctionHost
from quecsim.judge.stored import looks_whole
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from tests.fuzz.uploaders import MISTAKES, right


def case(payload: bytes, *faults: Fault) -> Scenario:
    return make_case(replace(make_scenario("ec200u"), faults=faults), payload)


def finding(base: str, *trouble: str) -> Finding:
    return Finding(base, frozenset(trouble), "")


def test_the_cause_is_a_name_for_a_file() -> None:
    assert finding("trusted-short-upload", "ring").slug == "trusted-short-upload-ring"
    assert finding("hangs", "power_cut", "ack_lost").slug == "hangs-ack-lost-power-cut"


@pytest.mark.parametrize(
    ("known", "other", "explains"),
    [
        (("hangs",), ("hangs", "ring"), True),
        (("hangs", "ring"), ("hangs", "ring", "echo_on"), True),
        (("hangs", "ring"), ("hangs",), False),
        (("hangs",), ("no-wait-for-ack",), False),
    ],
)
def test_the_same_with_less_trouble_explains_it(
    known: tuple[str, ...], other: tuple[str, ...], explains: bool
) -> None:
    assert finding(*known).explains(finding(*other)) is explains


def test_where_nothing_goes_wrong_the_upload_must_succeed() -> None:
    def gives_up(_port: object, _name: str, _data: bytes) -> bool:
        return False

    found = FunctionHost(gives_up).run(case(b"a")).finding
    assert found is not None
    assert found.base == "failed-none"
    assert expectation(case(b"a"), found.trouble) == "intact"


def test_a_host_may_fail_honestly_where_a_fault_fired_and_not_where_it_did_not() -> None:
    refused = ErrorReply(command="+QFUPL", reply="ERROR", times=10)
    run = FunctionHost(right).run(case(b"a", refused))
    assert [fault.kind for fault in run.fired] == ["error_reply"]
    assert run.finding is None
    never = FunctionHost(MISTAKES["size_in_characters"]).run(
        case("\xfc".encode(), ConnectLate(connect=50, delay_ms=100))
    )
    assert never.fired == ()
    assert never.finding is not None
    assert never.finding.trouble == frozenset()


def test_a_file_that_is_there_is_no_excuse() -> None:
    from quecsim.faults import ExistingFile

    run = FunctionHost(MISTAKES["blind_retry"]).run(
        case(b"a", ExistingFile(name="UFS:ca.pem", text="old"))
    )
    assert run.finding is not None
    assert run.finding.slug == "existing-file"


def test_a_host_that_trusts_a_spoiled_line_is_found() -> None:
    run = FunctionHost(MISTAKES["no_compare"]).run(case(b"a" * 200, BitError(at_byte=100, bit=0)))
    assert run.finding is not None
    assert run.finding.slug == "said-ok-but-wrong-bit-error"


def test_what_the_module_s_own_checksum_cannot_see_is_not_held_against_the_host() -> None:
    """Two bytes of the same value and parity, inserted: size and exclusive or are as before."""
    assert looks_whole(b"abab", b"baba")
    assert not looks_whole(b"ab", b"ba")
    assert not looks_whole(None, b"")
    payload = b"a" * 875
    run = FunctionHost(right).run(case(payload, InsertBytes(per_million=1000)))
    assert [fault.kind for fault in run.fired] == ["insert_bytes"]
    assert run.finding is None


def test_losses_that_follow_from_a_reset_are_not_told_beside_it() -> None:
    def blind(port: object, name: str, data: bytes) -> None:
        MISTAKES["no_compare"](port, name, data)

    run = FunctionHost(blind).run(case(b"a" * 500, ResetFault(at_byte=100)))
    assert [fault.kind for fault in run.fired] == ["reset"]
    assert run.finding is None or run.finding.trouble == {"reset"}
