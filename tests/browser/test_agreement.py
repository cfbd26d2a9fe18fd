"""What is said of a login without a browser, held to what the browser brought and Flex made of it."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.desk import Desk, worker


def test_verify_and_check_response_say_what_flex_shows(desk: Desk) -> None:
    """Everybody of the plan: NameID and attributes as computed; the captured response has nothing wrong in it."""
    told = json.loads(desk.run("verify", "plan.yaml", "--format", "json"))
    desk.load()
    for person in told["users"]:
        desk.page.context.clear_cookies()
        desk.log_in(person["user"])
        shown = worker(desk.page)

        assert person["ok"]
        expected = {"contact_uri": shown["contact_uri"], "friendly_name": person["name_id"], **_as_shown(person)}
        friendly_name = desk.page.get_by_text("Friendly name (NameID)").locator("+ dd").inner_text()
        assert {**shown, "friendly_name": friendly_name} == expected

    assert len(desk.responses) == len(told["users"])
    for number, form in enumerate(desk.responses):
        (desk.work / f"{number}.txt").write_text(form, encoding="utf-8")
        checked = json.loads(desk.run("check-response", f"{number}.txt", "--values", "values.json", "--format", "json"))
        assert checked["ok"], checked


def _as_shown(person: dict[str, Any]) -> dict[str, str]:
    """The attributes that `verify` computes as the worker's page writes them.

    Nothing that is empty or in a namespace, as are the claims that Auth0 sends for all the world; roles as a list.
    """
    attributes = {name: ",".join(values) for name, values in person["attributes"].items() if "/" not in name}
    roles = json.dumps(attributes["roles"].split(","))
    return {name: value for name, value in attributes.items() if value} | {"roles": roles}
