"""JSON documents of all tenants in one SQLite file that several processes may use at once; no vendor's rules."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1
BUSY_SECONDS = 30.0

_SCHEMA = (
    # AUTOINCREMENT: a sequence number is never used twice, so a paging cursor never points at another document.
    """CREATE TABLE IF NOT EXISTS document (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        tenant TEXT NOT NULL, part TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
        UNIQUE (tenant, part, kind, id))""",
    "CREATE INDEX IF NOT EXISTS document_order ON document (tenant, part, kind, sequence)",
    # The key ends with the sequence: equal keys lie in creation order, and a page of them is one range scan.
    """CREATE TABLE IF NOT EXISTS lookup (
        tenant TEXT NOT NULL, part TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        sequence INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
        PRIMARY KEY (tenant, part, kind, name, value, sequence)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS lookup_of_document ON lookup (sequence)",
    "CREATE TABLE IF NOT EXISTS shared (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
)


class StoreError(OSError):
    """The file cannot be used; the message says why, and that it may be deleted where that helps."""


class Store:
    """All tenants' documents, in the file at `path` (made when missing, readable by its owner only) or in memory.

    Every read goes to SQLite: nothing is cached, so what another process wrote is seen at once.
    May be used from several threads.

    Raises:
        StoreError: the file belongs to another version, is damaged, or cannot be read or written.
        OSError: there is no place for the file.

    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        self._path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            path or ":memory:", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._prepare()

    def _prepare(self) -> None:
        self._execute("PRAGMA journal_mode = WAL")
        # A power cut may lose the last writes of a sandbox; it never damages the file.
        self._execute("PRAGMA synchronous = NORMAL")
        self._execute("PRAGMA foreign_keys = ON")
        with self.transaction():
            (version,) = self._execute("PRAGMA user_version").fetchone()
            if version not in (0, SCHEMA_VERSION):
                raise StoreError(
                    f"{self._path} was written by another version of the sandbox; delete it to start anew."
                )
            for statement in _SCHEMA:
                self._execute(statement)
            self._execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def documents(self, tenant: str, part: str) -> "Documents":
        """Give the documents of one part ("okta", "auth0", …) in one tenant."""
        return Documents(self, tenant, part)

    def shared(self, name: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """Give what all tenants share under a name, which no reset changes; made when it is first asked for.

        Of two processes that make it at once, one's is kept and both are given that.
        """
        known = "SELECT body FROM shared WHERE name = ?"
        row = self._execute(known, (name,)).fetchone()
        if row is None:
            body = json.dumps(make(), separators=(",", ":"))
            self._execute("INSERT OR IGNORE INTO shared VALUES (?, ?)", (name, body))
            row = self._execute(known, (name,)).fetchone()
        shared: dict[str, Any] = json.loads(row[0])
        return shared

    def tenants(self) -> list[str]:
        """Give the names of the tenants that hold any document, sorted."""
        return [tenant for (tenant,) in self._execute("SELECT DISTINCT tenant FROM document ORDER BY tenant")]

    def holds(self, tenant: str) -> bool:
        """Whether there is any document of the tenant."""
        return self._execute("SELECT 1 FROM document WHERE tenant = ? LIMIT 1", (tenant,)).fetchone() is not None

    def wipe(self, tenant: str) -> None:
        """Delete everything that the tenant holds."""
        self._execute("DELETE FROM document WHERE tenant = ?", (tenant,))

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the writes inside all or nothing; other processes and threads wait. An inner one joins the outer.

        It must not be held over an `await`: another request of the same event loop would join it.
        """
        with self._lock:
            if not self._depth:
                self._execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._leave("ROLLBACK")
                raise
            self._leave("COMMIT")

    def _leave(self, statement: str) -> None:
        self._depth -= 1
        if not self._depth:
            self._execute(statement)

    def _execute(self, sql: str, values: tuple[str | int, ...] = ()) -> sqlite3.Cursor:
        try:
            with self._lock:
                return self._connection.execute(sql, values)
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self._path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self._path} is damaged ({error}); delete it to start anew.") from error


class Documents:
    """JSON documents of one part of one tenant, by kind and id, in creation order."""

    def __init__(self, store: Store, tenant: str, part: str) -> None:
        self._store = store
        self._scope = (tenant, part)

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """Give a fresh copy of the document, or None."""
        row = self._store._execute(
            "SELECT body FROM document WHERE (tenant, part, kind, id) = (?, ?, ?, ?)", (*self._scope, kind, id)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, kind: str, id: str, body: Mapping[str, Any], /, **keys: str) -> None:
        """Insert or replace a document; `keys` are what `find`, `page` and `count` find it by, and replace the former.

        A replaced document keeps its place in the order.
        """
        with self._store.transaction():
            (sequence,) = self._store._execute(
                "INSERT INTO document (tenant, part, kind, id, body) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (tenant, part, kind, id) DO UPDATE SET body = excluded.body RETURNING sequence",
                (*self._scope, kind, id, json.dumps(body, separators=(",", ":"))),
            ).fetchone()
            self._store._execute("DELETE FROM lookup WHERE sequence = ?", (sequence,))
            for name, value in keys.items():
                self._store._execute(
                    "INSERT INTO lookup VALUES (?, ?, ?, ?, ?, ?)", (*self._scope, kind, name, value, sequence)
                )

    def delete(self, kind: str, id: str) -> bool:
        """Delete a document; False when there was none."""
        cursor = self._store._execute(
            "DELETE FROM document WHERE (tenant, part, kind, id) = (?, ?, ?, ?)", (*self._scope, kind, id)
        )
        return cursor.rowcount == 1

    def find(self, kind: str, /, **keys: str) -> list[dict[str, Any]]:
        """Give the documents that carry all of `keys`, in creation order; quickest with the most telling key first."""
        return [body for _, body in self._rows(kind, keys, after=0, limit=-1)]

    def page(self, kind: str, /, *, after: int = 0, limit: int, **keys: str) -> list[tuple[int, dict[str, Any]]]:
        """Give up to `limit` documents whose sequence number exceeds `after`, each with that number."""
        return self._rows(kind, keys, after=after, limit=limit)

    def count(self, kind: str, /, **keys: str) -> int:
        """Count the documents that carry all of `keys`."""
        source, _, values = self._matching(kind, keys)
        (number,) = self._store._execute(f"SELECT count(*) {source}", values).fetchone()
        return int(number)

    def transaction(self) -> AbstractContextManager[None]:
        """Make the writes inside all or nothing: see `Store.transaction`."""
        return self._store.transaction()

    def _rows(self, kind: str, keys: Mapping[str, str], *, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        source, order, values = self._matching(kind, keys)
        sql = f"SELECT d.sequence, d.body {source} AND {order} > ? ORDER BY {order} LIMIT ?"
        return [(sequence, json.loads(body)) for sequence, body in self._store._execute(sql, (*values, after, limit))]

    def _matching(self, kind: str, keys: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]]:
        """Give FROM … WHERE … for the documents with these keys, the column that orders them, and the values.

        CROSS JOIN keeps SQLite from scanning the documents first: without statistics it takes keys for unselective.
        """
        if not keys:
            return "FROM document d WHERE (d.tenant, d.part, d.kind) = (?, ?, ?)", "d.sequence", (*self._scope, kind)
        names = [f"k{number}" for number in range(len(keys))]
        tables = " CROSS JOIN ".join([*(f"lookup {k}" for k in names), "document d"])
        match = [f"({k}.tenant, {k}.part, {k}.kind, {k}.name, {k}.value) = (?, ?, ?, ?, ?)" for k in names]
        same = [f"{other}.sequence = k0.sequence" for other in (*names[1:], "d")]
        values = [text for name, value in keys.items() for text in (*self._scope, kind, name, value)]
        return f"FROM {tables} WHERE {' AND '.join([*match, *same])}", "k0.sequence", tuple(values)
