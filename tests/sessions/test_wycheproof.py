"""Every vector of Project Wycheproof for what the suite does, where a copy lies beside the project or is named.

OPENLINE_WYCHEPROOF=/path/to/wycheproof/testvectors_v1 names one.  Without it these are passed over: what they look for
first (another length, S above the order, small order, no cofactor, an altered bit) stands in `test_suite` as well.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from openline.errors import Forged, Malformed
from tests.sessions.pair import SUITE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("OPENLINE_WYCHEPROOF") or ROOT.parent / "shared/vectors/wycheproof")
DERIVED_BYTES = 32

Case: TypeAlias = dict[str, Any]
REFUSED = (Forged, Malformed)


def octets(case: Case, name: str) -> bytes:
    return bytes.fromhex(case[name])


def signed_by(verify: Callable[[bytes, bytes, bytes], None]) -> Callable[[Case], None]:
    """What looks at a signature, for keys named either way."""

    def judge(case: Case) -> None:
        public = case["publicKey"]
        public = public["pk"] if isinstance(public, dict) else public
        verify(bytes.fromhex(public), octets(case, "sig"), octets(case, "msg"))

    return judge


def opens(case: Case) -> None:
    key, nonce, header = octets(case, "key"), octets(case, "iv"), octets(case, "aad")
    sealed = octets(case, "ct") + octets(case, "tag")
    assert SUITE.open(key, nonce, sealed, header) == octets(case, "msg")
    assert SUITE.seal(key, nonce, octets(case, "msg"), header) == sealed


def derives(case: Case) -> None:
    """Ours are always 32 bytes; shorter and longer ones begin alike."""
    derived = SUITE.derive(octets(case, "ikm"), octets(case, "salt"), octets(case, "info"))
    compared = min(DERIVED_BYTES, case["size"])
    assert derived[:compared] == octets(case, "okm")[:compared]


FILES: dict[str, tuple[Callable[[Case], None], int]] = {
    "ed25519_test.json": (signed_by(SUITE.verify), 151),
    "aes_gcm_siv_test.json": (opens, 103),
    "hkdf_sha256_test.json": (derives, 83),
    "mldsa_44_verify_test.json": (signed_by(SUITE.verify_head), 173),
    "mldsa_65_verify_test.json": (signed_by(SUITE.verify_root), 203),
}
"""For each file: what the suite does with a case, and how many cases are of what we use."""


def cases(name: str) -> Iterator[Case]:
    """The cases of a file that ask for what the suite offers: keys of 256 bits, no context, lengths that there are."""
    for group in json.loads((FOLDER / name).read_text(encoding="utf-8"))["testGroups"]:
        for test in group["tests"]:
            case: Case = {**group, **test}
            ours = case.get("keySize", 256) == 256 or name.startswith("hkdf")
            if ours and not case.get("ctx") and not (name.startswith("hkdf") and case["result"] == "invalid"):
                yield case


@pytest.mark.parametrize("name", FILES)
def test_every_published_case_is_judged_as_published(name: str) -> None:
    if not FOLDER.is_dir():
        pytest.skip("the published vectors are not beside the project; CONTRIBUTING.md names them")
    judge, count = FILES[name]
    judged = 0
    for case in cases(name):
        judged += 1
        if case["result"] == "invalid":
            with pytest.raises(REFUSED):
                judge(case)
        else:
            judge(case)
    assert judged >= count
