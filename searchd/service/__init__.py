"""The HTTP service: a JSON API over one engine, and the search page.

`create_app(engine)` returns the ASGI application; `searchd serve` runs it. Needs the extra `serve`
(FastAPI, Jinja2, uvicorn), so nothing else in searchd imports this package.

app.py          the routes
models.py       models of requests and responses, from which the OpenAPI reference is generated
errors.py       exceptions to JSON error responses
headers.py      security headers of every response, and status 500 for unhandled exceptions
hosts.py        requests for hosts that are not allowed are refused
authorization.py who may do what: API keys, the loopback without keys
rate_limits.py  token buckets of addresses and keys
request_log.py  the id of each request, access log, slow queries
logs.py         lines of the log, as text or JSON
metrics.py      counters and gauges for Prometheus
compression.py  answers compressed by zstd or gzip
conditional.py  ETag, If-None-Match and HEAD
limits.py       `ServiceLimits`: what the service does at once, and how long it waits
admission.py    a bounded number of searches at once, and a short queue
connections.py  the connections of the server: their number and time-outs
descriptors.py  the limit of open files
request_errors.py  requests that are refused for what they ask
writing/        changes of documents: bodies, the queue of each index, tasks
indexes/        the indexes of a folder in one service, with aliases
page/           the search page: search and reading, rendered here, without any file from another host
"""

from searchd.service.app import create_app
from searchd.service.limits import ServiceLimits

__all__ = ["ServiceLimits", "create_app"]
