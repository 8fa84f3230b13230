"""Sources: files of many kinds, read one record at a time.

`scan` finds the files at the paths that a user gives: which will be read, which are skipped, and
how many bytes they have. `read_records` yields a Record for each entry of each file, or a BadRecord
for one that cannot be read, and goes on after it. `indexer.mapping` makes documents of records.

Each kind of file has a reader in a module of its name (`plain` for text and Markdown), which is
loaded at the first such file. `text_signatures` tells kinds by content. The readers of marked-up
texts share `flowing_text`, those of XML `xml_elements`.
"""

from indexer.sources.discovery import Kind, Scan, SourceFile, scan, with_options
from indexer.sources.options import ReadOptions
from indexer.sources.reading import read_records, total_bytes
from indexer.sources.records import BadRecord, Record

__all__ = [
    "BadRecord",
    "Kind",
    "ReadOptions",
    "Record",
    "Scan",
    "SourceFile",
    "read_records",
    "scan",
    "total_bytes",
    "with_options",
]
