"""Writing over HTTP: bodies become changes of an index, one after the other.

limits.py       `limits.WriteLimits`: what waits, and what is kept
bodies.py       types and sizes of bodies, and `bodies.JsonRoute`
uploads.py      bodies as temporary files
tasks.py        `tasks.WriteTask`: one change, its state and its result
write_queue.py  `write_queue.WriteQueue`: the changes of each index in turn
background_merges.py   merges after changes, each in a process of its own
batches.py      documents written, updated and deleted in one commit
files.py        the records of one file that was sent
routes.py       the routes of documents and files
task_routes.py  the routes of tasks
models.py       models of requests and responses
"""
