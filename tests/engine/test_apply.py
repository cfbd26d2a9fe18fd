"""Carrying out a change set: order, recording, failure, stopping."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from provisioner.core.adapter import IdpFacts
from provisioner.core.change import Change
from provisioner.core.diff import diff, digest
from provisioner.core.ownership import NO_MARK, Mark
from provisioner.core.resource import Desired, Observed, Resource
from provisioner.engine.apply import Applied, Stop, apply
from provisioner.engine.live_facts import LiveFacts, certificate_of
from provisioner.engine.preview import Preview
from provisioner.engine.record import RunRecord
from provisioner.errors import (
    Incomplete,
    Interrupted,
    NetworkError,
    ProvisionerError,
    RunRecordError,
    Unexpected,
    VendorError,
)

ORDER = ("application", "user")
DESIRED = Desired(
    "acme",
    (Resource("application", "Flex"), *(Resource("user", key) for key in ("ana", "bo", "cy"))),
    ORDER,
    leaves=frozenset({"user"}),
)
# How fingerprints of certificates begin.
OLD = "00112233445566ff"
SOME_DAY = "2026-05-01"


@dataclass
class Tenant:
    """A writer that notes what it is asked, and fails where it is told to."""

    fails: dict[str, Exception] = field(default_factory=dict)
    stop: Stop = field(default_factory=Stop)
    stop_at: str = ""
    written: list[str] = field(default_factory=list)
    recorded: Mark = NO_MARK
    busy: int = 0
    busiest: int = 0
    is_same: bool = True

    async def is_as_seen(self) -> bool:
        return self.is_same

    async def write(self, change: Change) -> None:
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        if change.address == self.stop_at:
            self.stop.signal = 2
        if error := self.fails.get(change.address):
            raise error
        self.written.append(change.address)

    async def record(self, mark: Mark) -> None:
        self.recorded = mark


class Bulk(Tenant):
    """A writer that takes all people of a wave but the last one at once."""

    batches_at_once = 1

    def batches(self, wave: Sequence[Change]) -> Sequence[Sequence[Change]]:
        return [wave[:-1]] if wave[0].kind == "user" else []

    async def write_batch(self, batch: Sequence[Change]) -> Mapping[str, ProvisionerError]:
        self.written.append("+".join(change.address for change in batch))
        return {address: error for address, error in self.fails.items() if isinstance(error, ProvisionerError)}


def run(
    tenant: Tenant, home: Path, *, last_applied: str = "", workers: int = 2, live: LiveFacts | None = None
) -> Applied:
    held = Observed(mark=Mark("acme", last_applied, SOME_DAY, OLD))
    seen = Preview("acme.example", DESIRED, held, diff(DESIRED, held), (), (), "", digest(DESIRED))
    with RunRecord(home, "acme") as record:
        return asyncio.run(apply(seen, tenant, record, live=live, stop=tenant.stop, workers=workers))


def lines(applied: Applied) -> list[dict[str, str]]:
    return [json.loads(line) for line in Path(applied.run).read_text(encoding="utf-8").splitlines()]


def test_everything_is_done_in_order_and_then_marked(tmp_path: Path) -> None:
    """The application comes before the people, and the mark holds the goal when all is done."""
    tenant = Tenant()

    applied = run(tenant, tmp_path)

    assert applied.failure is None
    assert tenant.written[0] == "application:Flex"
    assert {result.status for result in applied.results} == {"done"}
    assert tenant.recorded.digest == digest(DESIRED)
    assert tenant.recorded.since == lines(applied)[0]["time"][:10]


def test_nothing_is_written_where_somebody_applied_the_plan_since_the_diff(tmp_path: Path) -> None:
    """The mark is looked at right before the first write."""
    tenant = Tenant(is_same=False)

    applied = run(tenant, tmp_path)

    assert isinstance(applied.failure, Unexpected)
    assert applied.failure.exit_code == 4
    assert (tenant.written, tenant.recorded) == ([], NO_MARK)


def test_changes_of_one_kind_run_side_by_side_up_to_the_bound(tmp_path: Path) -> None:
    """Two workers carry two changes at a time, never more."""
    tenant = Tenant()

    run(tenant, tmp_path, workers=2)

    assert tenant.busiest == 2


def test_a_batch_is_written_as_one_and_recorded_one_by_one(tmp_path: Path) -> None:
    """Whatever the writer does not take as a batch is written by itself; a row that fails is one person's failure."""
    tenant = Bulk(fails={"user:ana": VendorError("no e-mail address", status=400)})

    applied = run(tenant, tmp_path)

    assert tenant.written == ["application:Flex", "user:ana+user:bo", "user:cy"]
    assert [(result.address, result.status) for result in applied.results if result.status == "failed"] == [
        ("user:ana", "failed")
    ]
    ends = [(line["address"], line["status"]) for line in lines(applied) if line["event"] == "end"]
    assert ends[1:] == [("user:ana", "failed"), ("user:bo", "done"), ("user:cy", "done")]


def test_a_failure_stops_what_has_not_begun(tmp_path: Path) -> None:
    """What failed is named, the rest is not tried, the mark is not written, and the exit code says half-way."""
    tenant = Tenant(fails={"user:ana": NetworkError("acme.example does not answer")})

    applied = run(tenant, tmp_path, workers=1)

    assert [(result.address, result.status) for result in applied.results] == [
        ("application:Flex", "done"),
        ("user:ana", "failed"),
        ("user:bo", "not_tried"),
        ("user:cy", "not_tried"),
    ]
    assert isinstance(applied.failure, Incomplete)
    assert "1 of 4 changes were made; the first that failed: acme.example does not answer" in applied.failure.message
    assert tenant.recorded == NO_MARK


def test_one_person_whom_the_vendor_refuses_does_not_stop_the_others(tmp_path: Path) -> None:
    """The others are done, the refused one is named, and the mark is not written: the plan is not fully applied."""
    tenant = Tenant(fails={"user:ana": VendorError("no such attribute", status=400)})

    applied = run(tenant, tmp_path, workers=1)

    assert tenant.written == ["application:Flex", "user:bo", "user:cy"]
    assert isinstance(applied.failure, Incomplete)
    assert "3 of 4 changes were made; the first that failed: no such attribute" in applied.failure.message
    assert tenant.recorded == NO_MARK


def test_an_application_that_is_refused_stops_the_run(tmp_path: Path) -> None:
    """What others build on must be there before them."""
    tenant = Tenant(fails={"application:Flex": VendorError("no", status=400)})

    run(tenant, tmp_path, workers=1)

    assert tenant.written == []


def test_a_mark_that_cannot_be_written_is_told_apart(tmp_path: Path) -> None:
    """All changes were made; only their record in the tenant is missing, and the next run makes up for it."""

    class Forgetful(Tenant):
        async def record(self, mark: Mark) -> None:
            raise NetworkError("acme.example does not answer")

    failure = run(Forgetful(), tmp_path).failure

    assert isinstance(failure, Incomplete)
    assert "all 4 changes were made, but that could not be recorded: acme.example" in failure.message


def test_a_failure_before_anything_was_done_keeps_its_own_code(tmp_path: Path) -> None:
    """Exit 5 means that something was changed."""
    failure = run(Tenant(fails={"application:Flex": NetworkError("no")}), tmp_path).failure

    assert isinstance(failure, NetworkError)
    assert failure.exit_code == 1


def test_a_mistake_of_ours_is_recorded_without_its_text(tmp_path: Path) -> None:
    """An unexpected exception stops the run like any failure; what it says may be secret."""
    applied = run(Tenant(fails={"user:ana": ValueError("canary")}), tmp_path, workers=1)

    assert isinstance(applied.failure, ProvisionerError)
    assert "internal error (ValueError) at user:ana" in applied.failure.message
    assert "canary" not in Path(applied.run).read_text(encoding="utf-8")


def test_a_signal_lets_what_is_in_flight_finish(tmp_path: Path) -> None:
    """The change during which the signal came is done and recorded; nothing new begins."""
    tenant = Tenant(stop_at="user:ana")

    applied = run(tenant, tmp_path, workers=1)

    assert tenant.written == ["application:Flex", "user:ana"]
    assert isinstance(applied.failure, Interrupted)
    assert applied.failure.exit_code == 130
    assert lines(applied)[-2] | {"time": ""} == {
        "time": "",
        "event": "end",
        "address": "user:ana",
        "action": "create",
        "status": "done",
        "error": "",
    }


def test_the_record_says_begin_and_end_of_each_change(tmp_path: Path) -> None:
    """A reader of the record can tell what was in flight when a run died."""
    applied = run(Tenant(), tmp_path, workers=1)

    events = [(line["event"], line.get("address", "")) for line in lines(applied)]

    assert events[:4] == [
        ("start", ""),
        ("begin", "application:Flex"),
        ("end", "application:Flex"),
        ("begin", "user:ana"),
    ]
    assert events[-1] == ("finish", "")


def test_the_mark_is_left_alone_when_it_holds_the_goal(tmp_path: Path) -> None:
    """A tenant whose mark has the goal already gets no further write."""
    tenant = Tenant()

    run(tenant, tmp_path, last_applied=digest(DESIRED))

    assert tenant.recorded == NO_MARK


def facts(certificate: str) -> LiveFacts:
    pem = f"-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n"

    async def read() -> IdpFacts:
        return IdpFacts("issuer", "https://idp.example/sso", pem)

    return LiveFacts(read)


def test_the_mark_says_which_certificate_was_handed_out(tmp_path: Path) -> None:
    """Where nothing changed but the certificate, the mark is written all the same; the plan is as old as it was."""
    tenant, live = Tenant(), facts("AAAA")

    applied = run(tenant, tmp_path, last_applied=digest(DESIRED), live=live)

    assert applied.failure is None
    assert tenant.recorded == Mark("acme", digest(DESIRED), SOME_DAY, certificate_of(live.facts))
    assert certificate_of(live.facts) != OLD


def test_a_certificate_that_cannot_be_read_is_not_handed_out(tmp_path: Path) -> None:
    """The mark keeps the former one."""
    tenant = Tenant()

    run(tenant, tmp_path, live=facts("no certificate at all"))

    assert (tenant.recorded.digest, tenant.recorded.certificate) == (digest(DESIRED), OLD)


def test_facts_that_cannot_be_read_do_not_keep_the_goal_from_being_recorded(tmp_path: Path) -> None:
    """What was done is done; why there are no facts is kept."""

    async def read() -> IdpFacts:
        raise NetworkError("no answer")

    tenant, live = Tenant(), LiveFacts(read)

    run(tenant, tmp_path, live=live)

    assert tenant.recorded.digest == digest(DESIRED)
    assert live.failure and live.failure.message == "no answer"


def test_nothing_is_done_without_a_record(tmp_path: Path) -> None:
    """A home that cannot be written stops the run before the first change, and says what to do."""
    home = tmp_path / "file"
    home.write_text("in the way", encoding="utf-8")

    with pytest.raises(RunRecordError) as caught:
        run(Tenant(), home)

    assert "PROVISIONER_HOME" in caught.value.hint


def test_a_record_that_fails_half_way_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk after the first change: that one stays done, no second one begins."""
    tenant = Tenant()
    write = RunRecord.write

    def full(self: RunRecord, event: str, **data: str | int | None) -> None:
        if data.get("address") == "user:ana":
            raise RunRecordError("the run record cannot be written: No space left on device")
        write(self, event, **data)

    monkeypatch.setattr(RunRecord, "write", full)

    applied = run(tenant, tmp_path, workers=1)

    assert tenant.written == ["application:Flex"]
    assert isinstance(applied.failure, Incomplete)
    assert "No space left" in applied.failure.message
