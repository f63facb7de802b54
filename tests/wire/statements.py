"""Statements of every shape, for the property tests."""

from hypothesis import strategies as st

from openline.wire.cbor import Value
from openline.wire.statement import Authority, Option, Precedence, PrincipalApproved, Statement, Status

TIMES = st.integers(0, 2**32 - 1)
TEXTS = st.text(min_size=1, max_size=12)
VALIDITIES = (
    st.tuples(TIMES, TIMES).map(sorted) | st.tuples(st.none(), TIMES).map(list) | st.tuples(TIMES, st.none()).map(list)
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.binary(max_size=9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(0, 23), inner, max_size=3),
    max_leaves=6,
)
BODIES = st.none() | st.text(max_size=60) | st.dictionaries(st.integers(0, 23), VALUES, max_size=6)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        Option.REF: st.binary(min_size=20, max_size=20),
        Option.VALIDITY: VALIDITIES,
        Option.RESPOND_BY: TIMES,
        Option.PASS_TO: TEXTS,
        Option.ACTION: st.sets(st.integers(1, 255), min_size=1, max_size=4).map(sorted),
        Option.CLEARANCE: st.sets(TEXTS, min_size=1, max_size=4).map(sorted),
    },
)
STATEMENTS = st.builds(
    Statement,
    charter=st.integers(0, 0xFFFF),
    authored=TIMES,
    kind=st.integers(0, 255),
    officer=st.integers(0, 255),
    body=BODIES,
    status=st.sampled_from(Status),
    precedence=st.sampled_from(Precedence),
    authority=st.sampled_from(Authority),
    principal=st.sampled_from(PrincipalApproved),
    options=OPTIONS,
)
