"""Properties are tried on the same examples each time: a search for new ones is started on purpose.

`HYPOTHESIS_PROFILE=search ./try test tests/flash` draws others at every run.
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("search", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
