"""What the worker processes of one service share.

`shared_rate_limits` counts callers in memory that all processes have. `forwarding` hands changes over
to the one process that writes, over HTTP on a Unix socket (`unix_client`); `internal` is its other end.
`peers` puts the metrics of all processes together.
"""
