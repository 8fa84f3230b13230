#!/usr/bin/env bash
# opensearch-py: names and passwords are sent in Latin-1, so that an Arabic one is an error before any request.
#
# http_auth goes through urllib3.make_headers, whose encoding is Latin-1 by default; OpenSearch reads UTF-8. An
# Arabic password is a UnicodeEncodeError of the constructor, and one like "größe" is sent as other bytes
# than the cluster compares with: 401 for the right password. An authorization header that was made in UTF-8 works.
#
# Shown: the header that the client makes of "größe", and the error for an Arabic password.
#   opensearch-py 3.2.0, urllib3 2: gr\xf6\xdfe in place of gr\xc3\xb6\xc3\x9fe; UnicodeEncodeError
# Fails where the client sends UTF-8. Needs pip and the package registry.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet 'opensearch-py>=3,<4'
"$folder/venv/bin/python" - <<'PYTHON'
import base64
from importlib.metadata import version

from opensearchpy import OpenSearch

print("opensearch-py", version("opensearch-py"), "urllib3", version("urllib3"))
client = OpenSearch(["http://localhost:9200"], http_auth=("me", "größe"))
header = client.transport.get_connection().headers["authorization"]
sent = base64.b64decode(header.removeprefix("Basic "))
print("sent for größe:", sent)
assert sent == "me:größe".encode("latin-1") != "me:größe".encode()
try:
    OpenSearch(["http://localhost:9200"], http_auth=("me", "سر"))
except UnicodeEncodeError as error:
    print("for an Arabic one:", type(error).__name__, error.encoding)
    assert error.encoding == "latin-1"
else:
    raise AssertionError("an Arabic password is taken")
PYTHON
