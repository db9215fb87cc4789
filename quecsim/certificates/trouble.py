"""What can be wrong with a file of certificates or keys, as one record."""

import msgspec


class Trouble(msgspec.Struct, frozen=True):
    """`seen` says what is wrong and where, `advice` what to do; both without a full stop.

    `kind` is armour | base64 | der | end | junk | encoding | key-form | line-ends. `is_harmless`:
    most TLS stacks take the file all the same.
    """

    kind: str
    seen: str
    advice: str
    is_harmless: bool = False
