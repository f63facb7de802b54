"""A page's bytes become text in one encoding, or are refused with a reason and a hint."""

from __future__ import annotations

import hashlib

import pytest

from openline.press import (
    PAGE_BYTES_MAX,
    PageEmpty,
    PageGarbled,
    PageNotText,
    PageRejected,
    PageTooLarge,
    read_page,
)
from openline.press.decoding import decode_page


def refused(kind: type[PageRejected], data: bytes, encoding: str | None = None) -> PageRejected:
    with pytest.raises(kind) as caught:
        decode_page(data, encoding)
    assert caught.value.hint, "every refusal says what to do next"
    return caught.value


@pytest.mark.parametrize("data", [b"", b" \n\t \r\n", b"\xef\xbb\xbf", b"\xff\xfe", "\u00a0".encode()])
def test_a_page_without_text_is_empty(data: bytes) -> None:
    refused(PageEmpty, data)


def test_fifty_megabytes_are_refused_before_they_are_decoded() -> None:
    error = refused(PageTooLarge, b"\xff" * 50_000_000)
    assert error.facts == {"limit_bytes": PAGE_BYTES_MAX}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"abc\x00\x01\x02\x03\x04" * 40, "binary data"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, name: str) -> None:
    error = refused(PageNotText, data)
    assert error.facts["looks_like"] == name


def test_two_stray_control_characters_do_not_make_a_page_binary() -> None:
    assert decode_page(b"a\x00b\x01 text").text == "a\x00b\x01 text"


def test_bytes_that_are_not_utf8_and_do_not_say_what_they_are_are_refused() -> None:
    error = refused(PageGarbled, "قال الوزير".encode("windows-1256"))
    assert error.facts == {"tried": "utf-8", "offset": 0}


def test_a_named_encoding_is_used_and_a_wrong_one_refused() -> None:
    text = "قال الوزير"
    assert decode_page(text.encode("windows-1256"), "windows-1256").text == text
    refused(PageGarbled, b"\x81\x00\xff", "gb18030")
    refused(PageGarbled, b"abc", "utf-16")


@pytest.mark.parametrize(
    "name", ["no-such-encoding", "unicode_escape", "base64", "idna", "utf-7", "a\x00b", "x" * 4000]
)
def test_only_encodings_of_pages_are_accepted(name: str) -> None:
    refused(PageGarbled, b"abc", name)


def test_a_declared_encoding_is_used_where_the_bytes_are_not_utf8() -> None:
    page = '<html><meta charset="gb2312"><p>部长说。</p></html>'.encode("gb2312")
    assert decode_page(page).encoding == "gb2312"
    assert "部长说。" in decode_page(page).text


def test_utf8_wins_over_an_old_declaration() -> None:
    page = '<html><meta charset="iso-8859-1"><p>“Élan”</p></html>'.encode()
    assert (decode_page(page).encoding, "“Élan”" in decode_page(page).text) == ("utf-8", True)


def test_latin_1_is_read_as_browsers_read_it() -> None:
    page = '<html><meta charset="iso-8859-1"><p>“Élan”</p></html>'.encode("windows-1252")
    assert "“Élan”" in decode_page(page).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_names_the_encoding(encoding: str) -> None:
    assert decode_page("Alba said".encode(encoding)).text == "Alba said"


def test_line_ends_of_every_system_are_one() -> None:
    assert decode_page(b"a\r\nb\rc\x0cd").text == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("text", "markup"),
    [("<!DOCTYPE html><p>a</p>", True), ("<div class='x'>a</div>", True), ("a < b and b > c", False), ("plain", False)],
)
def test_html_is_told_from_text(text: str, *, markup: bool) -> None:
    assert decode_page(text.encode()).is_markup is markup


def test_reading_a_page_raises_the_same_refusals() -> None:
    with pytest.raises(PageEmpty):
        read_page(b"")


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["The minister said so.", "قال الوزير إن الخط مفتوح.", "部长 说，热线已经开通。"])
def test_utf16_without_its_mark_is_told_from_binary_and_can_be_named(name: str, text: str) -> None:
    error = refused(PageGarbled, text.encode(name))
    assert "utf-16-le" in error.hint
    assert decode_page(text.encode(name), name).text == text


def test_random_bytes_are_binary_and_no_question_of_encoding() -> None:
    data = b"".join(hashlib.sha256(bytes([number])).digest() for number in range(60))
    assert refused(PageNotText, data).facts["looks_like"] == "binary data"


@pytest.mark.parametrize(
    "head",
    [
        b"From: <Saved by Blink>\r\nSubject: page\r\n\r\n",
        b"Subject: page\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=x\r\n\r\n",
    ],
)
def test_a_page_saved_as_one_archive_is_refused_with_the_way_to_save_it(head: bytes) -> None:
    assert "HTML" in refused(PageNotText, head + b"The minister said so.").hint


def test_a_page_that_speaks_of_archives_is_none() -> None:
    text = "The minister said so.\nContent-Type: multipart/related is the head of an archive."
    assert decode_page(text.encode()).text == text


def test_controls_in_a_named_encoding_are_no_page_either() -> None:
    error = refused(PageNotText, b"a\x00\x01\x02 text" * 9, "utf-8")
    assert error.facts["looks_like"] == "binary data"
