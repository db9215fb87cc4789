"""Names of topics, the filters that ask for them, and which filter takes which name.

Source: MQTT 3.1.1, section 4.7; 3.1 (appendix A) has the same rules.
"""

MOST_BYTES = 65_535


def is_name(text: str) -> bool:
    """Whether a message can have it as its topic: not empty, without wildcards and U+0000."""
    return _is_string(text) and _is_plain(text)


def is_filter(text: str) -> bool:
    """Whether it can be subscribed to: a wildcard has its level alone, and `#` the last one."""
    *levels, last = text.split("/")
    return (
        _is_string(text)
        and all(level == "+" or _is_plain(level) for level in levels)
        and (last in ("+", "#") or _is_plain(last))
    )


def matches(topic_filter: str, name: str) -> bool:
    """Whether `topic_filter` takes the topic `name`, both valid.

    `+` takes one level, `#` any number, also none (`a/#` takes `a`). A wildcard in the first level
    takes no name that begins with `$`: those are the broker's own.
    """
    wanted = topic_filter.split("/")
    given = name.split("/")
    if wanted[0] in ("+", "#") and name.startswith("$"):
        return False
    if wanted[-1] == "#":
        wanted.pop()
        given = given[: len(wanted)]
    return len(wanted) == len(given) and all(
        want in ("+", have) for want, have in zip(wanted, given, strict=True)
    )


def _is_plain(text: str) -> bool:
    return "+" not in text and "#" not in text


def _is_string(text: str) -> bool:
    """One that a packet can carry. A surrogate is no character."""
    try:
        return 0 < len(text.encode()) <= MOST_BYTES and "\0" not in text
    except UnicodeEncodeError:
        return False
