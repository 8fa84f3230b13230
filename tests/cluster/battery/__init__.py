"""The tests of the engine over an index in a directory, over one on a cluster: from one source."""
