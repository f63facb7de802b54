"""The mutator itself: what it changes, what it leaves alone, and that it tells a good test from a missing one."""

from pathlib import Path

import pytest

from tools import mutate
from tools.mutate import Mutant, campaign, chosen_of, mutants_of

SAMPLE = '''"""A sample with a docstring of 5 words."""

LIMIT: int = 3


def within(number: int, text: str = "a") -> bool:
    """Return whether 1 <= number."""
    if not text and number < LIMIT:
        raise ValueError("a sentence that people read", 7)
    return number == 1 or text in ("b", "c")
'''


def of(tmp_path: Path, source: str = SAMPLE) -> list[Mutant]:
    path = tmp_path / "sample.py"
    path.write_text(source, encoding="utf-8")
    return list(mutants_of(path, "sample.py"))


def test_every_kind_of_change_is_made(tmp_path: Path) -> None:
    made = {(mutant.before, mutant.after) for mutant in of(tmp_path)}
    assert {
        ("3", "4"),
        ("3", "2"),
        ("number < LIMIT", "number <= LIMIT"),
        ("number < LIMIT", "number >= LIMIT"),
        ("number == 1", "number != 1"),
        ("not text and number < LIMIT", "not text or number < LIMIT"),
        ("not text and number < LIMIT", "number < LIMIT"),
        ("not text", "text"),
        ("text in ('b', 'c')", "text not in ('b', 'c')"),
        ("'b'", "'bx'"),
        ("raise ValueError('a sentence that people read', 7)", "pass"),
        ("return number == 1 or text in ('b', 'c')", "return None"),
    } <= made


def test_words_for_people_docstrings_and_annotations_are_left_alone(tmp_path: Path) -> None:
    for mutant in of(tmp_path):
        compile(mutant.source, "sample.py", "exec")
        assert "A sample with a docstring of 5 words." in mutant.source
        assert "LIMIT: int" in mutant.source
        assert "a sentence that people read" in mutant.source or "pass" in mutant.after


def test_each_mutant_changes_exactly_one_place(tmp_path: Path) -> None:
    sources = [mutant.source for mutant in of(tmp_path)]
    assert len(sources) == len(set(sources))


def test_the_seed_draws_the_same_mutants_again() -> None:
    first, every = chosen_of("tlog", 12, 5)
    assert chosen_of("tlog", 12, 5) == (first, every)
    assert chosen_of("tlog", 12, 6)[0] != first
    assert every > 400


def test_a_noticed_mutant_is_told_from_one_that_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The judge is a stand-in here: it notices every change but those of one line."""
    judged: list[Mutant] = []

    def tests_fail(_package: str, _seconds: float) -> bool | None:
        return bool(judged) and judged.pop().line != 10

    def judge(package: str, chosen: list[Mutant], work: Path, told: object) -> list[mutate.Verdict]:
        assert callable(told)
        verdicts = []
        for mutant in chosen:
            judged.append(mutant)
            outcome = "killed" if tests_fail(package, 1.0) else "survived"
            verdict = mutate.Verdict(mutant.file, mutant.line, mutant.before, mutant.after, outcome, 0.1)
            told(verdict)
            verdicts.append(verdict)
        return verdicts

    sample = of(tmp_path)
    monkeypatch.setattr(mutate, "judge", judge)
    monkeypatch.setattr(mutate, "in_copy", lambda _work: None)
    monkeypatch.setattr(mutate, "chosen_of", lambda *_: (sample, len(sample)))
    record = tmp_path / "record.jsonl"
    left = campaign("sample", 99, 1, record)
    assert left == sum(mutant.line == 10 for mutant in sample) > 0
    assert capsys.readouterr().out.count("survived  sample.py:10") == left
    assert '"package": "sample"' in record.read_text(encoding="utf-8")
