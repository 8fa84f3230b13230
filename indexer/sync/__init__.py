"""Folders kept in step: the index is made equal to a folder, and reads only what has changed.

- `indexer.sync.folder_sync.sync_folder`: one run, which ends in one commit.
- `indexer.sync.folder_watch.watch_folder`: runs as files change; it needs the package watchfiles.
- `indexer.sync.report`: what a run did, and the settings of it.

A run walks over the folder (`folder_walk`), compares it with the table of files that the index keeps
(`comparison`, `indexer.file_table`), and writes with a `sync_writer`. Documents belong to the file
that they were made of; what was indexed otherwise is not touched.
"""
