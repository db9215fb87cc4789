"""Compiled libraries that keep the class of dates the first time they need it, for good.

One that does so while a stand-in is in its place (`quecsim.virtual.patches`) would take no other
dates any more: neither then, since the stand-in's values are plain dates, nor afterwards. So it is
made to look before.
"""

import contextlib
import datetime
from functools import cache


@cache
def look_at_dates() -> None:
    """Call it while `datetime.datetime` is the real one; after the first time it does nothing.

    cryptography is the one that comes with quecsim, and loading this part of it takes 4 ms.
    """
    with contextlib.suppress(ImportError, AttributeError):  # another version may have no such part
        from cryptography.hazmat.bindings._rust import x509

        x509.PolicyBuilder().time(datetime.datetime(2020, 1, 1))
