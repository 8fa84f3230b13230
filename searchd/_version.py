"""The version of searchd."""

__version__ = "0.1.0"
