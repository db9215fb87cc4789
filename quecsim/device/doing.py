"""What keeps the device busy, in words."""

from collections.abc import Sequence


def flash_doing(why: str, ops: Sequence[tuple[str, int, int, int, int]]) -> str:
    """What the flash did, in words: the longest operation, and how many there were."""
    erases = [op for op in ops if op[0] == "erase"]
    if erases:
        more = f" and {len(erases) - 1} more" if len(erases) > 1 else ""
        return f"the flash erased a block at {erases[0][1]:#x}{more} ({why})"
    if ops:
        return f"the flash programmed {sum(op[2] for op in ops)} bytes at {ops[0][1]:#x} ({why})"
    return f"the flash was read ({why})"
