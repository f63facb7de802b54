"""Durable rows on one encrypted SQLite file: commits of whole batches, and the ledger that reads them back.

Nothing here decodes an entry or a value.  One process at a time holds a store; every commit is a transaction that is
synced before `commit` returns; whatever the disk refuses is `StorageFailed`, after which the caller stops.

    store = Store.open(path, key)
    start = store.begin_run()       # the incarnation, and whether this file is a copy
    store.commit(batch.rows)        # durable, or StorageFailed
    store.checkpoint_idle()         # when nothing has happened for half a second
"""

from openline.store.database import StoreHeld, sync_folder
from openline.store.store import COPY_TABLE, BeginRun, CopyKind, Store

__all__ = ["COPY_TABLE", "BeginRun", "CopyKind", "Store", "StoreHeld", "sync_folder"]
