"""The committed score is the score of these rules, and no change may lower what matters most."""

from __future__ import annotations

from benchmarks.press.measure import GROUPS, HERE, Score, group_of, report, score_page


def total(prefix: str) -> Score:
    score = Score()
    for path in sorted((HERE / "pages").iterdir()):
        if group_of(path.stem) == prefix:
            score.join(score_page(path))
    return score


def test_the_committed_result_is_the_result() -> None:
    committed = (HERE / "RESULTS.md").read_text(encoding="utf-8")
    assert committed == report() + "\n", "run: python -m benchmarks.press > benchmarks/press/RESULTS.md"


def test_speakers_and_paragraphs_stay_right() -> None:
    for _, prefix in GROUPS:
        counts = total(prefix).counts
        for name in ("paragraphs", "speaker", "party", "declined", "via"):
            count = counts[name]
            assert count.right >= 0.9 * count.proposed, f"{name} of {prefix or 'the development pages'}: precision"
    assert total("").counts["error"].right == 1


def test_every_page_has_an_answer_and_every_answer_a_page() -> None:
    pages = {path.stem for path in (HERE / "pages").iterdir()}
    assert pages == {path.stem for path in (HERE / "answers").iterdir()}
    assert len(pages) >= 14
