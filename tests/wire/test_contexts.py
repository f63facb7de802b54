"""No signed or hashed bytes of one kind can be taken for another's."""

from itertools import permutations

from openline.wire import contexts

ALL = contexts.SIGNED + contexts.DERIVED


def test_each_context_is_named_and_ends_in_a_zero() -> None:
    assert all(context.startswith(b"openline/1 ") and context.endswith(b"\0") for context in ALL)
    assert all(context.count(b"\0") == 1 for context in ALL)


def test_the_contexts_are_those_that_the_specification_names() -> None:
    """A party that signs under another name is understood by nobody."""
    signed = ["charter", "roster", "stop", "possession", "approval", "entry", "receipt", "greeting", "prekey", "epoch"]
    assert list(contexts.SIGNED) == [f"openline/1 {name}\0".encode() for name in [*signed, "relay"]]
    assert list(contexts.DERIVED) == [f"openline/1 {name}\0".encode() for name in ("statement", "part", "run", "offer")]


def test_no_context_begins_another() -> None:
    assert len(ALL) == len(set(ALL)) == 15
    assert not any(second.startswith(first) for first, second in permutations(ALL, 2))


def test_none_can_be_the_beginning_of_a_text_that_others_protocols_sign() -> None:
    assert not any(context.startswith((b"cosignature/v1\n", b"subtree/v1\n\0")) for context in ALL)
