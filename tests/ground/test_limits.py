"""Limits that depend on each other are checked against each other, so that raising one does not break another."""

import ast
import re

from openline import limits
from tests.style.tree import SOURCE, parsed

ED25519_BYTES = 64
OFFICER_BYTES = 1
FURTHER_BYTES = 2


def test_a_statement_with_all_its_approvals_fits_an_envelope() -> None:
    approvals = limits.APPROVALS_MAX * (OFFICER_BYTES + ED25519_BYTES)
    assert limits.STATEMENT_BYTES_MAX + approvals + 2 * ED25519_BYTES < limits.ENVELOPE_BYTES_MAX


def test_a_document_fits_an_envelope() -> None:
    assert limits.DOCUMENT_BYTES_MAX < limits.ENVELOPE_BYTES_MAX


def test_an_envelope_is_a_power_of_two_because_padding_grows_by_those() -> None:
    assert limits.ENVELOPE_BYTES_MAX.bit_count() == 1


def test_what_is_named_beyond_a_gap_is_no_more_than_what_is_kept_beyond_it() -> None:
    assert limits.FURTHER_MAX <= limits.ENTRIES_BEYOND_GAP_MAX
    assert limits.FURTHER_MAX * FURTHER_BYTES <= 128


def test_every_limit_says_its_reason_on_its_line() -> None:
    source = (SOURCE / "limits.py").read_text(encoding="utf-8").splitlines()
    names = [node.targets[0] for node in parsed(SOURCE / "limits.py").body if isinstance(node, ast.Assign)]
    numbers = [name for name in names if isinstance(name, ast.Name) and not name.id.endswith("_LANE")]
    assert len(numbers) > 10
    assert [name.id for name in numbers if not re.search(r"  # \S", source[name.lineno - 1])] == []
