"""An index on an OpenSearch cluster: where it is, what it holds, and how documents are written to it.

`address` names the index and the nodes, `client` asks them and explains what goes wrong, `mapping` is
the shape of the index, `encoding` turns documents into what the cluster stores and back, `writer` sends
them, and `verification` reads them back. The words are analysed here; the cluster splits them at spaces.
"""
