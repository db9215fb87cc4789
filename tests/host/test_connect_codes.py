"""Every number that the manuals print has words; TLS is thought of where it may be the reason."""

import pytest

from quecsim.host.connect_codes import (
    CERTIFICATE_CODES,
    open_meaning,
    refused_meaning,
    stat_meaning,
)
from quecsim.host.connect_plan import ConnectPlan
from quecsim.profiles.loader import load_profile, profile_names

PLAIN = ConnectPlan("broker.example", 1883)
TLS = ConnectPlan("broker.example", 8883, cacert="UFS:ca.pem")


def test_every_number_has_words_and_advice() -> None:
    meanings = [
        *(open_meaning(code, PLAIN) for code in (-1, 1, 2, 3, 4, 5, 6, 7)),
        *(refused_meaning(code) for code in range(1, 6)),
        *(stat_meaning(code) for code in range(1, 9)),
    ]
    assert all(meaning.words and meaning.advice for meaning in meanings)
    assert "no meaning is known" not in {meaning.words for meaning in meanings}


def test_another_number_is_no_crash() -> None:
    assert open_meaning(99, TLS) == refused_meaning(99) == stat_meaning(0)


@pytest.mark.parametrize("device", profile_names())
def test_the_advice_speaks_of_certificates_where_a_device_means_them(device: str) -> None:
    mqtt = load_profile(device).mqtt
    if mqtt is None:
        return
    codes = {code for why, code in mqtt.open_results.items() if why.startswith("tls:")}
    assert codes <= CERTIFICATE_CODES
    for code in codes:
        assert "a refused certificate" in open_meaning(code, TLS).advice
        assert "certificate" not in open_meaning(code, PLAIN).advice
    assert "certificate" not in open_meaning(mqtt.open_results["dns"], TLS).advice


def test_a_file_that_nobody_has_checked_is_the_first_suspect() -> None:
    plan = ConnectPlan("broker.example", 8883, cacert="UFS:ca.pem", is_verified=False)
    advice = open_meaning(5, plan).advice
    assert advice.index("UFS:ca.pem is whole") < advice.index("signed the broker's")
    assert "is whole" not in open_meaning(5, TLS).advice


def test_the_clients_own_certificate_is_a_suspect_where_there_is_one() -> None:
    plan = ConnectPlan(
        "broker.example", 8883, cacert="ca.pem", client_cert="me.pem", client_key="me.key"
    )
    assert "the key fits it" in open_meaning(5, plan).advice
    assert "the key fits it" not in open_meaning(5, TLS).advice
