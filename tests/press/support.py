"""What the stories of this folder share: a page around some paragraphs, and the statements read from it."""

from __future__ import annotations

from openline.press import Page, Statement, read_page

HEAD = "The Mountain Post\n\nAlba and Bora talk about the river line again\n\n{date}\n\n"
TAIL = "\n\nThe river between the two countries was quiet for most of the week, as it had been in the month before."


def page_of(*paragraphs: str, date: str = "Thursday, 5 November 2026") -> Page:
    """Return the page that holds these paragraphs between a heading and a paragraph of the outlet's own."""
    return read_page((HEAD.format(date=date) + "\n\n".join(paragraphs) + TAIL).encode())


def statements_of(*paragraphs: str, date: str = "Thursday, 5 November 2026") -> tuple[Statement, ...]:
    """Return what is proposed from these paragraphs."""
    return page_of(*paragraphs, date=date).statements


def only(*paragraphs: str, date: str = "Thursday, 5 November 2026") -> Statement:
    """Return the one statement proposed from these paragraphs."""
    (statement,) = statements_of(*paragraphs, date=date)
    return statement
