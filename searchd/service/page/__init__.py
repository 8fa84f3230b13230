"""The search page: a reader's place to search and read, rendered by the server.

Every state has an address and works without JavaScript; the scripts only add suggestions while
typing and moves between matches without loading. Needs Jinja2 (extra `serve`).

routes.py       `add_page`: the routes, and errors as pages
addresses.py    what an address asks for, and the address of each link
preferences.py  language and theme of the reader
texts.py        every text of the interface, in Arabic and English
query_errors.py what is wrong with a query or filter, in Arabic
formatting.py   numbers, counts and dates as each language writes them
rendering.py    templates, and texts with their matches marked
problems.py     an exception as what the page says of it
start.py        the empty start: newest documents, and examples that find something
filters.py      facets and filters as links
reading.py      a document in parts and paragraphs, with its matches in order
templates/      HTML (Jinja2, autoescaped)
static/         style sheet, scripts and icon; nothing comes from another host
"""

from searchd.service.page.routes import add_page

__all__ = ["add_page"]
