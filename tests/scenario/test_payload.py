import certifi

from quecsim.checksum import checksum, checksum_text
from quecsim.scenario.payload import AMAZON_LABEL, certificate, payload_bytes
from quecsim.tls.authority import authority_pem


def test_the_certificate_is_the_one_of_the_brokers_in_process() -> None:
    data = payload_bytes("certificate")
    assert data == authority_pem()
    assert (len(data), checksum_text(checksum(data))) == (1188, "380d")


def test_the_bundle_has_one_of_that_size_whose_checksum_real_modules_printed() -> None:
    data = certificate(certifi.contents(), AMAZON_LABEL).encode()
    assert (len(data), checksum_text(checksum(data))) == (1188, "2d13")


def test_another_certificate_with_a_known_checksum() -> None:
    data = certificate(certifi.contents(), "ISRG Root X1").encode()
    assert (len(data), checksum_text(checksum(data))) == (1939, "4f64")


def test_the_bundle_is_a_larger_file() -> None:
    data = payload_bytes("bundle")
    assert len(data) > 200_000
    assert certificate(certifi.contents(), AMAZON_LABEL).encode() in data
