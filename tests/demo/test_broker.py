"""What the broker says to a certificate, whole or not."""

from quecsim.demo.broker import BrokerAnswer, broker_answer
from quecsim.demo.ways import CARGOES, WAYS
from quecsim.tls.authority import authority_pem


def answer(content: bytes) -> BrokerAnswer:
    return broker_answer(CARGOES[0].scenario(WAYS[1]), "UFS:ca.pem", content)


def test_the_whole_one_is_let_in() -> None:
    assert answer(authority_pem()) == BrokerAnswer(True)
    assert answer(authority_pem()).text == "let in"


def test_what_is_cut_off_is_refused_in_words() -> None:
    refused = answer(authority_pem()[:1035])
    assert (refused.command, refused.code, refused.text) == ("+QMTOPEN", 5, "no: 5")
    assert "is no certificate" in refused.why
