"""The sandbox on real sockets of the loopback interface: faults, TLS, ports."""

import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from provisioner.sandbox import Sandbox, Store
from provisioner.sandbox.serve import Addresses, PortTakenError, background, serve


@pytest.fixture
def served(frame: Sandbox) -> Iterator[Addresses]:
    """The tiny vendor on a free port."""
    with background(frame) as addresses:
        yield addresses


def test_credentials_and_origins_are_announced(served: Addresses) -> None:
    """Everything a person needs to begin is known as soon as connections are accepted."""
    assert served.credentials == {"notes": {"API token": "notes-token"}}
    assert served.tenant_origin == served.origin.replace("localhost", "NAME.localhost")
    assert httpx.get(f"{served.origin}/notes").json()["origin"] == served.origin


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_both_loopback_addresses_answer(served: Addresses, host: str) -> None:
    """Clients resolve `localhost` to either."""
    if host == "[::1]" and not _has_ipv6():
        pytest.skip("this machine has no ::1")
    origin = served.origin.replace("localhost", host)

    assert httpx.get(f"{origin}/_sandbox/state").json()["tenant"] == "localhost"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"kind": "close"}, "without sending a response"),
        ({"kind": "close_after_write", "method": "GET"}, "without sending a response"),
        ({"kind": "truncate"}, "without sending complete message body"),
    ],
)
def test_a_fault_closes_the_connection_for_real(
    served: Addresses, caplog: pytest.LogCaptureFixture, fault: dict[str, str], message: str
) -> None:
    """The client sees the connection go, the next request is served, and the server takes it for no mistake."""
    with httpx.Client(base_url=served.origin) as client:
        client.post("/_sandbox/faults", json=fault)
        with pytest.raises(httpx.RemoteProtocolError, match=message):
            client.get("/notes")

        assert client.get("/notes").status_code == 200
    assert caplog.records == []


def test_a_taken_port_is_a_clear_error(served: Addresses, tmp_path: Path) -> None:
    """The message names the port and what to do about it."""
    port = int(served.origin.rpartition(":")[2])
    with pytest.raises(PortTakenError, match=rf"{port} is taken.*--port"):
        serve(tmp_path, port=port, announce=lambda _: None)


def test_tls_serves_every_local_name_under_one_authority(frame: Sandbox, tmp_path: Path) -> None:
    """Names with any number of labels and loopback addresses are trusted; the key is its owner's alone."""
    with background(frame, tls_home=tmp_path) as addresses:
        assert addresses.ca_file is not None
        trust = ssl.create_default_context(cafile=addresses.ca_file)
        trust.verify_flags |= ssl.VERIFY_X509_STRICT
        port = int(addresses.origin.rpartition(":")[2])
        for name in ("localhost", "acme.localhost", "acme.okta.localhost", "127.0.0.1"):
            with socket.create_connection(("127.0.0.1", port)) as raw, trust.wrap_socket(raw, server_hostname=name):
                pass
        answer = httpx.get(f"{addresses.origin}/notes", verify=trust)

    assert answer.json()["origin"] == addresses.origin
    assert (tmp_path / "sandbox-ca.key").stat().st_mode & 0o777 == 0o600


def test_the_authority_stays_the_same_from_start_to_start(frame: Sandbox, tmp_path: Path) -> None:
    """A client that trusts it once goes on trusting it."""
    seen = set()
    for _ in range(2):
        with background(frame, tls_home=tmp_path) as addresses:
            assert addresses.ca_file is not None
            seen.add(addresses.ca_file.read_bytes())
    assert len(seen) == 1


def test_tls_faults_close_the_connection_too(frame: Sandbox, tmp_path: Path) -> None:
    """A truncated answer over TLS ends as it does without."""
    with background(frame, tls_home=tmp_path) as addresses:
        trust = ssl.create_default_context(cafile=addresses.ca_file)
        with httpx.Client(base_url=addresses.origin, verify=trust) as client:
            for kind in ("close", "truncate"):
                client.post("/_sandbox/faults", json={"kind": kind})
                with pytest.raises(httpx.RemoteProtocolError):
                    client.get("/notes")


PROGRAM = """
import sys
from pathlib import Path
from provisioner.sandbox.serve import serve
serve(Path(sys.argv[1]), port=0, announce=lambda addresses: print(addresses.origin, flush=True))
print("closed")
"""


def test_an_interrupt_is_a_normal_end(tmp_path: Path) -> None:
    """Ctrl-C returns from `serve`, with nothing on stderr and the state on disk for the next start."""
    program = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        origin = process.stdout.readline().strip()
        assert httpx.get(f"{origin}/_sandbox/state").status_code == 200
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)

    assert (process.returncode, rest, errors) == (0, "closed\n", "")
    assert Store(tmp_path / "sandbox.sqlite3").tenants() == ["localhost"]
