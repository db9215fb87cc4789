"""A compiled library that sees its first date in virtual time takes real ones, then and later."""

import subprocess
import sys

PROGRAM = """
import sys

import serial

from quecsim.virtual.device import open_virtual

assert "cryptography.x509" not in sys.modules
with open_virtual("ec200u") as device:
    with serial.serial_for_url(device.url, timeout=1) as port:
        import datetime

        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        assert datetime.datetime.__module__ == "quecsim.virtual.patches"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([])

        def certificate():
            builder = x509.CertificateBuilder(name, name, key.public_key(), 5)
            builder = builder.not_valid_before(datetime.datetime(2020, 1, 1))
            builder = builder.not_valid_after(datetime.datetime(2030, 1, 1))
            return builder.sign(key, hashes.SHA256())

        print(certificate().not_valid_before_utc.year)
print(certificate().not_valid_after_utc.year)
"""


def test_the_first_certificate_of_a_process_is_made_in_virtual_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["2020", "2030"], done.stderr
