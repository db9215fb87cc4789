"""The real files that scenarios upload, out of the certifi package.

The certificate is Amazon Root CA 1: real modules have printed its checksum (1188 bytes, 2d13).
"""

from quecsim.scenario.schema import Payload

CERTIFICATE_LABEL = "Amazon Root CA 1"
_END = "-----END CERTIFICATE-----\n"


def payload_bytes(payload: Payload) -> bytes:
    """The bytes of a claim's payload: one certificate, or the whole bundle (over 200 KB)."""
    import certifi

    bundle = certifi.contents()
    return (certificate(bundle, CERTIFICATE_LABEL) if payload == "certificate" else bundle).encode()


def certificate(bundle: str, label: str) -> str:
    """One PEM block of a certifi bundle, by its label, with LF line ends and a final LF."""
    _, found, after = bundle.partition(f'# Label: "{label}"\n')
    assert found, label
    start = after.index("-----BEGIN CERTIFICATE-----")
    return after[start : after.index(_END, start) + len(_END)]
