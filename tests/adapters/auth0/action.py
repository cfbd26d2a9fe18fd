"""Runs an Action's code for one login, in a JavaScript engine without a network or files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import quickjs

# The part of Auth0's `api` that an Action of ours calls, and a record of the calls.
_API = """
var exports = {}, ended = "pending";
var calls = { attributes: [], denied: [] };
var api = {
  access: { deny: (reason) => { calls.denied.push(reason); } },
  samlResponse: { setAttribute: (name, value) => { calls.attributes.push([name, value]); } },
};
"""
_RUN = """
exports.onExecutePostLogin(JSON.parse(given), api).then(
  () => { ended = "done"; },
  (error) => { ended = String(error); },
);
"""


@dataclass(frozen=True)
class Login:
    """What an Action did: the attributes that it set, in order, and the reasons for which it denied the login."""

    attributes: dict[str, Any]
    denied: tuple[str, ...] = ()


def run(code: str, event: Any) -> Login:
    """One login. Fails where the code throws, or sets an attribute twice."""
    engine = quickjs.Context()
    engine.set_time_limit(5)
    engine.set("given", json.dumps(event))
    engine.eval(_API + code + _RUN)
    while engine.execute_pending_job():
        pass
    assert engine.eval("ended") == "done", engine.eval("ended")
    calls = json.loads(engine.eval("JSON.stringify(calls)"))
    attributes = dict(calls["attributes"])
    assert len(attributes) == len(calls["attributes"])
    return Login(attributes, tuple(calls["denied"]))
