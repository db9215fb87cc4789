import json
from dataclasses import replace

import pytest

from quecsim.demo import show
from quecsim.demo.outcomes import Outcomes
from quecsim.demo.play import DemoOutcome
from quecsim.demo.ways import CARGOES, WAYS
from tests.demo.made import WHY, as_told, outcome


@pytest.fixture
def outcomes() -> list[DemoOutcome]:
    return list(as_told())


def told() -> Outcomes:
    return Outcomes(list(as_told()))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_facts_name_ways_files_and_device() -> None:
    facts = dict(show.facts())
    assert [facts[f"{number} {way.title}"] for number, way in enumerate(WAYS, 1)] == [
        way.method for way in WAYS
    ]
    assert "ring of 512 bytes, stops for 40 ms after every 256 bytes" in facts["module"]
    assert facts["certificate"] == (
        "root of the test authority, 1188 bytes; played in real time, on a pseudo terminal"
        " (5: in virtual time)"
    )
    assert facts["CA bundle"].endswith("played in virtual time")


def test_quick_facts_are_of_what_is_played() -> None:
    facts = dict(show.facts(is_quick=True))
    assert facts["certificate"].endswith("1188 bytes; played in virtual time")
    assert "CA bundle" not in facts


def test_the_table_has_a_row_for_each_upload(outcomes: list[DemoOutcome]) -> None:
    lines = show.table(outcomes, colour=False).splitlines()
    rows = [" ".join(line.split()) for line in lines if "1188" in line]
    assert len(rows) == len(WAYS) * len(CARGOES)
    assert rows[0] == "1 PC over USB certificate 1188 1188 0 380d ok 0.2 let in"
    assert rows[2] == "2 microcontroller certificate 1188 1073 115 beef NO 3.4 no: 5"
    assert rows[3] == "CA bundle 1188 1073 115 beef NO 3.4 -"


def test_large_numbers_fit_into_80_columns(outcomes: list[DemoOutcome]) -> None:
    assert outcomes[3].upload is not None
    large = replace(outcomes[3], sent=1_234_072, answer_ns=1234 * 10**9)
    lines = show.table([*outcomes[:3], large], colour=False).splitlines()
    assert max(map(len, lines)) <= 80
    assert any("1234072" in line and "1234.0" in line for line in lines)


def test_no_control_codes_without_colour(outcomes: list[DemoOutcome]) -> None:
    for is_coloured in (True, False):
        text = show.table(outcomes, colour=is_coloured)
        text += show.picture(outcomes[2], colour=is_coloured)
        assert ("\x1b" in text) == is_coloured


def test_a_picture_has_its_lanes() -> None:
    lanes = {"naive": ["busy", "lost"], "rtscts": ["busy", "held"]}
    for key, names in lanes.items():
        text = show.picture(told().of(key, CARGOES[0]), colour=False)
        assert max(map(len, text.splitlines())) <= 80
        assert [line[:4] for line in text.splitlines()[-2:]] == names


def test_the_words_tell_which_byte_when_and_why() -> None:
    text = show.lost(told().of("naive", CARGOES[0]))
    assert "each stop of 40 ms some 460 bytes arrive" in text
    assert "90.0 ms after the first byte it holds all of its 512 bytes" in text
    assert "Byte 1031 of the certificate (counted from 0) is the first" in text
    assert "114 more go the same way, until the stop ends at 100.0 ms" in text


def test_what_the_host_makes_of_it_and_what_is_left() -> None:
    text = show.aftermath(told())
    assert "still waits for 115 bytes, gives up after 3 s" in text
    assert "answers +CME ERROR: 421" in text
    assert "Of the CA bundle 10 % is gone, in 1 place." in text


def test_the_price_is_told_of_the_bundle_only() -> None:
    assert "no fuller than 391 bytes, because the sender was held for 77.0 ms" in show.late(told())
    assert "The price is time: 0 s, 0 s, 0 s" in show.late(told())
    quick = Outcomes([each for each in told().all if each.cargo is CARGOES[0]])
    assert "The price" not in show.late(quick)
    assert "bundle" not in show.aftermath(quick)


def test_a_sentence_compares_the_checksums() -> None:
    right, wrong = (told().of(key, CARGOES[0]) for key in ("usb", "naive"))
    assert show.sentence(right).endswith("checksum 380d, as that of the file.")
    assert show.sentence(wrong).endswith("checksum beef, NOT as that of the file (380d).")


def test_what_the_broker_says() -> None:
    let_in, refused = (told().of(key, CARGOES[0]) for key in ("usb", "naive"))
    assert show.broker_sentence(let_in) == "1 PC over USB: let in."
    assert show.broker_sentence(refused) == (
        "2 microcontroller: NOT let in (+QMTOPEN: 0,5). No END line."
    )


def test_what_did_not_come_out_as_told_is_said(outcomes: list[DemoOutcome]) -> None:
    wrong = [outcome(WAYS[0], CARGOES[0], loses=True), outcome(WAYS[1], CARGOES[0], loses=False)]
    text = flat(show.otherwise(wrong))
    assert text.startswith("This did not come out as told:")
    assert "1 PC over USB, certificate: was to arrive whole, but: 115 bytes lost;" in text
    assert "2 microcontroller, certificate: was to lose bytes, but: all 1188 bytes" in text


def test_commands_to_try_next() -> None:
    assert all(command.startswith("quecsim ") and what for command, what in show.NEXT_STEPS)


def test_json(outcomes: list[DemoOutcome]) -> None:
    told = json.loads(show.as_json(outcomes))
    assert told["as_told"] is True
    assert [entry["way"] for entry in told["uploads"]][::2] == [way.key for way in WAYS]
    naive = told["uploads"][2]
    assert (naive["file"], naive["sent"], naive["lost"]) == ("certificate", 1188, 115)
    assert (naive["first_lost_byte"], naive["why"]) == (1031, WHY)
    assert (naive["is_intact"], naive["is_as_told"], naive["verdict"]) == (False, True, "lost")


def test_json_of_an_upload_that_never_was(outcomes: list[DemoOutcome]) -> None:
    told = json.loads(show.as_json([replace(outcomes[0], upload=None)]))
    assert told["as_told"] is False
    assert told["uploads"][0]["verdict"] is None
