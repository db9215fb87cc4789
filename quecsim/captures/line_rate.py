"""The line's rate, read off the times of its bytes: a UART sends them back to back."""

from quecsim.units import S

_USUAL_BAUD = (
    1_200, 2_400, 4_800, 9_600, 14_400, 19_200, 28_800, 38_400, 57_600, 76_800, 115_200, 230_400,
    460_800, 500_000, 576_000, 921_600, 1_000_000, 1_500_000, 1_843_200, 2_000_000, 3_000_000,
)  # fmt: skip
_LEAST_STEPS = 16
_MOST_STEPS = 4_096
_NEAR_PER_CENT = 3
_FRAMES = {10: "8N1", 11: ""}  # 11 bits: 8E1, 8O1 or 8N2, which times alone do not tell


class LineRate:
    """Hears the times of one side's bytes, and then says how fast its line is."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._last_ns: int | None = None

    def hear(self, at_ns: int, count: int) -> None:
        """`count` bytes, the first of them at `at_ns`."""
        if count == 1 and self._last_ns is not None and len(self._steps) < _MOST_STEPS:
            step_ns = at_ns - self._last_ns
            if step_ns > 0:
                self._steps.append(step_ns)
        self._last_ns = at_ns if count == 1 else None

    def found(self) -> tuple[int, str]:
        """Baud and frame; 0 and empty: not to be told."""
        if len(self._steps) < _LEAST_STEPS:
            return 0, ""
        steps = sorted(self._steps)
        byte_ns = _back_to_back(steps)
        for bits, frame in _FRAMES.items():
            baud = bits * S // byte_ns
            near = min(_USUAL_BAUD, key=lambda usual: abs(usual - baud))
            if abs(near - baud) * 100 <= near * _NEAR_PER_CENT:
                return near, frame
        return 0, ""


def _back_to_back(steps: list[int]) -> int:
    """The step that most of the shortest have: the median of those that are within a fifth of the
    first that is no stray (a twentieth is passed over).
    """
    first = steps[len(steps) // 20]
    near = [step for step in steps if first * 4 <= step * 5 <= first * 6]
    return near[len(near) // 2]
