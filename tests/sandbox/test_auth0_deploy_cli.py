"""Auth0's own deployment tool against the sandbox, where Node and the tool (`a0deploy`, 8.44) are installed.

It needs https, and takes a minute or two, most of it before its first request.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from provisioner.sandbox import Store, create_app
from provisioner.sandbox.auth0 import PART, tokens
from provisioner.sandbox.serve import background
from tests.sandbox.auth0_tenant import CODE

TOOL = shutil.which("a0deploy")
PATIENCE = 180.0
TENANT = {
    "clients": [
        {
            "name": "Twilio Flex",
            "app_type": "regular_web",
            "callbacks": ["https://flex.example/acs"],
            "addons": {"samlp": {"audience": "urn:flex:JQ1", "signResponse": True}},
        }
    ],
    "actions": [
        {
            "name": "Flex roles",
            "code": "./roles.js",
            "runtime": "node22",
            "deployed": True,
            "dependencies": [],
            "secrets": [],
            "supported_triggers": [{"id": "post-login", "version": "v3"}],
        }
    ],
    "triggers": {"post-login": [{"action_name": "Flex roles", "display_name": "Flex roles"}]},
}


@pytest.mark.skipif(TOOL is None, reason="needs Node and auth0-deploy-cli: a0deploy is not on the PATH")
def test_the_deployment_tool_imports_exports_and_finds_nothing_left_to_change(tmp_path: Path) -> None:
    """What it writes is there, what it reads back is the same, and its dry run then proposes no creation or update."""
    app = create_app(Store(None), parts=[PART])
    (tmp_path / "tenant.yaml").write_text(json.dumps(TENANT))
    (tmp_path / "roles.js").write_text(CODE)
    with background(app, tls_home=tmp_path) as addresses:
        env = os.environ | {
            "NODE_EXTRA_CA_CERTS": str(addresses.ca_file),
            "AUTH0_DOMAIN": addresses.origin.removeprefix("https://"),
            "AUTH0_CLIENT_ID": tokens.PLAIN,
            "AUTH0_CLIENT_SECRET": tokens.SECRET,
            "AUTH0_INCLUDED_ONLY": '["clients", "actions", "triggers"]',
        }

        def run(*arguments: str) -> str:
            command = [str(TOOL), *arguments]
            return subprocess.run(
                command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=True
            ).stdout

        run("import", "--input_file", "tenant.yaml")
        run("export", "--format", "yaml", "--output_folder", "out")
        proposed = run("import", "--input_file", "tenant.yaml", "--dry-run")

    exported = (tmp_path / "out" / "tenant.yaml").read_text()
    assert "audience: urn:flex:JQ1" in exported
    assert "action_name: Flex roles" in exported
    assert "CREATE" not in proposed
    assert "UPDATE" not in proposed
