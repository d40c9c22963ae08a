"""What all tests share: no example is judged by the clock, and in CI hypothesis draws the same examples every time."""

import os

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.register_profile("ci", settings.get_profile("patient"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "patient")
