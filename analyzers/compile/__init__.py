"""Offline compilers of the files in `analyzers/data`. They are not part of the installed package."""
