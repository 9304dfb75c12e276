"""Property tests draw the same examples in every run, so that what passed once passes again.

`pytest --hypothesis-profile=explore` draws new ones each time: for looking for bugs at leisure.
"""

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile("same")
