"""What the broker says to a certificate, whole or not, when a host asks it over the port."""

import serial

from quecsim.demo.broker import BrokerAnswer, ask_broker
from quecsim.demo.ways import CARGOES, WAYS
from quecsim.scenario.options import make_scenario
from quecsim.tls.authority import authority_pem
from quecsim.virtual.device import open_virtual


def answer(content: bytes) -> BrokerAnswer:
    scenario = CARGOES[0].scenario(WAYS[1])
    made = make_scenario(scenario=scenario, files={"UFS:ca.pem": content})
    with (
        open_virtual(scenario=made) as device,
        serial.serial_for_url(device.url, timeout=1) as port,
    ):
        return ask_broker(port, made, "UFS:ca.pem")


def test_the_whole_one_is_let_in() -> None:
    assert answer(authority_pem()) == BrokerAnswer(True)
    assert answer(authority_pem()).text == "let in"


def test_what_is_cut_off_is_refused() -> None:
    refused = answer(authority_pem()[:1035])
    assert (refused.command, refused.code, refused.text) == ("+QMTOPEN", 5, "no: 5")
