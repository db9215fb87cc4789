"""The files that scenarios upload: real certificates out of the certifi package, and firmware.

The certificate is Amazon Root CA 1: real modules have printed its checksum (1188 bytes, 2d13). The
firmware is a package of quecsim's own format around bytes that are the same every time.
"""

from quecsim.firmware.package import build_package
from quecsim.rng import Stream
from quecsim.scenario.schema import Claim, Payload, Scenario

CERTIFICATE_LABEL = "Amazon Root CA 1"
_END = "-----END CERTIFICATE-----\n"


def payload_bytes(payload: Payload) -> bytes:
    """The bytes of a claim's payload: one certificate, that of the test authority (which has the
    same size), or the whole bundle (over 200 KB).
    """
    if payload == "authority":
        from quecsim.tls.authority import authority_pem

        return authority_pem()
    import certifi

    bundle = certifi.contents()
    return (certificate(bundle, CERTIFICATE_LABEL) if payload == "certificate" else bundle).encode()


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
