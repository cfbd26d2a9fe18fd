"""What an app's settings say about a person in an assertion: the name identifier, attribute statements, claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from provisioner.sandbox.okta import expression_functions, org, templates, user_scope
from provisioner.sandbox.okta.expression_nodes import Scope, Unknown, Value, as_text
from provisioner.sandbox.okta.expressions import evaluate
from provisioner.sandbox.saml.response import Attribute
from provisioner.sandbox.world import Visit

Body = dict[str, Any]

UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
_STATIC = re.compile(r"[\w ,/;-]+")
"""A value without any sign of the language is a static text (vendor's support article on static values)."""
_WORD = re.compile(r"true|false|null|[\d ]+", re.IGNORECASE)


class Unanswerable(Exception):
    """No document says what Okta makes of an expression of the app; the words name it."""


@dataclass(frozen=True)
class Person:
    """A user as an app sees him."""

    visit: Visit
    app: Body
    user: Body
    held: Body
    """The assignment of the user to the app."""

    def name_id(self) -> str:
        """The name identifier: the template with its `${…}` filled in (OpenAPI: subjectNameIdTemplate)."""
        template = str(self.app["settings"]["signOn"]["subjectNameIdTemplate"])
        objects = self._classic.objects
        named = replace(self._classic, objects={**objects, "user": objects["user"] | {"userName": self._user_name}})
        return str(_named(template, lambda: templates.filled(template, named)))

    @cached_property
    def _user_name(self) -> str:
        """The name that the app knows the user by, where it is known how that is made."""
        template = str(self.app["credentials"]["userNameTemplate"]["template"])
        if not self.held["named"]:
            _named(template, lambda: templates.user_name(template, self.user))
        return str(self.held["userName"])

    def attributes(self) -> list[Attribute]:
        """Every statement in its order, then the claims; both may stand side by side (recording 47)."""
        found = [self._attribute(each) for each in self.app["settings"]["signOn"]["attributeStatements"]]
        if org.FEDERATED_CLAIMS in org.features(self.visit):
            found += [self._claim(each) for each in self.visit.documents.find("claim", app=self.app["id"])]
        return [attribute for attribute in found if attribute.values]

    def _attribute(self, statement: Body) -> Attribute:
        if statement["type"] == "GROUP":
            return Attribute(statement["name"], statement["namespace"], self._groups(statement))
        values = [text for each in statement["values"] for text in _texts(each, _statement(each, self._classic))]
        return Attribute(statement["name"], statement["namespace"], values)

    def _claim(self, claim: Body) -> Attribute:
        """A claim has no name format of its own (vendor's guide on federated claims)."""
        expression = claim["expression"]
        return Attribute(claim["name"], UNSPECIFIED, _texts(expression, _value(expression, self._engine)))

    def _groups(self, statement: Body) -> list[str]:
        """The names of the user's groups that pass the filter; with none the attribute is left out (not recorded)."""
        kind, wanted = str(statement["filterType"]), str(statement["filterValue"])
        try:
            pattern = re.compile(wanted if kind == "REGEX" else re.escape(wanted))
        except re.error:
            raise Unanswerable(f"The filter of {statement['name']} is no regular expression: {wanted}") from None
        tests = {"STARTS_WITH": pattern.match, "CONTAINS": pattern.search}
        passes = tests.get(kind, pattern.fullmatch)
        return [name for name in self._group_names.values() if passes(name)]

    @cached_property
    def _group_names(self) -> Mapping[str, str]:
        return user_scope.group_names(self.visit, self.user)

    @cached_property
    def _classic(self) -> Scope:
        subdomain = org.subdomain(self.visit)
        profile = user_scope.classic(self.visit, self.user)
        objects = {
            "user": profile,
            "source": profile,
            "appuser": self.held["profile"] | {"userName": self._user_name},
            "org": {"name": subdomain, "subdomain": subdomain},
            "session": {"amr": ["pwd"]},
        }
        functions = {**expression_functions.CLASSIC, **user_scope.membership_functions(self._group_names)}
        return Scope(objects, functions, expression_functions.CLASSIC_METHODS)

    @cached_property
    def _engine(self) -> Scope:
        user = user_scope.facts(self.user) | {"profile": user_scope.attributes(self.visit, self.user)}
        return Scope({"user": user}, methods=expression_functions.ENGINE_METHODS)


def _statement(value: str, scope: Scope) -> Value:
    """The value of a statement: an expression or a static text."""
    if _STATIC.fullmatch(value) and not _WORD.fullmatch(value):
        return value
    return _value(value, scope)


def _value(expression: str, scope: Scope) -> Value:
    return _named(expression, lambda: evaluate(expression, scope))


def _named(expression: str, asked: Callable[[], Value]) -> Value:
    """What is asked for; where that is unknown, the expression is named."""
    try:
        return asked()
    except Unknown as error:
        raise Unanswerable(f"{expression}: {error}") from None


def _texts(expression: str, value: Value) -> list[str]:
    """The values of an attribute: null is an empty one (preview in Twilio's guide), an array one for each item."""
    items = value if isinstance(value, list) else [value]
    return ["" if item is None else str(_named(expression, partial(as_text, item))) for item in items]
