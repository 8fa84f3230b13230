#!/usr/bin/env bash
# OpenSearch: an index that is read-only because a disk is full refuses documents with 429, as if it were busy.
#
# Who sends bulk requests again after 429, as the helpers of opensearch-py do and as everybody advises,
# waits for a disk that does not get larger: the status of the block "read_only_allow_delete", which a node
# sets at the flood stage of its disk, is that of too many requests. Only the type of the error, which is
# cluster_block_exception, or its text tells them apart.
#
# Shown: one node, the block set by hand, one document sent.
#   OpenSearch 2.19.6 and 3.9.0: 429 cluster_block_exception; 403 for the block "read_only"
#   opensearch-py 3.2.0: helpers.streaming_bulk sends it again as often as it is allowed to
# Fails where the status differs, or the helper does not repeat it. Needs Maven and a JDK.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
touch "$folder/node"
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip --disable-pip-version-check install --quiet "opensearch-py==3.2.0"
python3 -m tests.cluster.nodes --nodes 1 --version "${1:-2.19.6}" >"$folder/node" &
node=$!
trap 'kill $node; wait $node || true; rm -rf "$folder"' EXIT
until grep -q http "$folder/node"; do
    kill -0 $node
    sleep 1
done
cat >"$folder/full.py" <<'PYTHON'
import sys

from opensearchpy import OpenSearch, helpers

client = OpenSearch(sys.argv[1])
print("OpenSearch", client.info()["version"]["number"])
client.indices.create(index="full")


def blocked(name):
    client.indices.put_settings(index="full", body={f"index.blocks.{name}": True})
    lines = [{"index": {"_index": "full", "_id": "1"}}, {"text": "نص"}]
    (item,) = client.bulk(body=lines)["items"]
    error = item["index"]["error"]
    print(name, item["index"]["status"], error["type"], error["reason"])
    return item["index"]["status"], error["type"]


assert blocked("read_only_allow_delete") == (429, "cluster_block_exception")
sent = []
original = client.bulk
client.bulk = lambda *args, **kwargs: sent.append(1) or original(*args, **kwargs)
action = {"_index": "full", "_id": "1", "text": "نص"}
found = list(
    helpers.streaming_bulk(
        client, [action], max_retries=3, initial_backoff=0.1, raise_on_error=False
    )
)
print("requests of streaming_bulk with max_retries=3:", len(sent))
assert len(sent) == 4, sent
assert not found[-1][0]
client.indices.put_settings(index="full", body={"index.blocks.read_only_allow_delete": None})
assert blocked("read_only") == (403, "cluster_block_exception")
PYTHON
"$folder/env/bin/python" "$folder/full.py" "$(grep -o 'http://[0-9.:]*' "$folder/node")"
