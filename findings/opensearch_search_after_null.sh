#!/usr/bin/env bash
# OpenSearch: search_after with null for a number that a document lacks is an error of the server (500).
#
# A page sorted by a number goes on after the values of its last hit. Where the last hit has no such value,
# null is what JSON has for it, and for a keyword null works. For a number it is a NullPointerException; the
# node itself sends "Infinity" or "-Infinity", by the direction, and takes those. So a cursor that keeps
# values as the document has them must turn a missing number into an infinite one.
#
# Shown: three documents, of which one has neither number nor keyword, pages of one document.
#   OpenSearch 2.19.6 and 3.9.0: 500 for [null, "3"] after a number, 200 after a keyword
# Fails where null is taken for a number, or not for a keyword. Needs Maven and a JDK.
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
cat >"$folder/pages.py" <<'PYTHON'
import json
import sys
import urllib.error
import urllib.request


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(sys.argv[1] + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


print("OpenSearch", ask("GET", "/")[1]["version"]["number"])
fields = {"price": {"type": "double"}, "name": {"type": "keyword"}, "id": {"type": "keyword"}}
ask("PUT", "/pages", {"mappings": {"properties": fields}})
for number, values in enumerate(({"price": 1, "name": "a"}, {"price": 2, "name": "b"}, {}), 1):
    ask("PUT", f"/pages/_doc/{number}?refresh=true", {"id": str(number), **values})


def page(field, after):
    sort = [{field: {"order": "asc", "missing": "_last"}}, {"id": "asc"}]
    return ask("POST", "/pages/_search", {"sort": sort, "size": 3, "search_after": after})


status, answer = page("price", [2, "2"])
print("the sort values of the last hit:", answer["hits"]["hits"][-1]["sort"])
assert answer["hits"]["hits"][-1]["sort"] == ["Infinity", "3"]
assert page("price", ["Infinity", "2"])[0] == 200
status, answer = page("price", [None, "2"])
print("null for a number:", status, answer["error"]["root_cause"][0]["type"])
assert status == 500, status
status, answer = page("name", [None, "2"])
print("null for a keyword:", status, [hit["_id"] for hit in answer["hits"]["hits"]])
assert status == 200, status
PYTHON
python3 "$folder/pages.py" "$(grep -o 'http://[0-9.:]*' "$folder/node")"
