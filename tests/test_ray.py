"""A batch on a Ray cluster of three nodes, simulated on this machine: the same output, also when a node is killed.

Run by ``make test-ray``; skipped where Ray is not installed. Prints how two nodes compare to one.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import govie
from govie.batch import Batch, Summary, Watcher
from govie.batch.job import work_folder

pytestmark = [
    pytest.mark.ray,
    pytest.mark.skipif(find_spec("ray") is None, reason="needs Ray (make test-ray)"),
    pytest.mark.filterwarnings("default"),
]
ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "corpus/reports").glob("*.txt"))
FILES = 1500


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Three nodes of one CPU each; the test is connected to it."""
    import ray
    from ray.cluster_utils import Cluster

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 100 << 20})
    ray.init(address=nodes.address, log_to_driver=False)
    for _ in range(2):
        nodes.add_node(num_cpus=1, object_store_memory=100 << 20)
    nodes.wait_for_nodes()
    yield nodes
    ray.shutdown()
    nodes.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the corpus, and two files that fail."""
    place = tmp_path_factory.mktemp("in")
    for number in range(FILES):
        source = SOURCES[number % len(SOURCES)]
        shutil.copy(source, place / f"{number:05d}_{source.name}")
    (place / "00007_empty.txt").touch()
    (place / "zz.txt").symlink_to("nowhere.txt")
    return place


@pytest.fixture(scope="module")
def expected(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The output of one process."""
    output = tmp_path_factory.mktemp("out") / "facts.jsonl"
    Batch([str(folder)], output, govie.load()).run()
    return output.read_bytes()


class Timer(Watcher):
    """Takes the time of the extraction, and does something in the middle of it."""

    def __init__(self, at: int = -1, action: Any = None) -> None:
        self._steps = 0
        self._at = at
        self._action = action
        self._began = 0.0
        self.seconds = 0.0

    def begin(self, what: str, total: int | None, done: int = 0) -> None:
        if what == "extracting":
            self._began = time.perf_counter()
        elif what == "writing":
            self.seconds = time.perf_counter() - self._began
            self._at = -1

    def step(self, failed: bool = False) -> None:
        if self._began:
            self._steps += 1
            if self._steps == self._at:
                self._action()


def run(folder: Path, output: Path, actors: int | None, watcher: Watcher) -> Summary:
    return Batch([str(folder)], output, govie.load(), engine="ray", n_process=actors, keep=True, watcher=watcher).run()


def test_two_nodes_against_one(cluster: Any, folder: Path, expected: bytes, tmp_path: Path) -> None:
    seconds = {}
    for actors in (1, 2):
        output = tmp_path / f"{actors}.jsonl"
        timer = Timer()
        assert run(folder, output, actors, timer) == Summary(reports=FILES, failures=2, kept=0)
        assert output.read_bytes() == expected
        seconds[actors] = timer.seconds
    print(f"\nRay, {FILES} reports: one node {seconds[1]:.1f} s, two nodes {seconds[2]:.1f} s,", end=" ")
    print(f"{seconds[1] / seconds[2]:.2f} times as fast")


def test_a_node_killed_in_mid_job(cluster: Any, folder: Path, expected: bytes, tmp_path: Path) -> None:
    output = tmp_path / "facts.jsonl"
    killed = []

    def kill() -> None:
        node = sorted(cluster.worker_nodes, key=str)[0]
        cluster.remove_node(node, allow_graceful=False)
        killed.append(node)

    watcher = Timer(FILES // 4, kill)
    assert run(folder, output, None, watcher) == Summary(reports=FILES, failures=2, kept=0)
    assert len(killed) == 1
    assert output.read_bytes() == expected
    # Each result is there once, and a second run finds nothing to do but the file that was not there.
    assert sum(1 for _ in (work_folder(output) / "shards").iterdir()) == -(-(FILES + 2) // 128)
    assert run(folder, output, None, Timer()).kept == FILES + 1


def test_one_process_goes_on_from_what_a_cluster_did(cluster: Any, folder: Path, expected: bytes, tmp_path: Path) -> None:
    output = tmp_path / "facts.jsonl"

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(folder, output, 2, Timer(FILES // 2, stop))
    assert not output.exists()
    summary = Batch([str(folder)], output, govie.load()).run()
    assert FILES // 2 <= summary.kept < FILES
    assert output.read_bytes() == expected
    assert json.loads(output.read_text(encoding="utf-8").splitlines()[-1])["source"]["path"].startswith(str(folder))
