"""The command line: one module for each command, thin over the engine and the indexer.

The modules import what they run inside their commands, so that `searchd --help` loads neither
numpy nor Whoosh nor the service.
"""

from searchd.cli.program import main

__all__ = ["main"]
