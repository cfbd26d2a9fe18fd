"""The battery before three service providers of other people: what is good passes, what is bad does not.

They are not Flex. Each is a second opinion on the battery, and where one is lax the table says so, with the reason.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from functools import cache

import pytest

from tests.saml.bad import BAD
from tests.saml.battery import REFUSED, UNREADABLE
from tests.saml.goods import goods
from tests.saml.idp import Login, idp
from tests.saml.verifiers import ASKED, NODE, Verdicts, node_saml, pysaml2, python3_saml

# Claims are Flex's own business; how large a response may be is everybody's own.
OUTSIDE = {"fifty_megabytes"}
GENERAL = {name for name, bad in BAD.items() if bad.code in (UNREADABLE, REFUSED)} - OUTSIDE

# Bad responses that a library takes, by its reason. What is not here it must refuse.
LAX: Mapping[str, Mapping[str, set[str]]] = {
    "python3_saml": {
        "an assertion without audience is for everybody": {"no_audience"},
        "a confirmation without end has none": {"confirmation_without_end"},
        "it reads past comments, as the checker does": {"comment_in_name_id"},
    },
    "pysaml2": {
        "whether there is a NameID is the program's business": {"no_name_id", "empty_name_id"},
        "it adds the values of twins together": {"attribute_named_twice"},
        "an assertion without conditions or audience is for everybody": {"no_conditions", "no_audience"},
        "a confirmation without end has none": {"confirmation_without_end"},
        "of a Recipient it wants that there is one": {"another_connection_s_recipient", "recipient_without_query"},
        "the issuer of the response counts": {"another_issuer_within"},
        "logins that nobody asked for are allowed, and so is an answer to no known request": {
            "answer_to_an_unknown_request"
        },
        "entities are refused, a document type without any is not": {"doctype"},
        "SHA-1 is left to xmlsec1, which takes it": {"signed_with_sha1", "digested_with_sha1"},
        "it reads past comments, as the checker does": {"comment_in_name_id"},
    },
    "node_saml": {
        "whether there is a NameID is the program's business": {"no_name_id", "empty_name_id"},
        "the last of twins counts": {"attribute_named_twice"},
        "it compares no addresses": {
            "another_connection_s_destination",
            "another_connection_s_recipient",
            "another_host",
            "meant_for_another_connection",
            "no_recipient",
            "recipient_without_query",
        },
        "it compares issuers at logout alone": {"another_issuer", "another_issuer_within"},
        "any confirmation will do, and an ended session, too": {"no_bearer", "session_ended"},
        "it wants no authentication statement": {"no_authn_statement"},
        "status and version count for nothing beside an assertion": {"identity_provider_refused", "version_1"},
        "a document type without entities is taken": {"doctype"},
        "SHA-1 is taken": {"signed_with_sha1", "digested_with_sha1"},
        "comments are cut out before anything is read": {"comment_in_name_id"},
    },
}


@cache
def good_documents() -> dict[str, bytes]:
    return {name: document for name, (_, document) in goods(time.time(), idp()).items()}


@cache
def bad_documents() -> dict[str, bytes]:
    """The libraries look at the real clock, so all are made now."""
    now = time.time()
    return {name: BAD[name].make(Login(now, in_response_to=ASKED), idp()) for name in sorted(GENERAL)}


NEEDS_XMLSEC1 = pytest.mark.skipif(not shutil.which("xmlsec1"), reason="pysaml2 needs the program xmlsec1")
NEEDS_NODE = pytest.mark.skipif(
    not shutil.which("node") or not (NODE / "node_modules" / "@node-saml").is_dir(),
    reason="node-saml is not there: `make node` installs it, where there is Node",
)
VERIFIERS = [
    pytest.param(python3_saml, id="python3_saml"),
    pytest.param(pysaml2, id="pysaml2", marks=NEEDS_XMLSEC1),
    pytest.param(node_saml, id="node_saml", marks=NEEDS_NODE),
]


@pytest.mark.parametrize("verify", VERIFIERS)
def test_what_is_good_passes_and_what_is_bad_does_not(verify: Callable[[Mapping[str, bytes]], Verdicts]) -> None:
    """Every good response is taken; of the bad ones those that the table explains, and no other."""
    verdicts = verify({**good_documents(), **bad_documents()})

    assert {name: verdicts[name] for name in good_documents()} == dict.fromkeys(good_documents())
    taken = {name for name in bad_documents() if verdicts[name] is None}
    assert taken == set().union(*LAX[verify.__name__].values())
