"""Requests, answers and views over a station's local socket: the only thing console and command line know of it.

One JSON object a line in, one out: `{"do": "inbox"}` and `{"ok": {...}}` or `{"error": {...}}`.
"""

from openline.control.client import NotRunning, Unanswered, listens, request
from openline.control.protocol import REQUEST_BYTES_MAX, decode_line, encode_line, error_of, raise_error
from openline.control.server import serve

__all__ = [
    "REQUEST_BYTES_MAX",
    "NotRunning",
    "Unanswered",
    "decode_line",
    "encode_line",
    "error_of",
    "listens",
    "raise_error",
    "request",
    "serve",
]
