"""Auth0's deployment tool (auth0-deploy-cli 8.44, in Node) against the sandbox, in a tenant that has a plan applied.

`make node` installs the tool. It needs https.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sandbox.auth0_tenant import CODE, TOKEN
from tests.served import Served, program, serving

ROOT = Path(__file__).resolve().parents[2]
NODE = shutil.which("node")
OLDEST_NODE = (20, 19)
PATIENCE = 180.0
OURS = "Flex SAML attributes"
TENANT = {
    "clients": [
        {
            "name": "Shop",
            "app_type": "regular_web",
            "callbacks": ["https://shop.example/acs"],
            "addons": {"samlp": {"audience": "urn:shop", "signResponse": True}},
        }
    ],
    "actions": [
        {
            "name": "Shop roles",
            "code": "./roles.js",
            "runtime": "node22",
            "deployed": True,
            "dependencies": [],
            "secrets": [],
            "supported_triggers": [{"id": "post-login", "version": "v3"}],
        }
    ],
    "triggers": {
        "post-login": [
            {"action_name": "Shop roles", "display_name": "Shop roles"},
            {"action_name": OURS, "display_name": OURS},
        ]
    },
}
# One thing is changed, so that a dry run that sees nothing would show. The tool compiles the schemas of all kinds of
# things at each step, ten seconds of work, so it is left with those that are used.
SCRIPT = """\
const [, lib] = process.argv;
const { deploy, dump } = require(`${lib}/index.js`);
const { properties } = require(`${lib}/tools/auth0/schema`).default;
const fs = require("fs");
const used = JSON.parse(process.env.AUTH0_INCLUDED_ONLY);
Object.keys(properties).filter((kind) => !used.includes(kind)).forEach((kind) => { properties[kind] = {}; });

(async () => {
  await deploy({ input_file: "tenant.yaml", env: true });
  await dump({ output_folder: "out", format: "yaml", env: true });
  const exported = fs.readFileSync("out/tenant.yaml", "utf8");
  fs.writeFileSync("out/changed.yaml", exported.replace("audience: urn:shop", "audience: urn:other"));
  await deploy({ input_file: "out/changed.yaml", env: true, dry_run: true });
})().catch((error) => { console.error(error); process.exit(1); });
"""


def _tool() -> Path:
    """The folder of the tool as a library; skips the test where it cannot run."""
    found = ROOT / "tests/node/node_modules/.bin/a0deploy"
    command = found if found.exists() else shutil.which("a0deploy")
    if NODE is None or command is None:
        pytest.skip("needs Node and auth0-deploy-cli: `make node` installs the tool")
    version = subprocess.run([NODE, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", version)))[:2] < OLDEST_NODE:
        pytest.skip(f"auth0-deploy-cli needs Node {'.'.join(map(str, OLDEST_NODE))}, and this is {version.strip()}")
    return Path(command).resolve().parent


def test_after_an_apply_the_deployment_tool_finds_nothing_to_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It adds its own beside ours and exports both; a dry run finds no more than what differs, our diff nothing."""
    tool = _tool()
    (tmp_path / "tenant.yaml").write_text(json.dumps(TENANT))
    (tmp_path / "roles.js").write_text(CODE)
    with serving(tls_home=tmp_path / "tls") as sandbox:
        monkeypatch.setenv("AUTH0_API_TOKEN", TOKEN["authorization"].removeprefix("Bearer "))
        monkeypatch.setenv("SSL_CERT_FILE", str(sandbox.addresses.ca_file))
        _ours("apply", "--yes", sandbox=sandbox, folder=tmp_path)
        proposed = _theirs(tool, sandbox, tmp_path)
        _ours("diff", "--exit-code", sandbox=sandbox, folder=tmp_path)

    exported = (tmp_path / "out" / "tenant.yaml").read_text()
    assert "audience: urn:flex:JQ" in exported
    assert f"action_name: {OURS}" in exported
    assert "action_name: Shop roles" in exported
    assert re.findall(r"(CREATE|UPDATE|DELETE) .*?(\w[\w ]*\w)", proposed) == [("UPDATE", "Shop")]


def _ours(*words: str, sandbox: Served, folder: Path) -> None:
    """Our program, with its example plan; it must succeed, which for a diff is finding nothing."""
    text = (ROOT / "plans/auth0.yaml").read_text(encoding="utf-8")
    plan = folder / "plan.yaml"
    plan.write_text(text.replace("domain: sandbox ", f'domain: "{sandbox.origin}" '), encoding="utf-8")
    process = program(*words, str(plan), cwd=folder)
    told, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told + errors


def _theirs(tool: Path, sandbox: Served, folder: Path) -> str:
    """What the tool's dry run proposes after its import and its export."""
    env = os.environ | {
        "NODE_EXTRA_CA_CERTS": str(sandbox.addresses.ca_file),
        "AUTH0_DOMAIN": sandbox.origin.removeprefix("https://"),
        "AUTH0_ACCESS_TOKEN": os.environ["AUTH0_API_TOKEN"],
        "AUTH0_INCLUDED_ONLY": '["clients", "actions", "triggers"]',
    }
    command = [str(NODE), "--eval", SCRIPT, str(tool)]
    told = subprocess.run(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True, timeout=PATIENCE, check=True
    ).stdout
    return told[told.index("Dry Run Preview") :]
