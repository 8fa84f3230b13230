"""Copies of an index that is written to meanwhile: backups, restored indexes and replicas.

The files of segments never change, and have names that no other file ever has. So a copy of a
generation is its files and then, last, what names them.

- `held_files.HeldFiles`: the files of one generation, held open while they are copied.
- `repository.BackupFolder`: a folder of backups, with a manifest for each. `backup.back_up` adds one,
  `restore.restore` makes an index of one again.
- `installing.install_generation`: what restored indexes and replicas have in common: files under
  temporary names, checked and made durable, then the generation that names them.
- `replica.replicate` follows a directory, or the service of a primary through `http_source.HttpSource`.
"""
