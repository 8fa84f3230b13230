"""The sources of an index: files of many kinds, read one record at a time.

`scan` looks at the paths a person gave and says what will be read, what is skipped and how many
bytes there are; `read_records` then yields a Record for each entry of each file, or a BadRecord
for what cannot be read, and never stops at one. `indexer.mapping` turns records into documents.
Readers for single kinds of file are the modules named after them; they are loaded when needed.
"""

from indexer.sources.discovery import Kind, Scan, SourceFile, scan
from indexer.sources.reading import read_records, total_bytes
from indexer.sources.records import BadRecord, Record

__all__ = [
    "BadRecord",
    "Kind",
    "Record",
    "Scan",
    "SourceFile",
    "read_records",
    "scan",
    "total_bytes",
]
