"""Properties are tried on the same examples each time: a search for new ones is started on purpose.

`HYPOTHESIS_PROFILE=search ./try test tests/flash` draws others at every run.
"""

import os

from hypothesis import settings

# No deadline: machines are noisy, and how long an example takes says nothing.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
