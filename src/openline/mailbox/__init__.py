"""A relay's queues, without any I/O: a `ports.Machine` that reads post keys, lanes, sizes and cursors, nothing else.

One queue for each writer, reader and lane; each lane has a quota of its own.  What is queued is a row; memory holds an
index.  A reader's connection is its `take`: everything it has not owned follows, FLASH first, as far as it has room.

Of the effects of a batch, each `Send` whose `to` is not empty may leave before the commit: it says nothing of what is
durable.  A `Send` to b"" says `stored` and must wait for it.  `Refused` with a path means: that
connection broke a rule; close it.
"""

from openline.mailbox.mailbox import Mailbox, Statistics, lines_of_keys
from openline.mailbox.queues import Quotas

__all__ = ["Mailbox", "Quotas", "Statistics", "lines_of_keys"]
