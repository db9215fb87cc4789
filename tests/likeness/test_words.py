from quecsim.likeness.changes import Change
from quecsim.likeness.comparison import Comparison, Difference, compare, record_of
from quecsim.likeness.search import Explained
from quecsim.likeness.times import Pair
from quecsim.likeness.words import quoted, table, text, verdict
from quecsim.profiles.loader import load_profile
from quecsim.units import ms
from tests.likeness.device import asks, session

PROFILE = load_profile("ec200u")
RECORD = record_of(session(asks("AT", "ATI")), PROFILE)
FOUND = compare(RECORD, PROFILE)


def _with(**changes: object) -> Comparison:
    from dataclasses import replace

    return replace(FOUND, **changes)  # type: ignore[arg-type]


def test_what_was_said_is_shown_on_one_line() -> None:
    assert quoted(b"\r\nOK\r\n") == r"\r\nOK\r\n"
    assert quoted(b"") == "nothing"
    assert quoted(b"\x00\xff") == r"\x00\xff"
    assert quoted(b"x" * 200) == "x" * 160 + " and 40 bytes more"


def test_long_replies_are_shown_where_they_differ() -> None:
    module, profile = b"a" * 500 + b"1", b"a" * 500 + b"2"
    one = Difference(1, 3, 0, "AT", module, profile)
    told = text(RECORD, PROFILE, _with(differences=(one,)), Explained(FOUND))
    assert "module   (from byte 476 on) " + "a" * 24 + "1\n" in told
    assert "profile  (from byte 476 on) " + "a" * 24 + "2" in told


def test_everything_besides_is_told() -> None:
    comparison = _with(
        unsent=("AT+QFUPL=1",),
        lost_at="AT+CSQ",
        varying=("AT+COPS?",),
        urcs=(("module", "+CREG: 1"), ("profile", "RDY")),
        masked={"clock": ("+CCLK",)},
        pairs=(Pair("ATI", [ms(10)] * 3, [ms(30)] * 3), Pair("AT", [ms(10)], [ms(10)])),
    )
    explained = Explained(FOUND, times={"ATI": (Change("files.upload_timer", "total"),)})
    explained.runs, explained.is_whole = 600, False
    told = text(RECORD, PROFILE, comparison, explained).splitlines()
    assert told[2:] == [
        "AT+QFUPL=1: refused by the profile, so its data was not sent",
        "not compared from AT+CSQ on: the profile stays in data mode",
        "the module itself says one thing and another to AT+COPS?",
        "unsolicited, only from the module: +CREG: 1",
        "unsolicited, only from the profile: RDY",
        "times that differ (median, and the interval it is in):",
        "  ATI: module 10.0 ms (10.0-10.0, 3 times), profile 30.0 ms (30.0-30.0, 3 times); "
        'explained by files.upload_timer = "total"',
        "left out, because it differs by itself: clock (+CCLK)",
        "the search for values was ended after 600 runs",
    ]
    plain = table(RECORD, PROFILE, comparison, explained)
    assert plain["not_sent"] == ["AT+QFUPL=1"]
    assert [pair["differs"] for pair in plain["times"]] == [True, False]
    assert plain["searched_all"] is False


def test_the_verdict_counts() -> None:
    differences = tuple(Difference(n, n, 0, "AT", b"1", b"2") for n in (1, 2))
    assert verdict(FOUND) == "like: the replies of all 2 exchanges agree"
    assert verdict(_with(differences=differences)) == "differs in 2 of 2 exchanges"
    assert verdict(_with(differences=differences, runs=3)).endswith("exchanges, in 3 runs")
    assert verdict(_with(compared=1)) == "like: the reply of the one exchange agrees"
    assert verdict(_with(compared=0)).startswith("nothing to compare")
