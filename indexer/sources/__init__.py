"""Sources: files of many kinds, read one record at a time.

`scan` finds the files at the paths that a user gives: which will be read, which are skipped, and
how many bytes they have. `read_records` yields a Record for each entry of each file, or a BadRecord
for one that cannot be read, and goes on after it. `indexer.mapping` makes documents of records.

Each kind of file has a row in `formats` and a reader in a module of its own, which is loaded at the
first such file. `detection` tells the kind of a file. Files of binary formats are read in processes
of their own (`reader_process`), so that none of them can end a run; `archives` unpacks ZIP and TAR.
Readers of marked-up texts share `flowing_text`, those of XML `xml_elements`.
"""

from indexer.sources.discovery import Scan, scan, with_options
from indexer.sources.kinds import Kind
from indexer.sources.options import ReadLimits, ReadOptions
from indexer.sources.reading import files_to_read, read_records, total_bytes
from indexer.sources.records import BadRecord, Record
from indexer.sources.source_file import SourceFile

__all__ = [
    "BadRecord",
    "Kind",
    "ReadLimits",
    "ReadOptions",
    "Record",
    "Scan",
    "SourceFile",
    "files_to_read",
    "read_records",
    "scan",
    "total_bytes",
    "with_options",
]
