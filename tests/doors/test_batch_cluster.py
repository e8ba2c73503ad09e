"""The same batch beyond one process tree: a scheduler and two workers on loopback."""

import gc
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support import cluster, many

import xlplan
from xlplan.app.batch import pools
from xlplan.diagnostics import RequestError

distributed = pytest.importorskip("distributed")

COUNTIES = tuple(f"{number}区" for number in range(4))


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    with cluster.running(tmp_path_factory.mktemp("cluster"), 2) as started:
        yield started


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Four workbooks as they come."""
    folder = tmp_path_factory.mktemp("sound")
    (first,) = many.county_books(folder, ["甲区"])
    (folder / "原样").mkdir()
    for name in COUNTIES:
        shutil.copy(first, folder / "原样" / f"{name}.xlsx")
    return folder / "原样"


@pytest.fixture(scope="module")
def local(sound, tmp_path_factory):
    """What a batch without a cluster writes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLPLAN_STATE", str(tmp_path_factory.mktemp("state")))
        city = Path(shutil.copytree(sound, tmp_path_factory.mktemp("local") / "市"))
        with ThreadPoolExecutor(1) as here:
            xlplan.batch("recalculate", [city], policy=many.POLICY, executor=here)
    return {path.name: path.read_bytes() for path in city.iterdir()}


def test_a_cluster_writes_the_same_bytes_and_a_poisoned_book_fails_alone(
    two_workers, sound, local, tmp_path
):
    city = Path(shutil.copytree(sound, tmp_path / "市"))
    (city / "坏.xlsx").write_bytes((city / "0区.xlsx").read_bytes()[:4000])
    done = xlplan.batch("recalculate", [city], policy=many.POLICY, cluster=two_workers[0])
    assert {one.label: one.state for one in done.outcomes if one.state != "clean"} == {
        "坏.xlsx": "failed"
    }
    (city / "坏.xlsx").unlink()
    assert {path.name: path.read_bytes() for path in city.iterdir()} == local


def test_a_cluster_that_does_not_answer_is_one_line_before_any_work(monkeypatch, sound):
    monkeypatch.setattr(pools, "_SECONDS_TO_CONNECT", 0.2)
    with pytest.raises(RequestError, match="XP974"):
        xlplan.batch("check", [sound], cluster="tcp://127.0.0.1:9")
    with pytest.raises(RequestError, match="XP974"):
        xlplan.batch("check", [sound], cluster="没有这种写法")
    # A client that is left over is closed when it happens to be collected: within another one's
    # lock that would never end.
    assert not [one for one in gc.get_objects() if type(one) is distributed.Client]


def test_workers_of_another_version_are_refused(two_workers, monkeypatch, sound):
    monkeypatch.setattr(pools, "__version__", "9.9")
    with pytest.raises(RequestError, match=r"XP976 .*0\.1\.0"):
        xlplan.batch("check", [sound], cluster=two_workers[0])


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_worker_killed_in_the_middle_loses_nothing(two_workers, sound, local, tmp_path):
    address, (victim, _) = two_workers
    city = Path(shutil.copytree(sound, tmp_path / "市"))

    def kill(_outcome, count, _all):
        if count == 1:
            victim.kill()

    how = {"policy": many.POLICY, "cluster": address, "progress": kill}
    done = xlplan.batch("recalculate", [city], **how)
    assert victim.wait() < 0
    assert [one.state for one in done.outcomes] == ["clean"] * 4
    assert {path.name: path.read_bytes() for path in city.iterdir()} == local
