"""Settings that hold for every test."""

from __future__ import annotations

from hypothesis import settings

# Where tests run side by side, the time of day says nothing about one of them.
settings.register_profile("searchd", deadline=None, max_examples=30)
settings.load_profile("searchd")
