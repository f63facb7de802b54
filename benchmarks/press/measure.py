"""Precision and recall of the press rules on the project's own pages, field by field and page by page.

An answer was made by hand for each page before the rules were run on it.  Five rounds of pages (`holdout-*` and
`holdout2-*` to `holdout5-*`) were written without being run, and each was scored blind once: those scores are the
honest ones, and stand in BLIND.md.  What the rounds showed was then mended, so the scores below are no longer blind:
they say that nothing has got worse since.
"""

from __future__ import annotations

import re
import sys
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openline.press import Page, PageRejected, read_page

HERE = Path(__file__).parent
PAGE_FIELDS = ("title", "outlet", "published", "zone", "embargo")
TEXT_FIELDS = ("speaker", "office", "party", "form", "said", "topic", "commitment", "hedge")
FLAG_FIELDS = ("named", "declined", "joint")
LIST_FIELDS = ("conditions", "via", "inserted")
GROUPS = (
    ("Fifth round, since looked at", "holdout5-"),
    ("Fourth round, since looked at", "holdout4-"),
    ("Third round, since looked at", "holdout3-"),
    ("Second round, since looked at", "holdout2-"),
    ("First round, since looked at", "holdout-"),
    ("Pages the rules were developed on", ""),
)
ALIKE_MIN = 0.5  # share of common words from which a proposal is taken to be the answer's statement
ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


@dataclass(slots=True)
class Count:
    """How often a value was proposed, was right, and was in the answer."""

    proposed: int = 0
    right: int = 0
    wanted: int = 0

    def add(self, proposed: Iterable[object], wanted: Iterable[object]) -> None:
        """Count the values of one field of one statement."""
        mine, theirs = set(proposed), set(wanted)
        self.proposed += len(mine)
        self.wanted += len(theirs)
        self.right += len(mine & theirs)

    def join(self, other: Count) -> None:
        """Add another count."""
        self.proposed += other.proposed
        self.right += other.right
        self.wanted += other.wanted

    def row(self) -> str:
        """Return precision, recall and the numbers behind them as cells of a table."""
        precision = f"{self.right / self.proposed:.2f}" if self.proposed else "–"
        recall = f"{self.right / self.wanted:.2f}" if self.wanted else "–"
        return f"{precision} | {recall} | {self.right} | {self.proposed} | {self.wanted}"


@dataclass(slots=True)
class Score:
    """The counts of one page, or of several."""

    counts: dict[str, Count] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def of(self, name: str) -> Count:
        """Return the count of one field."""
        return self.counts.setdefault(name, Count())

    def join(self, other: Score) -> None:
        """Add the counts of another page."""
        for name, count in other.counts.items():
            self.of(name).join(count)


def plain(value: object) -> object:
    """Return a value as it is compared: texts without article, case, closing stop and repeated spaces."""
    if not isinstance(value, str):
        return value
    return ARTICLE.sub("", " ".join(value.split())).casefold().strip(" .,،。")


def values(value: object) -> list[object]:
    """Return the values of a field: none for not stated, several for a list."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    return [] if value is None or value is False else [plain(value)]


def pieces(words: str) -> set[str]:
    """Return what two statements are compared by: words, or pairs of characters."""
    found = re.findall(r"\w+", words.casefold())
    text = "".join(found)
    return set(found) if len(found) * 8 > len(text) else {text[place : place + 2] for place in range(len(text) - 1)}


def alike(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return how alike the words of two statements are, 0 to 1; statements at another depth are less so."""
    mine, theirs = pieces(one["words"]), pieces(other["words"])
    share = 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))
    return share - 0.3 * (bool(one.get("via")) != bool(other.get("via")))


def pair(proposed: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return proposals with the answers they are taken to be, the most alike first, each used once."""
    ranked = sorted(
        ((alike(one, other), mine, theirs) for mine, one in enumerate(proposed) for theirs, other in enumerate(wanted)),
        reverse=True,
    )
    used: set[tuple[str, int]] = set()
    found = []
    for share, mine, theirs in ranked:
        if share >= ALIKE_MIN and ("mine", mine) not in used and ("theirs", theirs) not in used:
            used |= {("mine", mine), ("theirs", theirs)}
            found.append((proposed[mine], wanted[theirs]))
    return found


def simple(statement: dict[str, Any]) -> dict[str, Any]:
    """Return a proposal with its day as the answers write it."""
    said = statement["said"]
    return statement | {"said": None if said is None else said["from"]}


def score_statements(score: Score, proposed: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    """Count the statements found, and each field of them; what is spurious or missed counts in every field."""
    pairs = pair(proposed, wanted)
    score.of("statement").join(Count(len(proposed), len(pairs), len(wanted)))
    matched = [(one, other) for one, other in pairs]
    matched += [(one, {}) for one in proposed if not any(one is mine for mine, _ in pairs)]
    matched += [({}, other) for other in wanted if not any(other is theirs for _, theirs in pairs)]
    for one, other in matched:
        for name in ("words", *TEXT_FIELDS, *FLAG_FIELDS, *LIST_FIELDS):
            mine, theirs = values(one.get(name)), values(other.get(name))
            score.of(name).add(mine, theirs)
            if set(mine) != set(theirs):
                score.misses.append(f"{name}: proposed {mine}, answer {theirs} in {(one or other)['words'][:60]!r}")


def score_paragraphs(score: Score, paragraphs: list[str], wanted: list[str]) -> None:
    """Count the paragraphs that begin and end as the answer says, in its order."""
    right = 0
    rest = iter(paragraphs)
    for answer in wanted:
        first, _, last = answer.partition("…")
        right += any(text.startswith(first.rstrip()) and text.endswith(last.lstrip()) for text in rest)
    score.of("paragraphs").join(Count(len(paragraphs), right, len(wanted)))


def read(path: Path) -> Page | str:
    """Return the page read, or the name of the error that was raised."""
    try:
        return read_page(path.read_bytes())
    except PageRejected as error:
        return type(error).__name__


def score_page(path: Path) -> Score:
    """Compare one page with its answer."""
    answer = tomllib.loads((HERE / "answers" / f"{path.stem}.toml").read_text(encoding="utf-8"))
    page = read(path)
    score = Score()
    if isinstance(page, str) or "error" in answer:
        score.of("error").add([page] if isinstance(page, str) else [], values_of_error(answer))
        return score
    found = page.to_json()
    for name in PAGE_FIELDS:
        score.of(name).add(values(found[name]), values(answer.get(name)))
        if values(found[name]) != values(answer.get(name)):
            score.misses.append(f"{name}: proposed {found[name]!r}, answer {answer.get(name)!r}")
    score_paragraphs(score, found["paragraphs"], answer["paragraphs"])
    score_statements(score, [simple(one) for one in found["statements"]], answer.get("statement", []))
    return score


def values_of_error(answer: dict[str, Any]) -> list[object]:
    """Return the error that the answer expects, if any."""
    return [answer["error"]] if "error" in answer else []


def table(score: Score) -> list[str]:
    """Return the rows of one table, one field each."""
    head = [
        "| field | precision | recall | right | proposed | in the answer |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return [*head, *(f"| {name} | {count.row()} |" for name, count in score.counts.items())]


def pages_table(scores: dict[str, Score]) -> list[str]:
    """Return one row for each page: paragraphs, statements, words, speakers."""
    lines = ["| page | paragraphs | statements | words | speaker | said |", "| --- | --- | --- | --- | --- | --- |"]
    for name, score in scores.items():
        cells = []
        for part in ("paragraphs", "statement", "words", "speaker", "said"):
            count = score.of(part)
            cells.append(f"{count.right}/{count.proposed}/{count.wanted}" if count.proposed or count.wanted else "–")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def group_of(name: str) -> str:
    """Return the prefix of the group to which a page belongs."""
    return next(prefix for _, prefix in GROUPS if name.startswith(prefix))


def report(*, misses: bool = False) -> str:
    """Return the whole result as Markdown."""
    paths = sorted((HERE / "pages").iterdir())
    lines = ["# Press pages: precision and recall", "", *(__doc__ or "").strip().split("\n")[2:], ""]
    for heading, prefix in GROUPS:
        scores = {path.stem: score_page(path) for path in paths if group_of(path.stem) == prefix}
        total = Score()
        for score in scores.values():
            total.join(score)
        lines += [
            f"## {heading} ({len(scores)})",
            "",
            *table(total),
            "",
            "right/proposed/in the answer, page by page:",
            "",
        ]
        lines += [*pages_table({name: score for name, score in scores.items() if "error" not in score.counts}), ""]
        if misses:
            lines += [f"- {name}: {miss}" for name, score in scores.items() for miss in score.misses] + [""]
    return "\n".join(lines)


def seconds_for(size_bytes: int) -> float:
    """Return the processor time that one page of this size takes: a daily's page, its article many times over."""
    text = (HERE / "pages" / "daily.txt").read_bytes()
    article = text[text.index(b"The foreign") : text.index(b"Related stories")]
    page = text[: text.index(b"The foreign")] + article * (size_bytes // len(article))
    before = time.process_time()
    read_page(page)
    return time.process_time() - before


def main() -> None:
    """Print the result; with --misses, each difference too; with --time, only what one page of 1 MB takes."""
    if "--time" in sys.argv:
        print(f"{seconds_for(1_000_000):.1f} s of processor time for a page of 1 MB")
        return
    print(report(misses="--misses" in sys.argv))


if __name__ == "__main__":
    main()
