"""The command line: one module for each command, which calls the engine or the indexer.

A command imports what it runs inside its function, so that `searchd --help` loads neither numpy
nor Whoosh nor the service.

program.py            the group of commands, and how errors end it
exit_status.py        the meaning of each exit status
options.py            options and output that several commands share
word_files.py         options for the user's own dictionaries
text_command.py       commands whose arguments are one text
terminal.py           display width, line breaking, colours
progress.py           progress bars
evaluation_report.py  the output of `searchd evaluate`
http_server.py        the server of `searchd serve`
"""

from searchd.cli.program import main

__all__ = ["main"]
