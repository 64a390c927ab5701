"""Wherever work is done, the same bytes come out."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedgen_kusama import intake, jobs, making
from feedgen_kusama.executors import workshop
from feedgen_kusama.sources import SourceFile, read_source
from tests.readings import ROOT

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

WORKER = """
import asyncio, sys
from distributed import Nanny, Scheduler, Worker
async def main():
    if sys.argv[1] == "scheduler":
        server = await Scheduler(host="127.0.0.1", port=0, dashboard=False)
    else:
        server = await Worker(sys.argv[2], host="127.0.0.1", nthreads=1)
    print(server.address, flush=True)
    await server.finished()
asyncio.run(main())
"""


@pytest.fixture
def much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is work enough for other processes, in many small jobs."""
    monkeypatch.setattr(intake, "MANY", 1)
    monkeypatch.setattr(intake, "BATCH", 1)
    monkeypatch.setattr(making, "MANY", 1)
    monkeypatch.setattr(making, "MOST_IN_JOB", 10)


def square(number: int) -> int:
    return number * number


def whereabouts(_: int) -> int:
    return os.getpid()


def test_what_makes_files_leaves_no_cycles(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands look for them so seldom that all entries in them would stay in memory."""
    left = []

    def make(job: jobs.MakeJob) -> jobs.MakeResult:
        result = jobs.make(job)  # which may be the first, and import
        gc.collect()
        gc.disable()
        jobs.make(job)
        left.append(gc.collect())
        gc.enable()
        return result

    monkeypatch.setattr(making, "make", make)
    assert project.run("build", "--now", "2026-01-15T12:00:00Z").status == 0
    assert len(left) > 1
    assert not any(left)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_jobs(jobs: int) -> None:
    with workshop(jobs) as shop:
        assert list(shop.run(square, range(50), is_much=True)) == [n * n for n in range(50)]
        assert list(shop.run(square, [7], is_much=True)) == [49]
        assert list(shop.run(square, [], is_much=True)) == []


@pytest.mark.parametrize(("jobs", "is_much", "is_here"), [(1, True, True), (3, False, True), (3, True, False)])
def test_only_much_work_leaves_the_process(jobs: int, is_much: bool, is_here: bool) -> None:
    with workshop(jobs) as shop:
        places = set(shop.run(whereabouts, range(20), is_much=is_much))
    assert (places == {os.getpid()}) is is_here


def test_as_many_processes_work_as_there_are_cores_for_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with workshop() as shop:
        assert shop.jobs == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")  # as on macOS
    with workshop() as shop:
        assert shop.jobs == os.cpu_count()


def test_workers_end_with_the_process_that_started_them_though_it_is_killed() -> None:
    program = """
import os, time
from feedgen_kusama.executors import workshop
from tests.test_executors import whereabouts
with workshop(2) as shop:
    list(shop.run(whereabouts, range(20), is_much=True))
    print(*shop._executor._processes, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert len(process.stdout.readline().split()) == 2
        process.kill()
        assert process.stdout.read() == ""  # which ends only when nobody is left to write there


def die_in_a_worker(parent: int) -> int:
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return parent


def test_workers_that_are_killed_cost_only_time() -> None:
    here = os.getpid()
    with workshop(2) as shop:
        assert list(shop.run(die_in_a_worker, [here] * 20, is_much=True)) == [here] * 20
        assert list(shop.run(square, range(20), is_much=True)) == [n * n for n in range(20)]


def test_whoever_interrupts_a_build_sees_nothing_of_its_workers() -> None:
    program = """
import sys, time
from feedgen_kusama.executors import workshop
from tests.test_executors import whereabouts
def slowly():
    for number in range(1000):
        if number == 20:
            print("ready", flush=True)
        time.sleep(0.002)
        yield number
try:
    with workshop(2) as shop:
        list(shop.run(whereabouts, slowly(), is_much=True))
except KeyboardInterrupt:
    print("interrupted")
"""
    piped = subprocess.PIPE
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=piped, stderr=piped, text=True, cwd=ROOT, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=30) == ("interrupted\n", "")


def test_jobs_are_handed_out_no_faster_than_results_are_taken() -> None:
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(1_000):
            taken += 1
            yield number

    with workshop(2) as shop:
        results = shop.run(square, numbers(), is_much=True)
        next(results)
        assert taken < 20


@pytest.mark.usefixtures("much")
def test_several_processes_publish_the_same_bytes(project: Project) -> None:
    assert project.build("--no-cache", "--jobs", "1").status == 0
    alone = project.published()
    assert project.build("--no-cache", "--jobs", "3", "--output", "others").status == 0
    (project.feeds).rename(project.folder / "first")
    (project.folder / "others").rename(project.feeds)
    assert project.published() == alone


@contextmanager
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and two workers, each a process."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> str:
        command = [sys.executable, "-c", WORKER, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        processes.append(process)
        assert process.stdout
        return process.stdout.readline().strip()

    try:
        address = start("scheduler")
        for _ in range(2):
            start("worker", address)
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_a_cluster_publishes_the_same_bytes_though_one_of_its_workers_is_killed(
    project: Project, monkeypatch: pytest.MonkeyPatch, much: None
) -> None:
    pytest.importorskip("distributed")
    assert project.build("--no-cache", "--jobs", "1").status == 0
    alone = project.published()
    (project.feeds).rename(project.folder / "first")
    with cluster() as (address, workers):
        count = 0

        def kill_in_the_middle(folder: Path, name: str) -> SourceFile:
            nonlocal count
            count += 1
            if count == 5:
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait()
            return read_source(folder, name)

        monkeypatch.setattr(intake, "read_source", kill_in_the_middle)
        outcome = project.build("--no-cache", "--dask", address)
        assert (outcome.status, outcome.err) == (0, ())
        assert count >= 8
        assert workers[0].poll() is not None
        assert workers[1].poll() is None
    assert project.published() == alone


def test_a_scheduler_that_does_not_answer_is_told(project: Project, much: None) -> None:
    pytest.importorskip("distributed")
    outcome = project.build("--dask", "tcp://127.0.0.1:9")
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert outcome.err[0].startswith("tcp://127.0.0.1:9: no Dask scheduler answers there")
    assert not project.feeds.exists() or project.published() == {}
