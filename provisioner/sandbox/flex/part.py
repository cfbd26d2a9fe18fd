"""Flex as the sandbox's frame sees it: what it owns, and what a tenant's Flex holds."""

from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from provisioner.sandbox.flex import app, connection, workers
from provisioner.sandbox.world import Visit, World


class FlexPart:
    """Plays one Flex account beside each tenant."""

    name = "flex"
    owns = ("/flex",)

    def app(self, world: World) -> ASGIApp:
        """The application that answers."""
        return app.build()

    def seed(self, visit: Visit) -> None:
        """Nothing: a new account has no SSO connection and no workers."""

    def state(self, visit: Visit) -> dict[str, Any]:
        """The SSO connection as it was pasted, with the addresses that follow from its SID, and all workers."""
        held = connection.load(visit)
        return {"connections": [connection.as_json(held)] if held else [], "workers": workers.everyone(visit)}

    def credentials(self, visit: Visit) -> dict[str, str]:
        """None: people sign in at their identity provider."""
        return {}

    def refusal(self, status: int, visit: Visit) -> Response:
        """Twilio's own answer of this status, for a planned fault (shape: Twilio's REST API, any error)."""
        code = 20000 + status
        more = f"https://www.twilio.com/docs/errors/{code}"
        return JSONResponse({"code": code, "message": "Error", "more_info": more, "status": status}, status)


PART = FlexPart()
