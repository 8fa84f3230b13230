"""Several indexes in one service: the indexes of a folder, each under its name.

names.py         names of indexes and aliases
aliases.py       `aliases.AliasTable`: other names of indexes, stored durably in one file
catalog.py       `catalog.IndexCatalog`: the indexes of a folder, made, described, renamed and deleted
serving.py       `serving.ServedIndexes`: the routes of one index, mounted for each
service.py       `service.create_service`: the application over a folder
routes.py        the routes of indexes and aliases
multi_search.py  the route of several searches in one request
models.py        models of requests and responses
"""

from searchd.service.indexes.catalog import IndexCatalog
from searchd.service.indexes.service import create_service

__all__ = ["IndexCatalog", "create_service"]
