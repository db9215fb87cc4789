"""The full screen as a process of its own: `quecsim run --tui` starts it with the control socket's
path. How the run ended is told by who started it.
"""

import sys

from quecsim.errors import QuecsimError


def main() -> None:
    """Exit codes: 0 it was left, or the simulator has ended; 2 there is no simulator."""
    from quecsim.tui.app import show

    try:
        show(sys.argv[1])
    except QuecsimError as error:
        print(f"quecsim: {error}", file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
