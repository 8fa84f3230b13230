"""Documents to an index on disk, and the index read back.

- `indexer.document.Document`, `indexer.fields.FieldMap`: what is indexed.
- `indexer.sources`: files of many kinds, read as records. `indexer.mapping` makes documents of
  them by the columns of a field map.
- `indexer.repair`: text that was damaged before it came here, found and mended.
- `indexer.indexing.index_records`, `indexer.indexing.delete_documents`: whole runs, with progress,
  bad records and a report.
- `indexer.writer.IndexWriter`: documents added, replaced and deleted in one atomic commit, through
  `indexer.batch` (in worker processes through `indexer.worker`) and `indexer.segment.write`.
- `indexer.generation`: `searchd.json`, which names the segments of an index and what shapes it.
- `indexer.snapshot.Snapshot`: one generation opened for reading; `indexer.segment` is its format.
- `indexer.check.index_check.verify_index`: everything of an index read back and checked.
- `indexer.copies`: backups, restored indexes and replicas.
- `indexer.whoosh.open_whoosh_index`: the index as a Whoosh index, for reading.
- `indexer.errors`: every error that is raised on purpose.

Import the parts from their modules. Nothing is loaded here, so that the errors can be imported
without numpy.
"""
