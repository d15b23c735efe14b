"""Batches that survive: what is done is done once, whatever ends a run, and the output is that of an undisturbed one."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

import govie
from govie import outputs
from govie.batch import Batch, Summary, Watcher, sources
from govie.batch.job import work_folder
from govie.batch.ledger import Ledger
from govie.batch.local import SHARD_RESULTS
from govie.batch.shards import Entry, Maker, Result, ShardReader, pack, read_head, write_shard
from govie.batch.sources import digest, find_sources, is_proof, stamp, with_local_file
from govie.batch.stores import FolderStore, UrlStore
from govie.batch.work import maker_of
from govie.errors import ReadError, StorageError, UsageError
from govie.pool import Limits
from govie.readers import MAX_FILE_BYTES
from govie.records import Failure

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "tests/data/liuqiao_2017.txt"
RULES = govie.load(model=None)
MAKER = Maker(govie="1", model=None, model_sha256=None)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with five reports, all different."""
    folder = tmp_path / "reports"
    folder.mkdir()
    text = REPORT.read_text(encoding="utf-8")
    for number in range(5):
        (folder / f"{number}.txt").write_text(text.replace("126", str(126 + number)), encoding="utf-8")
    return folder


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "facts.jsonl"


def batch(paths: Path | list[Path], output: Path, **options: object) -> Batch:
    chosen = [str(path) for path in (paths if isinstance(paths, list) else [paths])]
    return Batch(chosen, output, RULES, **options)  # type: ignore[arg-type]


def lines(output: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


def heads(output: Path) -> list[dict[str, object]]:
    """The manifests of all shards in the work folder, read as a user would."""
    shards = sorted((work_folder(output) / "shards").iterdir())
    return [json.loads(gzip.open(shard, "rt", encoding="utf-8").readline()) for shard in shards]


def names_in_shards(output: Path) -> list[str]:
    return [Path(entry["path"]).name for head in heads(output) for entry in head["entries"]]  # type: ignore[attr-defined]


def age(folder: Path) -> None:
    """Make files look as if they had not been touched for a while."""
    for path in folder.iterdir():
        os.utime(path, (1_600_000_000, 1_600_000_000))


# --- one run --------------------------------------------------------------------------------------------------


def test_the_output_is_that_of_the_api_and_nothing_else_is_left(reports: Path, output: Path) -> None:
    assert batch(reports, output).run() == Summary(reports=5, failures=0, kept=0)
    assert lines(output) == [report.to_dict() for report in RULES.extract_files(reports)]
    assert sorted(path.name for path in output.parent.iterdir()) == ["facts.jsonl", "reports"]


def test_half_outputs_of_killed_runs_are_removed(reports: Path, output: Path) -> None:
    killed = [outputs._part_beside(output), outputs._part_beside(output)]
    (killed[0] / "part.jsonl").touch()
    other = outputs._part_beside(output.with_name("other.jsonl"))
    batch(reports, output).run()
    assert sorted(path.name for path in output.parent.iterdir()) == [other.name, "facts.jsonl", "reports"]


def test_failures_are_recorded_with_their_reason(reports: Path, output: Path) -> None:
    (reports / "2.txt").write_bytes(b"")
    (reports / "3.txt").unlink()
    seen: list[Failure] = []

    class Listening(Watcher):
        def fail(self, failure: Failure) -> None:
            seen.append(failure)

    paths = [reports / f"{number}.txt" for number in range(5)]
    assert batch(paths, output, watcher=Listening()).run() == Summary(reports=3, failures=2, kept=0)
    assert [Path(str(line["source"]["path"])).name for line in lines(output)] == ["0.txt", "1.txt", "4.txt"]  # type: ignore[index]
    assert seen == [
        Failure(
            path=str(reports / "2.txt"),
            error="ReadError",
            reason="the file is empty",
            hint="Fetch or save it again.",
            sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        Failure(
            path=str(reports / "3.txt"),
            error="ReadError",
            reason="there is no such file",
            hint="Check the path and its spelling.",
        ),
    ]


def test_a_path_named_twice_is_extracted_once_and_written_twice(reports: Path, output: Path) -> None:
    assert batch([reports / "0.txt", reports, reports / "0.txt"], output, keep=True).run().reports == 7
    assert len(lines(output)) == 7
    assert sorted(names_in_shards(output)) == [f"{number}.txt" for number in range(5)]


def test_names_that_are_trouble(tmp_path: Path, output: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    strange = ["with\nnewline.txt", "  blanks .txt", "-o.txt", "'\"$x`.txt", "乡镇.txt", os.fsdecode(b"\xff\xfe.txt")]
    for name in strange:
        shutil.copy(REPORT, folder / name)
    shutil.copy(REPORT, tmp_path / "named.txt")
    (folder / os.fsdecode(b"empty\xff.txt")).touch()
    summary = batch(folder, output).run()
    assert summary == Summary(reports=6, failures=1, kept=0)
    paths = {Path(str(line["source"]["path"])).name for line in lines(output)}  # type: ignore[index]
    assert paths == {*strange[:-1], "\\xff\\xfe.txt"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_symbolic_links_that_lead_in_a_circle(reports: Path, output: Path) -> None:
    (reports / "self.txt").symlink_to(reports / "self.txt")
    (reports / "up").symlink_to(reports)
    summary = batch(reports, output).run()
    assert summary == Summary(reports=5, failures=1, kept=0)


def test_a_folder_that_cannot_be_read(reports: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (reports / "closed").mkdir()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = list(find_sources([str(reports)]))
    assert str(found[-1]) == f"{reports}/closed: the folder cannot be read (Permission denied). Check its permissions."
    assert len(found) == 6


def test_messages_name_no_other_path(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: govie.Extractor, path: Path) -> govie.Report:
        raise OSError(f"cannot open '/usr/lib/python3/site-packages/x/data.bin' for {path}: see /tmp/tmp1234/a b")

    monkeypatch.setattr(govie.Extractor, "extract_file", broken)
    (reports / "with blank").mkdir()
    path, error = RULES.outcome(reports / "with blank/0.txt")
    assert isinstance(error, govie.GovieError)
    assert error.what == (
        f"govie has a defect that this file brings out (OSError: cannot open 'data.bin' for {path}: see a b)"
    )


# --- going on -------------------------------------------------------------------------------------------------


class StopAfter(Watcher):
    """Presses Ctrl-C after some files."""

    def __init__(self, files: int) -> None:
        self._left = files
        self._on = False

    def begin(self, what: str, total: int | None, done: int = 0) -> None:
        self._on = what == "extracting"

    def step(self, failed: bool = False) -> None:
        self._left -= self._on
        if self._on and self._left == 0:
            raise KeyboardInterrupt


def test_a_stopped_run_keeps_what_is_done_and_the_next_does_the_rest(reports: Path, output: Path) -> None:
    stopped = batch(reports, output, watcher=StopAfter(2))
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    assert (stopped.done, stopped.total) == (2, 5)
    assert not output.exists()
    assert len(names_in_shards(output)) == 2
    assert batch(reports, output, keep=True).run() == Summary(reports=5, failures=0, kept=2)
    assert sorted(names_in_shards(output)) == [f"{number}.txt" for number in range(5)]
    assert lines(output) == [report.to_dict() for report in RULES.extract_files(reports)]


def test_only_what_changed_is_extracted_again(reports: Path, output: Path) -> None:
    age(reports)
    batch(reports, output, keep=True).run()
    changed = reports / "1.txt"
    before = changed.read_text(encoding="utf-8")
    changed.write_text(before.replace("127", "999"), encoding="utf-8")
    os.utime(changed, (1_600_000_000, 1_600_000_000))  # size and time of change as before
    os.utime(reports / "3.txt")  # touched, and still the same
    (reports / "4.txt").unlink()
    shutil.copy(REPORT, reports / "5.txt")
    assert batch(reports, output, keep=True).run() == Summary(reports=5, failures=0, kept=3)
    assert sorted(names_in_shards(output)) == ["0.txt", "1.txt", "1.txt", "2.txt", "3.txt", "4.txt", "5.txt"]
    assert lines(output) == [report.to_dict() for report in RULES.extract_files(reports)]


def test_another_maker_makes_all_again(reports: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch(reports, output, keep=True).run()
    assert batch(reports, output, keep=True).run().kept == 5
    monkeypatch.setattr(govie, "__version__", "99")
    assert batch(reports, output, keep=True).run().kept == 0
    monkeypatch.undo()
    # The work of the earlier version is still there.
    assert batch(reports, output).run().kept == 5


def test_a_changed_model_is_another_maker(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(ROOT / "models/zh_govie", model)
    before = maker_of(govie.load(model))
    assert before == maker_of(govie.load(model))
    assert before.model_sha256 == maker_of(govie.load("default")).model_sha256
    weights = model / "govie_linker/numbers.json"
    weights.write_text(weights.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert maker_of(govie.load(model)) != before
    assert maker_of(RULES).model is None


def test_failures_stand_unless_limits_change_or_they_are_tried_again(reports: Path, tmp_path: Path) -> None:
    source = str(reports / "0.txt")
    age(reports)
    store = FolderStore(tmp_path / "shards")

    def kept(error: str, limits: Limits, *, retry: bool = False) -> int:
        failure = Failure(path=source, error=error, reason="it failed")
        packed = pack(failure)
        from govie.batch.ledger import source_key

        entry = Entry(
            key=source_key(source),
            path=source,
            stamp=stamp(source),
            sha256=digest(source),
            error=error,
            length=len(packed),
        )
        ledger = Ledger()
        ledger.add("a", *write_shard(store, "a", MAKER, Limits(seconds=1), [Result(entry, packed)]))
        ledger.plan(source, limits, retry=retry)
        ledger.close()
        return ledger.done

    assert kept("ReadError", Limits(seconds=2)) == 1
    assert kept("TimeLimitError", Limits(seconds=1)) == 1
    assert kept("TimeLimitError", Limits(seconds=2)) == 0
    assert kept("ReadError", Limits(seconds=1), retry=True) == 0


def test_a_folder_of_the_users_is_not_removed(reports: Path, output: Path, tmp_path: Path) -> None:
    work = tmp_path / "mine"
    work.mkdir()
    (work / "thesis.tex").touch()
    batch(reports, output, work=str(work)).run()
    assert [path.name for path in work.iterdir()] == ["thesis.tex"]


def test_two_runs_do_not_work_in_one_folder(reports: Path, output: Path) -> None:
    class Second(Watcher):
        def begin(self, what: str, total: int | None, done: int = 0) -> None:
            with pytest.raises(UsageError, match="another run is at work in this folder"):
                batch(reports, output).run()

    assert batch(reports, output, watcher=Second()).run().reports == 5


def test_damaged_and_half_shards_are_made_again(reports: Path, output: Path) -> None:
    batch(reports, output, keep=True).run()
    folder = work_folder(output) / "shards"
    [shard] = folder.iterdir()
    whole = shard.read_bytes()
    for damaged in (b"", whole[:20], whole[: len(whole) // 2], whole[:-1]):
        shard.write_bytes(damaged)
        (folder / ".000009.jsonl.gz.ab.part").write_bytes(whole)
        assert batch(reports, output, keep=True).run() == Summary(reports=5, failures=0, kept=0)
        assert len(lines(output)) == 5
        assert not list(folder.glob(".*"))
        for other in folder.iterdir():
            if other != shard:
                other.unlink()


def test_bits_that_turned_over_are_noticed(reports: Path, output: Path) -> None:
    batch(reports, output, keep=True).run()
    [shard] = (work_folder(output) / "shards").iterdir()
    whole = bytearray(shard.read_bytes())
    whole[-30] ^= 0xFF
    shard.write_bytes(whole)
    output.unlink()
    with pytest.raises(StorageError, match=r"a shard is damaged or gone\. Remove it and run the same command again"):
        batch(reports, output).run()
    assert not output.exists()
    shard.unlink()
    assert batch(reports, output).run().reports == 5


# --- a full disk ----------------------------------------------------------------------------------------------


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_full_disk_while_shards_are_written(
    where: str, reports: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output.write_text("of yesterday", encoding="utf-8")
    monkeypatch.setattr(os, where, _full)
    with pytest.raises(StorageError) as caught:
        batch(reports, output).run()
    monkeypatch.undo()
    assert str(caught.value) == (
        f"{work_folder(output)}/shards: the disk is full. Free some space and run the same command again: "
        "what is done is kept, and it goes on from there."
    )
    assert not work_folder(output).exists(), "there is nothing in it"
    assert output.read_text(encoding="utf-8") == "of yesterday"
    assert batch(reports, output).run().reports == 5


def test_a_full_disk_while_the_output_is_written(reports: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from govie import outputs

    def write(items: Iterable[object], output: Path) -> None:
        next(iter(items))
        _full()

    monkeypatch.setattr(outputs, "write", write)
    with pytest.raises(StorageError, match=r"facts\.jsonl: the disk is full\. Free some space"):
        batch(reports, output).run()
    monkeypatch.undo()
    assert not output.exists()
    assert batch(reports, output).run() == Summary(reports=5, failures=0, kept=5)


# --- shards, stores, stamps -----------------------------------------------------------------------------------


def _results(count: int) -> list[Result]:
    results = []
    for number in range(count):
        packed = pack(Failure(path=f"{number}.txt", error="ReadError", reason="x" * number))
        entry = Entry(
            key=f"{number:032x}", path=f"{number}.txt", stamp=None, sha256=None, error=None, length=len(packed)
        )
        results.append(Result(entry, packed))
    return results


def test_a_result_is_read_without_the_others(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    results = _results(300)
    head, starts = write_shard(store, "000000.jsonl.gz", MAKER, Limits(), results)
    assert read_head(store, "000000.jsonl.gz") == (head, starts)
    reader = ShardReader(store)
    for number in (299, 0, 17):
        item = reader.item("000000.jsonl.gz", starts[number], head.entries[number].length)
        assert isinstance(item, Failure)
        assert (item.path, len(item.reason)) == (f"{number}.txt", number)
    again = FolderStore(tmp_path / "again")
    write_shard(again, "a", MAKER, Limits(), results)
    assert again.read("a") == store.read("000000.jsonl.gz")


def test_stores_at_urls(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    for url in ("memory://batch/shards", f"file://{tmp_path}/shards"):
        store = UrlStore(url)
        assert store.names() == []
        head, starts = write_shard(store, "000000.jsonl.gz", MAKER, Limits(), _results(3))
        assert store.names() == ["000000.jsonl.gz"]
        assert read_head(store, "000000.jsonl.gz") == (head, starts)
        assert isinstance(ShardReader(store).item("000000.jsonl.gz", starts[2], head.entries[2].length), Failure)
        store.remove()
        assert UrlStore(url).names() == []


def test_sources_and_shards_at_urls(reports: Path, output: Path, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (reports / "2.txt").write_bytes(b"")
    work = f"file://{tmp_path}/work"
    stopped = Batch([f"file://{reports}"], output, RULES, work=work, watcher=StopAfter(2))
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    assert (tmp_path / "work/shards").is_dir()
    seen: list[Failure] = []
    rest = Batch([f"file://{reports}", f"file://{reports}/no.txt"], output, RULES, work=work)
    rest._watcher.fail = seen.append  # type: ignore[method-assign]
    assert rest.run() == Summary(reports=4, failures=2, kept=2)
    assert [line["source"]["path"] for line in lines(output)] == [  # type: ignore[index]
        f"file://{reports}/{number}.txt" for number in (0, 1, 3, 4)
    ]
    assert [(failure.path, failure.reason) for failure in seen] == [
        (f"file://{reports}/2.txt", "the file is empty"),
        (f"file://{reports}/no.txt", "there is no such file"),
    ]
    assert not (tmp_path / "work/shards").exists()


def test_folders_at_urls_are_searched_as_those_on_the_disk(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    kept = ("a.txt", "没有后缀", "sub/b.HTML", "z.zip")
    for name in (*kept, "page_files/ad.html", "style.css", ".hidden/c.txt", ".d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert list(find_sources([f"file://{tmp_path}"])) == sorted(f"file://{tmp_path}/{name}" for name in kept)


def test_an_archive_at_a_url_says_so(reports: Path, output: Path) -> None:
    pytest.importorskip("fsspec")
    with zipfile.ZipFile(reports / "a.zip", "w") as file:
        file.write(REPORT, "a.txt")
    seen: list[Failure] = []
    run = Batch([f"file://{reports}/a.zip"], output, RULES)
    run._watcher.fail = seen.append  # type: ignore[method-assign]
    assert run.run() == Summary(reports=0, failures=1, kept=0)
    assert [(failure.reason, failure.hint) for failure in seen] == [
        ("archives at URLs are not searched", "Fetch it, or unpack it there: files and folders are read.")
    ]


class RefusedError(Exception):
    """What a driver raises that knows no OSError."""


class RefusingDriver:
    """A file system whose every call ends in an error of its own."""

    def __getattr__(self, name: str) -> object:
        def refuse(*_: object, **__: object) -> None:
            raise RefusedError("403, message='Forbidden'")

        return refuse


def test_errors_of_drivers_cost_one_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "filesystem", lambda url: (RefusingDriver(), "bucket/a.txt"))
    url = "s3://bucket/a.txt"
    [found] = find_sources([url])
    assert isinstance(found, ReadError)
    assert found.what == "the folder cannot be read (RefusedError: 403, message='Forbidden')"
    assert (stamp(url), digest(url)) == (None, None)
    with pytest.raises(ReadError, match=r"^s3://bucket/a\.txt: the file cannot be fetched \(RefusedError: 403, .*Check the address"):
        with_local_file(url, lambda path: path.read_bytes())


def test_stamps(reports: Path) -> None:
    path = reports / "0.txt"
    fresh = stamp(str(path))
    assert fresh is not None and fresh.endswith("?")
    assert not is_proof(fresh, fresh), "it was touched a moment ago, and may be touched again"
    assert stamp(str(reports)) is None
    assert stamp(str(reports / "no.txt")) is None
    assert not is_proof(None, None)
    assert is_proof("5-1-2", "5-1-2")
    age(reports)
    assert stamp(f"{path}/inside/a.html") == stamp(str(path)), "of a file in an archive, that of the archive"


def test_members_of_an_archive_have_hashes_too(reports: Path, output: Path) -> None:
    shutil.copy(REPORT, reports / "good.txt")
    with zipfile.ZipFile(reports / "a.zip", "w") as file:
        file.write(reports / "good.txt", "in/good.txt")
        file.writestr("in/empty.txt", b"")
    age(reports)
    member = str(reports / "a.zip/in/good.txt")
    assert digest(member) == digest(str(reports / "good.txt")) is not None
    assert digest(str(reports / "a.zip/no.txt")) is None
    assert digest(str(reports / "good.txt/no.txt")) is None
    seen: list[Failure] = []
    first = batch(reports / "a.zip", output, keep=True)
    first._watcher.fail = seen.append  # type: ignore[method-assign]
    assert first.run() == Summary(reports=1, failures=1, kept=0)
    assert [(Path(failure.path).name, failure.sha256) for failure in seen] == [("empty.txt", hashlib.sha256().hexdigest())]
    os.utime(reports / "a.zip")  # touched, and what is in it is still the same
    assert batch(reports / "a.zip", output, keep=True).run().kept == 2


def test_what_is_too_large_to_be_read_is_not_hashed(tmp_path: Path) -> None:
    path = tmp_path / "disk.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert digest(str(path)) is None
    assert stamp(str(path)) is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert digest(str(tmp_path / "pipe.txt")) is None
    assert stamp(str(tmp_path / "pipe.txt")) is None


# --- as a user runs it ----------------------------------------------------------------------------------------


def start(*arguments: object) -> subprocess.Popen[str]:
    code = "from govie.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "extract", "--rules", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={"PYTHONPATH": str(ROOT)} | os.environ | {"PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    )


def wait_for_shard(output: Path) -> None:
    folder = work_folder(output) / "shards"
    for _ in range(600):
        if folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir()):
            return
        time.sleep(0.05)
    raise AssertionError("no shard was written")


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        shutil.copy(REPORT, folder / f"{number:05d}.txt")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_says_how_to_go_on(number: int, status: int, tmp_path: Path, output: Path) -> None:
    folder = many(tmp_path / "in", SHARD_RESULTS * 8)
    run = start(folder, "-o", output)
    wait_for_shard(output)
    os.killpg(run.pid, number)  # as a terminal does: to the workers too
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == status
    assert stderr.startswith("stopped: ") and stderr.count("\n") == 1, stderr
    assert f"of {SHARD_RESULTS * 8:,} files are done and kept in {work_folder(output)}. Give the same command again" in stderr
    assert not output.exists()
    assert len(names_in_shards(output)) == int(stderr.split()[1].replace(",", ""))


_TROUBLE = """
import os, time
from pathlib import Path
import govie.readers

read = govie.readers.read_file

def trouble(path):
    name = Path(path).stem
    if name == "hang":
        time.sleep(600)
    if name == "swell":
        hoard = b"x" * (600 << 20)
        time.sleep(600)
    if name == "die":
        os._exit(9)
    return read(path)

govie.readers.read_file = trouble
"""


@pytest.fixture
def trouble(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with three files more, which make every process that reads them hang, swell or die."""
    (tmp_path / "sitecustomize.py").write_text(_TROUBLE, encoding="utf-8")  # run by every Python that starts
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    for name in ("die", "hang", "swell"):
        shutil.copy(REPORT, reports / f"{name}.txt")
    return reports


def test_files_that_hang_or_swell_or_kill(trouble: Path, output: Path) -> None:
    run = start(trouble, "-o", output, "--timeout", "4", "--memory-limit", "300MB")
    _, stderr = run.communicate(timeout=60)
    assert run.returncode == 1
    assert stderr.splitlines() == [
        f"{trouble}/die.txt: the process that read this file died."
        " Read it alone with extract_file; the system may have ended the process for want of memory.",
        f"{trouble}/hang.txt: the file took longer than the time limit of 4 seconds."
        " Give it more time (timeout, on the command line --timeout), or leave it out.",
        f"{trouble}/swell.txt: the file took more memory than the limit of 300 MB."
        " Give it more (memory_limit, on the command line --memory-limit), or leave it out.",
    ]
    assert len(lines(output)) == 5


def test_limits_of_the_api(trouble: Path) -> None:
    errors: list[tuple[str, str]] = []
    found = RULES.extract_files(
        trouble, timeout=3, memory_limit="300MB", on_error=lambda path, error: errors.append((path, type(error).__name__))
    )
    assert len(list(found)) == 5
    assert errors == [
        (str(trouble / "die.txt"), "CrashError"),
        (str(trouble / "hang.txt"), "TimeLimitError"),
        (str(trouble / "swell.txt"), "MemoryLimitError"),
    ]


def test_options_that_need_an_output(reports: Path) -> None:
    run = start(reports, "--keep")
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == 2
    assert stderr == "--engine, --work, --keep and --retry-failed need an output. Name a file with -o.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_killed_at_random_moments() -> None:
    script = ROOT / "tests/stress/kill_resume.py"  # at full size: make stress
    done = subprocess.run(
        [sys.executable, script, "--files", "60", "--kills", "3", "--rules"], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "output identical: True; files done more than once: 0 of 60" in done.stdout
