"""The border between a device and the network behind it: wishes go out, news come in.

It lies above TLS, whose bytes are random: what crosses is plaintext, and what became of a
connection. Pure data, and the shape of whoever answers.
"""

from quecsim.border.news import Closed, Data, Failed, News, Opened, Why
from quecsim.border.peer import Peer
from quecsim.border.wish import CREDIT_BYTES, MOST_LINKS, Credit, Open, Send, Shut, TlsWish, Wish

__all__ = [
    "CREDIT_BYTES",
    "MOST_LINKS",
    "Closed",
    "Credit",
    "Data",
    "Failed",
    "News",
    "Open",
    "Opened",
    "Peer",
    "Send",
    "Shut",
    "TlsWish",
    "Why",
    "Wish",
]
