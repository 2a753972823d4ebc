"""Processes that die, hosts that race, a database that goes away: what is left is whole."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from engines.media_v2 import StorageError
from engines.media_v2.tests.servers import PostgresServer
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import ACME, render

ROOT = Path(__file__).parents[3]

# Registers 200 artifacts and says the id of each once it is acknowledged.
REGISTER = """
import sys
from engines.media_v2.tests.stores import Store
from engines.media_v2.tests.support import render
with Store(*sys.argv[1:]).open() as media:
    print("open", flush=True)
    for number in range(200):
        print(render(media, b"%d " % number * 5000, dedupe_key=f"{number}").id, flush=True)
"""


def _acknowledged_until_killed(store: Store, chance: random.Random) -> list[str]:
    """Start a process that registers, kill it at a random moment; the ids it had been given by then."""
    process = subprocess.Popen(
        [sys.executable, "-c", REGISTER, store.database_url, store.blob_url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "open\n"
        said = [process.stdout.readline() for _ in range(chance.randrange(60))]
        time.sleep(chance.uniform(0, 0.01))  # somewhere inside a registration
        process.kill()
        said += process.stdout.readlines()
    assert process.wait() == -9, "it was killed, and not done before"
    return [line.strip() for line in said if line.endswith("\n")]


class TestKilled:
    """SIGKILL at random moments."""

    def test_a_killed_process_leaves_no_row_without_its_bytes(self, store: Store) -> None:
        """Three processes one after the other, each killed: all that was acknowledged is there and whole, all
        rows can be read, and a fourth that is let be completes the work."""
        chance = random.Random(store.blob_url.partition(":")[0])
        store.open().close()
        acknowledged: set[str] = set()
        for _ in range(3):
            acknowledged.update(_acknowledged_until_killed(store, chance))
            with store.open() as media:
                findings = list(media.verify())
                assert [finding for finding in findings if finding.fault] == []
                assert acknowledged <= {finding.id for finding in findings}
                assert len(media.collect_garbage()) == 0, "what is young is left alone"
        with store.open() as media:
            made = {render(media, b"%d " % n * 5000, dedupe_key=f"{n}").id for n in range(200)}
            assert acknowledged <= made
            assert len(media.list_artifacts(**ACME, limit=1000).items) == 200


def _register_hundred(arguments: tuple[Store, int]) -> list[str]:
    store, host = arguments
    with store.open() as media:
        return [render(media, b"%d" % host, dedupe_key=f"render {n}").id for n in range(100)]


class TestRace:
    """Two hosts that render the same."""

    def test_two_processes_that_register_the_same_hundred_end_with_a_hundred(self, store: Store) -> None:
        """Both are told the same hundred ids; a hundred rows, a hundred blobs."""
        with get_context("spawn").Pool(2) as pool:
            first, second = pool.map(_register_hundred, [(store, 1), (store, 2)], chunksize=1)
        assert first == second
        with store.open() as media:
            kept = media.list_artifacts(**ACME, limit=1000).items
            assert {artifact.id for artifact in kept} == set(first)
            assert len(kept) == 100
        assert len(store.all_keys()) == 100


class TestOutage:
    """PostgreSQL goes away."""

    def test_a_database_that_comes_back_is_used_again(self, postgres: PostgresServer, tmp_path: Path) -> None:
        """While it is away a call is one line; afterwards the same service goes on, nothing is lost."""
        store = Store(postgres.new_database(), tmp_path.as_uri())
        with store.open() as media:
            before = render(media, b"before", dedupe_key="before")
            postgres.stop()
            try:
                with pytest.raises(StorageError, match=r"^database 127\.0\.0\.1:.*connection") as caught:
                    render(media, b"during")
                assert "\n" not in str(caught.value)
            finally:
                postgres.start()
            assert media.read_artifact(before.id, **ACME) == b"before"
            assert media.find_artifact(**ACME, kind="image_render", dedupe_key="before") == before
            render(media, b"after")

    def test_a_restart_between_two_calls_is_not_noticed(
        self, postgres: PostgresServer, tmp_path: Path
    ) -> None:
        """The connections it cut are replaced before they are used."""
        with Store(postgres.new_database(), tmp_path.as_uri()).open() as media:
            before = render(media)
            postgres.stop()
            postgres.start()
            assert media.get_artifact(before.id, **ACME) == before
