"""The document store: order, keys, transactions, and two processes on one file."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from provisioner.sandbox.store import Documents, Store, StoreError


@pytest.fixture
def documents() -> Documents:
    return Store(None).documents("acme", "okta")


def test_replacing_a_document_keeps_its_place_and_drops_its_former_keys(documents: Documents) -> None:
    """A replaced document is found by its new keys only, and stays where it was in the order."""
    documents.put("user", "a", {"n": 1}, login="ana")
    documents.put("user", "b", {"n": 2}, login="bo")
    documents.put("user", "a", {"n": 3}, login="anna")

    assert documents.find("user") == [{"n": 3}, {"n": 2}]
    assert documents.find("user", login="ana") == []
    assert documents.find("user", login="anna") == [{"n": 3}]


def test_all_given_keys_must_fit(documents: Documents) -> None:
    """Several keys narrow a search, and other kinds, parts and tenants are never found."""
    for group in "xy":
        for user in "ab":
            documents.put("member", group + user, {"id": group + user}, group=group, user=user)
    documents.put("other", "z", {}, group="x", user="a")

    assert documents.find("member", group="x", user="b") == [{"id": "xb"}]
    assert documents.count("member", user="a") == 2
    assert documents.count("member") == 4
    assert documents._store.documents("acme", "auth0").count("member") == 0


@pytest.mark.parametrize("keys", [{}, {"group": "x"}])
def test_pages_follow_each_other_in_creation_order(documents: Documents, keys: dict[str, Any]) -> None:
    """Each page starts after the sequence number that ended the last one, whatever is deleted in between."""
    for number in range(5):
        documents.put("member", str(number), {"n": number}, group="x")

    first = documents.page("member", limit=2, **keys)
    documents.delete("member", "1")
    second = documents.page("member", after=first[-1][0], limit=2, **keys)

    assert [body["n"] for _, body in first + second] == [0, 1, 2, 3]


def test_what_tenants_share_is_made_once_and_no_reset_changes_it(tmp_path: Path) -> None:
    """Of two processes that make it at the same time both are given the one that was written first."""
    here, there = (Store(tmp_path / "sandbox.sqlite3") for _ in range(2))

    def late() -> dict[str, Any]:
        assert there.shared("key", lambda: {"made": "there"}) == {"made": "there"}
        return {"made": "here"}

    assert here.shared("key", late) == {"made": "there"}
    here.wipe("acme")
    assert here.shared("key", dict) == {"made": "there"}
    assert here.tenants() == []


def test_a_sequence_number_is_never_used_again(documents: Documents) -> None:
    """A cursor behind a deleted document does not hide the next new one."""
    documents.put("user", "a", {"n": 1})
    ((last, _),) = documents.page("user", limit=1)
    assert documents.delete("user", "a")
    documents.put("user", "b", {"n": 2})

    assert [body for _, body in documents.page("user", after=last, limit=1)] == [{"n": 2}]


def test_a_transaction_is_all_or_nothing(documents: Documents) -> None:
    """An error inside takes back every write, those of an inner transaction too."""
    with pytest.raises(RuntimeError), documents.transaction():
        documents.put("user", "a", {}, login="ana")
        with documents.transaction():
            documents.put("user", "b", {})
        raise RuntimeError

    assert documents.count("user") == 0
    assert documents.find("user", login="ana") == []


def test_deleting_takes_the_keys_along(documents: Documents) -> None:
    """A deleted document is found by no key, and deleting again says that there was none."""
    documents.put("user", "a", {}, login="ana")

    assert documents.delete("user", "a")
    assert not documents.delete("user", "a")
    assert documents.count("user", login="ana") == 0


def test_two_stores_on_one_file_see_each_other_at_once(tmp_path: Path) -> None:
    """An embedded run and a served sandbox share the file without closing it in between."""
    one, other = Store(tmp_path / "deep" / "sandbox.sqlite3"), Store(tmp_path / "deep" / "sandbox.sqlite3")
    one.documents("acme", "okta").put("user", "a", {"n": 1})

    assert other.documents("acme", "okta").get("user", "a") == {"n": 1}
    assert other.tenants() == ["acme"]

    other.wipe("acme")
    assert one.documents("acme", "okta").get("user", "a") is None
    one.close()
    other.close()


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    """The error names the file, and nothing in it is touched."""
    path = tmp_path / "sandbox.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StoreError, match=str(path)):
        Store(path)
