#!/usr/bin/env bash
# OpenSearch: a text field with an empty text exists, though the document has no term of it.
#
# "exists" asks a text field for its norms, and an empty text has some: a document that was sent "" (or only
# signs that the analyzer drops) is found by it, like one with words, while one that was sent no value or null is
# not. So "documents without a text" cannot be asked for where empty texts were sent: leave the field out.
#
# Shown: documents with words, with "", with "...", with null and without the field, asked for by exists.
#   OpenSearch 2.19.6 and 3.9.0: found are words, empty, signs
# Fails where empty texts no longer exist. Needs Maven and a JDK.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
touch "$folder/node"
python3 -m tests.cluster.nodes --nodes 1 --version "${1:-2.19.6}" >"$folder/node" &
node=$!
trap 'kill $node; wait $node || true; rm -rf "$folder"' EXIT
until grep -q http "$folder/node"; do
    kill -0 $node
    sleep 1
done
cat >"$folder/exists.py" <<'PYTHON'
import json
import sys
import urllib.request


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(sys.argv[1] + path, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


print("OpenSearch", ask("GET", "/")["version"]["number"])
ask("PUT", "/texts", {"mappings": {"properties": {"text": {"type": "text"}}}})
documents = {
    "words": {"text": "كتاب"},
    "empty": {"text": ""},
    "signs": {"text": "..."},
    "null": {"text": None},
    "left out": {},
}
for name, document in documents.items():
    ask("PUT", f"/texts/_doc/{name.replace(' ', '_')}?refresh=true", document)
found = ask("POST", "/texts/_search", {"query": {"exists": {"field": "text"}}})["hits"]["hits"]
names = sorted(hit["_id"] for hit in found)
print("exists:", names)
assert names == ["empty", "signs", "words"], names
PYTHON
python3 "$folder/exists.py" "$(grep -o 'http://[0-9.:]*' "$folder/node")"
