"""Notes, checkpoints and log proofs: the text forms of C2SP, in one form each."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.sessions import RealSuite
from openline.tlog import (
    Checkpoint,
    LogProof,
    Note,
    NoteSignature,
    decode_checkpoint,
    decode_log_proof,
    decode_note,
    encode_log_proof,
    encode_note,
    key_id,
    verifier_key,
)
from openline.tlog.notes import NOTE_CHARACTERS_MAX, NOTE_SIGNATURES_MAX, PROOF_HASHES_MAX

# The examples of C2SP signed-note and tlog-cosignature (c2sp.org).
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
EXAMPLE_CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
ROOT = b64encode(bytes(32)).decode()
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="+"), min_size=1, max_size=12)
SIGNATURES = st.builds(NoteSignature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=20))
LINES = st.text(st.characters(min_codepoint=32, max_codepoint=0x3000, exclude_categories=["Cs", "Cc"]), max_size=20)
NOTES = st.builds(
    Note,
    st.lists(LINES, min_size=1, max_size=4).map(lambda lines: "".join(f"{line}\n" for line in lines)),
    st.lists(SIGNATURES, min_size=1, max_size=3).map(tuple),
)


def rule_of_note(text: str) -> str:
    with pytest.raises(Malformed) as caught:
        decode_note(text)
    return caught.value.rule


def rule_of_checkpoint(text: str) -> str:
    with pytest.raises(Malformed) as caught:
        decode_checkpoint(text)
    return caught.value.rule


def rule_of_proof(text: str) -> str:
    with pytest.raises(Malformed) as caught:
        decode_log_proof(text)
    return caught.value.rule


def test_the_published_note_and_key_are_read_and_verify() -> None:
    name, identifier, material = EXAMPLE_KEY.split("+")
    public = b64decode(material)[1:]
    assert key_id(name, 1, public).hex() == identifier
    assert verifier_key(name, 1, public) == EXAMPLE_KEY
    note = decode_note(EXAMPLE_NOTE)
    assert encode_note(note) == EXAMPLE_NOTE
    (line,) = note.signatures
    assert (line.name, line.key_id.hex()) == (name, identifier)
    RealSuite().verify(public, line.signature, note.text.encode())


def test_the_published_checkpoint_is_read() -> None:
    note = decode_note(EXAMPLE_CHECKPOINT)
    checkpoint = decode_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.text == note.text
    assert encode_note(note) == EXAMPLE_CHECKPOINT
    assert [len(line.signature) for line in note.signatures] == [64, 72]


@given(NOTES)
def test_every_note_comes_back(note: Note) -> None:
    assert decode_note(encode_note(note)) == note


@given(NOTES.map(encode_note), st.integers(0), st.characters(max_codepoint=0x2100, exclude_categories=["Cs"]))
def test_accepted_notes_reencode_identically(text: str, place: int, character: str) -> None:
    place %= len(text)
    changed = text[:place] + character + text[place + 1 :]
    try:
        note = decode_note(changed)
    except Malformed:
        return
    assert encode_note(note) == changed


GOOD = "— name " + b64encode(bytes(8)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text\n",
        "text\n\n",
        f"{GOOD}\n",
        f"text\n\n{GOOD}",
        f"text\n{GOOD}\n",
        f"text\r\n\n{GOOD}\n",
        f"text\n\n{GOOD}\n{GOOD} \n",
        f"text\n\n{GOOD[1:]}\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAA==\n",
        "text\n\n— name AAAAAAAA=\n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n— name AAAA AAAA\n",
        "text\n\n— na+me AAAAAAAA\n",
        "text\n\n—  AAAAAAAA\n",
        "text\n\n— na\u00a0me AAAAAAAA\n",
        "text\n\n— name éAAAAAAA\n",
        "x" * NOTE_CHARACTERS_MAX + f"\n\n{GOOD}\n",
        "text\n\n" + f"{GOOD}\n" * (NOTE_SIGNATURES_MAX + 1),
    ],
    ids=lambda text: text[:30],
)
def test_a_note_has_one_form_r64(text: str) -> None:
    assert rule_of_note(text) == "R64"


@pytest.mark.parametrize("number", [*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)])
def test_a_note_holds_no_control_character_but_the_newline_r64(number: int) -> None:
    """Delete and the second set of controls are some too: a terminal takes U+009B for the beginning of a command."""
    for text in (f"te{chr(number)}xt\n\n{GOOD}\n", "text\n\n" + GOOD.replace("name", f"na{chr(number)}me") + "\n"):
        assert rule_of_note(text) == "R64"


@given(st.integers(0, 2**64 - 1), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_comes_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("openline/x", size, root)
    assert decode_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"origin\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"origin\n01\n{ROOT}\n",
        f"origin\n-1\n{ROOT}\n",
        f"origin\n\u0661\n{ROOT}\n",
        f"origin\n\n{ROOT}\n",
        f"origin\n18446744073709551616\n{ROOT}\n",
        f"origin\n{'9' * 5_000}\n{ROOT}\n",
        f"origin\n1\n{ROOT[:-1]}\n",
        "origin\n1\nAAAA\n",
        f"origin\n1\n{ROOT}\nextension\n",
    ],
    ids=lambda text: text[:20],
)
def test_a_checkpoint_is_three_lines_r65(text: str) -> None:
    assert rule_of_checkpoint(text) == "R65"


PROOF = LogProof(5, (bytes(32), bytes([1]) * 32), decode_note(EXAMPLE_CHECKPOINT))


def test_a_log_proof_comes_back() -> None:
    text = encode_log_proof(PROOF)
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 5\n")
    assert text.endswith(f"\n\n{EXAMPLE_CHECKPOINT}")
    assert decode_log_proof(text) == PROOF
    bare = LogProof(0, (), PROOF.note)
    assert decode_log_proof(encode_log_proof(bare)) == bare


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 5", "index 05"),
        ("index 5", "5"),
        ("index 5\n", "extra AAAA\nindex 5\n"),
        (f"{ROOT}\n", "AAAA\n"),
        (f"{ROOT}\n", f"{ROOT} \n"),
        ("\nindex 5\n", "\n\nindex 5\n"),
        (f"{ROOT}\n", f"{ROOT}\n" * PROOF_HASHES_MAX),
    ],
)
def test_a_log_proof_has_one_form_r66(old: str, new: str) -> None:
    assert rule_of_proof(encode_log_proof(PROOF).replace(old, new, 1)) == "R66"


def test_a_log_proof_without_a_note_is_refused_r66() -> None:
    assert rule_of_proof("c2sp.org/tlog-proof@v1\nindex 5\n") == "R66"
