"""The border between a device and the network behind it: wishes go out, news come in.

It lies above TLS, whose bytes are random: what crosses is plaintext, and what became of a
connection. Pure data, and the shape of whoever answers.
"""

from quecsim.border.news import (
    Closed,
    Data,
    Failed,
    Incoming,
    Listening,
    News,
    Opened,
    Pong,
    Resolved,
    Secured,
    Sent,
    Why,
)
from quecsim.border.peer import Peer
from quecsim.border.wish import (
    CREDIT_BYTES,
    MOST_CALLS,
    MOST_LINKS,
    SEND_BYTES,
    Accept,
    Begin,
    Credit,
    Listen,
    Open,
    Ping,
    Refuse,
    Resolve,
    Secure,
    Send,
    Shut,
    TlsWish,
    Wish,
)

__all__ = [
    "CREDIT_BYTES",
    "MOST_CALLS",
    "MOST_LINKS",
    "SEND_BYTES",
    "Accept",
    "Begin",
    "Closed",
    "Credit",
    "Data",
    "Failed",
    "Incoming",
    "Listen",
    "Listening",
    "News",
    "Open",
    "Opened",
    "Peer",
    "Ping",
    "Pong",
    "Refuse",
    "Resolve",
    "Resolved",
    "Secure",
    "Secured",
    "Send",
    "Sent",
    "Shut",
    "TlsWish",
    "Why",
    "Wish",
]
