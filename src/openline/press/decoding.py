"""From the bytes of a page to its text: one encoding, found or refused, never guessed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from openline.press.faults import PageEmpty, PageGarbled, PageNotText, PageTooLarge

PAGE_BYTES_MAX = 4 * 1024 * 1024  # the longest live blogs are below 1 MiB; a desk waits seconds, not minutes

SIGNATURES = (  # what the first bytes of things that are not text look like
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"BZh", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "a database"),
)
# What browsers write when they save a page as one file: its words are broken up by the encoding of mail.
WEB_ARCHIVE = re.compile(
    rb"\AFrom: <Saved by |\A(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?Content-Type:\s*multipart/", re.IGNORECASE
)
WEB_ARCHIVE_WITHIN_BYTES = 4096  # the head of a saved page or of a mail
BINARY_SHARE_MIN = 0.02  # of bytes below space that no text has; in random bytes they are a tenth
BINARY_BYTES_MIN = 8  # fewer are stray
BINARY_BYTES = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b")
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARED = re.compile(
    rb"""(?:charset\s*=\s*["']?|<\?xml[^>]{0,100}encoding=["'])([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)
DECLARED_WITHIN_BYTES = 4096  # HTML wants it in the first 1,024; some pages put a long comment before it
MARKUP = re.compile(
    r"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<article[\s>]|<(?:p|div)(?:\s[^<>]{0,200})?>", re.IGNORECASE
)
MARKUP_WITHIN_CHARACTERS = 20_000
CONTROL_SHARE_MAX = 0.01  # of characters; real pages carry hardly a stray control character
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")

ENCODINGS = frozenset(  # what pages are written in (the list of the WHATWG encoding standard, without its escapes)
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
        "gbk",
        "gb2312",
        "big5",
        "shift_jis",
        "euc_jp",
        "iso2022_jp",
        "euc_kr",
        "cp949",
        "tis-620",
    ]
    + ["koi8-r", "koi8-u", "cp866", "cp874"]
    + [f"cp{number}" for number in range(1250, 1259)]
    + [f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)]
)
SAME_AS = {"iso8859-1": "cp1252", "ascii": "cp1252"}  # what browsers do: pages that say Latin-1 mean windows-1252

HINT_ENCODING = "Save the page again as UTF-8, or name its encoding with --encoding (for example windows-1256)."
HINT_WIDE = "Save the page again as UTF-8, or read it with --encoding utf-16-le (or utf-16-be)."
HINT_WEB_ARCHIVE = "Save the page again as 'HTML only' or 'HTML, complete', or copy its text into a file."
HINT_NOT_TEXT = "Hand in the page itself: its text, or its HTML as saved by the browser."


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a page: `text`, whether it is HTML, and the encoding it was read in."""

    text: str
    is_markup: bool
    encoding: str


def decode_page(data: bytes, encoding: str | None = None) -> SourceText:
    """Return the text of a page.

    The encoding is, in this order: the one named by the caller, the byte order mark, the one an HTML page declares,
    UTF-8.  It is applied strictly: one wrong byte refuses the page, because a guessed letter may be a guessed word.

    Raises PageTooLarge, PageEmpty, PageNotText or PageGarbled.  Next, hand the result to `cut_page`.
    """
    if len(data) > PAGE_BYTES_MAX:
        raise PageTooLarge(
            f"The page has more than {PAGE_BYTES_MAX:,} bytes.",
            hint="Save only the article, or the page without its pictures and scripts.",
            limit_bytes=PAGE_BYTES_MAX,
        )
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise PageNotText(f"This is {name}, not a page of text.", hint=HINT_NOT_TEXT, looks_like=name)
    if WEB_ARCHIVE.search(data[:WEB_ARCHIVE_WITHIN_BYTES].replace(b"\r\n", b"\n")) is not None:
        name = "a web archive or a mail (several parts in one file)"
        raise PageNotText(f"This is {name}, not a page of text.", hint=HINT_WEB_ARCHIVE, looks_like=name)
    chosen = encoding or _encoding_of(data)
    if encoding is None and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _refuse_binary(data)
    text = _decode(data, chosen).replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    if not text.strip():
        raise PageEmpty("The page holds no text.", hint="Copy the page again; nothing was in the file.")
    controls = len(CONTROLS.findall(text))
    if controls > 2 and controls > CONTROL_SHARE_MAX * len(text):
        raise PageNotText(
            f"{controls} control characters: this is not a page of text.", hint=HINT_NOT_TEXT, looks_like="binary data"
        )
    return SourceText(text, MARKUP.search(text, 0, MARKUP_WITHIN_CHARACTERS) is not None, chosen)


def _refuse_binary(data: bytes) -> None:
    """Raise PageNotText for bytes that no encoding of text has, PageGarbled for UTF-16 that does not say so."""
    if any(_reads_as(data, name) for name in ("utf-16-le", "utf-16-be")):
        raise PageGarbled("The page looks like UTF-16 without its mark.", hint=HINT_WIDE, tried="utf-8", offset=0)
    binary = sum(data.count(bytes((sign,))) for sign in BINARY_BYTES)
    if binary > BINARY_BYTES_MIN and binary > BINARY_SHARE_MIN * len(data):
        raise PageNotText("This is binary data, not a page of text.", hint=HINT_NOT_TEXT, looks_like="binary data")


def _reads_as(data: bytes, name: str) -> bool:
    """Tell whether bytes with a zero among them are whole text in this encoding, with spaces and without controls."""
    if b"\x00" not in data:
        return False
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return False
    return " " in text and CONTROLS.search(text) is None


def _encoding_of(data: bytes) -> str:
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Only bytes that are not UTF-8 are read as their page declares: a page saved again by a browser or an editor
        # is UTF-8 under an old declaration more often than the other way round.
        declared = DECLARED.search(data, 0, DECLARED_WITHIN_BYTES)
        if declared is not None:
            return declared[1].decode("ascii").lower()
    return "utf-8"


def _decode(data: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    name = SAME_AS.get(name, name)
    if name not in ENCODINGS:
        raise PageGarbled(
            f"{encoding!r} is no encoding that pages are read in.", hint=HINT_ENCODING, tried=encoding, offset=0
        )
    try:
        return data.decode(name)
    except UnicodeError as error:
        offset = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise PageGarbled(
            f"The page is not in {encoding}: byte {offset} does not fit.",
            hint=HINT_ENCODING,
            tried=encoding,
            offset=offset,
        ) from None
