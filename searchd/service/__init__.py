"""The HTTP service: a JSON API over one engine, and the search page.

`create_app(engine)` makes the ASGI application; `searchd serve` runs it. Needs the extra `serve`
(FastAPI, uvicorn), so nothing else in searchd imports this folder.

app.py      the routes
models.py   what a request may say and what an answer holds; the OpenAPI reference is made of it
errors.py   every error as one JSON shape
headers.py  the security headers of every response, and the last resort for unforeseen errors
static/     the page: plain HTML, CSS and JavaScript that load nothing from another host
"""

from searchd.service.app import create_app

__all__ = ["create_app"]
