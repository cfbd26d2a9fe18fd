"""Answers that are not what Okta's API promises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import httpx
import pytest

from provisioner.errors import ProvisionerError, VendorError
from tests.adapters.okta.scripted import METADATA, Org, a_group, a_person, a_plan, a_user, an_app
from tests.adapters.okta.test_reading import MEMBERS, an_org, facts

SCHEMA = "GET /api/v1/meta/schemas/user/default"
KEYS = "GET /api/v1/apps/0oa1/credentials/keys"


@pytest.mark.parametrize(
    ("line", "answer", "said"),
    [
        ("GET /api/v1/apps", {}, "(input should be a valid list)"),
        ("GET /api/v1/apps", [None], "(0: input should be a valid dictionary"),
        ("GET /api/v1/apps", httpx.Response(200, text="fine"), "(input should be a valid list)"),
        ("GET /api/v1/apps", httpx.Response(204), "(input should be a valid list)"),
        ("GET /api/v1/apps", [an_app(a_plan(), settings=None)], "a SAML application needs settings.signOn"),
        ("GET /api/v1/apps", [an_app(a_plan(), settings={"signOn": {}, "notes": {"admin": 5}})], "notes.admin: "),
        ("GET /api/v1/groups", [a_group() | {"profile": None}], "(0.profile: "),
        ("GET /api/v1/groups", [a_group(id_="../../x?y")], "(0.id: string should match"),
        (MEMBERS, [a_user("ana@acme.example", status=None)], "(0.status: input should be a valid string)"),
        (MEMBERS, [a_user("ana@acme.example") | {"profile": {"login": None}}], "(0.profile.login: "),
        ("GET /api/v1/apps/0oa1/groups", [None], "(0: "),
        ("GET /api/v1/apps/0oa1/users", [{"scope": "USER"}], "(0.id: field required)"),
        (KEYS, [{"kid": "k\nl", "x5c": []}], "(0.kid: "),
        (KEYS, [{"kid": "k", "x5c": []}], "(0.x5c: "),
        (SCHEMA, {"definitions": {"custom": []}}, "(definitions.custom: "),
    ],
)
def test_an_answer_of_another_shape_is_named(line: str, answer: Any, said: str) -> None:
    """What the API does not promise is told with the request, what is wrong with it, and the vendor's request id."""
    plan = a_plan(users={"roles_attribute": "flexRoles"})
    org = an_org(plan)
    org.answers[SCHEMA] = {"definitions": None}
    given = answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
    given.headers["x-okta-request-id"] = "req1"
    org.answers[line] = given

    with pytest.raises(VendorError) as caught:
        facts(org, plan)

    assert caught.value.message.startswith(f"Okta's answer to {line} is not what its API promises (")
    assert said in caught.value.message
    assert caught.value.request_id == "req1"


@pytest.mark.parametrize("instead", [None, 5, [None]], ids=repr)
def test_whatever_a_member_holds_there_are_words_for_it(instead: Any) -> None:
    """Each member of each answer in turn: reading ends well, or with an error for people."""
    plan = a_plan(a_person("ana@acme.example"), a_person("bo@acme.example"), users={"roles_attribute": "flexRoles"})
    answers = an_org(plan, a_user("ana@acme.example", flexRoles=["agent"])).answers | {
        SCHEMA: {
            "definitions": {"custom": {"properties": {"flexRoles": {"type": "array", "items": {"type": "string"}}}}}
        },
        KEYS: [{"kid": "kid1", "created": "2", "x5c": ["MIID"]}],
        "GET /api/v1/users": [a_user("bo@acme.example")],
        "GET /api/v1/apps/0oa1/users": [{"id": "00u9", "scope": "USER", "credentials": {"userName": "x"}}],
        "GET /api/v1/apps/0oa1/sso/saml/metadata": lambda _: httpx.Response(200, text=METADATA),
    }
    assert facts(Org(answers), plan)
    for line, changed in ((line, each) for line, answer in answers.items() for each in spoilt(answer, instead)):
        with suppress(ProvisionerError):
            facts(Org(answers | {line: changed}), plan)


def spoilt(answer: Any, instead: Any) -> Iterator[Any]:
    """The answer with each of its parts replaced, one at a time."""
    if not callable(answer):
        yield instead
    for key in answer if isinstance(answer, dict) else range(len(answer)) if isinstance(answer, list) else ():
        for each in spoilt(answer[key], instead):
            whole = deepcopy(answer)
            whole[key] = each
            yield whole
