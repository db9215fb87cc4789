"""The files that scenarios upload: a certificate, a bundle of them, and firmware.

The certificate is that of the test authority, by which brokers of `[[service]]` are checked: 1188
bytes, as the one of the thread. The bundle is certifi's. The firmware is a package of quecsim's own
format around bytes that are the same every time.
"""

from quecsim.firmware.package import build_package
from quecsim.rng import Stream
from quecsim.scenario.schema import Claim, Payload, Scenario

CERTIFICATE_LABEL = "root of the test authority"
AMAZON_LABEL = "Amazon Root CA 1"
"""In certifi's bundle. Real modules have printed its checksum: 1188 bytes, 2d13."""
_END = "-----END CERTIFICATE-----\n"


def payload_bytes(payload: Payload) -> bytes:
    """The bytes of a claim's payload: one certificate, or the whole bundle (over 200 KB)."""
    if payload == "certificate":
        from quecsim.tls.authority import authority_pem

        return authority_pem()
    import certifi

    return certifi.contents().encode()


def claim_bytes(scenario: Scenario, claim: Claim) -> bytes:
    """The bytes of a claim's payload, made for the scenario's device."""
    if claim.payload != "firmware":
        return payload_bytes(claim.payload)
    source = claim.source or scenario.device_profile.identity.revision
    return firmware(claim.firmware_bytes, source, claim.target)


def firmware(size_bytes: int, source: str, target: str) -> bytes:
    """A package of exactly `size_bytes` (as many as its frame takes, at least)."""
    frame = len(build_package(b"\0", source, target)) - 1
    payload_size = max(1, size_bytes - frame)
    length = len(build_package(bytes(payload_size), source, target))
    return _package(max(1, payload_size + size_bytes - length), source, target)


def _package(payload_bytes_: int, source: str, target: str) -> bytes:
    stream = Stream(1, "firmware")
    words = [stream.u64().to_bytes(8, "big") for _ in range(-(-payload_bytes_ // 8))]
    return build_package(b"".join(words)[:payload_bytes_], source, target)


def certificate(bundle: str, label: str) -> str:
    """One PEM block of a certifi bundle, by its label, with LF line ends and a final LF."""
    _, found, after = bundle.partition(f'# Label: "{label}"\n')
    assert found, label
    start = after.index("-----BEGIN CERTIFICATE-----")
    return after[start : after.index(_END, start) + len(_END)]
