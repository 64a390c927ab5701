"""Where work is done: in this process where it is little, in several where it is much, or on a Dask cluster."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from feedgen_kusama.errors import USAGE, FeedgenKusamaError
from feedgen_kusama.extras import load

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

PATIENCE = 5
"""Seconds that a scheduler may take to answer."""
J = TypeVar("J")
R = TypeVar("R")
MOST_WAITING = 3
"""Jobs handed out per worker: enough that none waits for the next, few enough that results do not pile up."""


class ClusterError(FeedgenKusamaError):
    """The Dask cluster cannot be reached, or broke down."""

    status = USAGE


class Workshop(msgspec.Struct):
    """Runs jobs. An executor is started when there is work enough for it, and serves until the end."""

    jobs: int
    """How many processes may work at once."""
    dask: str | None = None
    """The address of a Dask scheduler."""
    _executor: Executor | None = None
    _client: Any = None

    def run(self, function: Callable[[J], R], jobs: Iterable[J], *, is_much: bool) -> Iterator[R]:
        """The results of the jobs in their order. `is_much` is whether they are worth more than this process."""
        if not is_much or (self.jobs < 2 and self.dask is None):
            self._end_pool()  # processes that wait would only take memory
            yield from map(function, jobs)
            return
        executor = self._start()
        waiting: deque[tuple[J, Future[R] | None]] = deque()
        most = MOST_WAITING * (self.jobs if self.dask is None else max(len(self._client.scheduler_info()["workers"]), 1))
        for job in jobs:
            waiting.append((job, self._submit(executor, function, job)))
            if len(waiting) >= most:
                yield self._result(function, *waiting.popleft())
        while waiting:
            yield self._result(function, *waiting.popleft())

    def _submit(self, executor: Executor, function: Callable[[J], R], job: J) -> Future[R] | None:
        """The job handed out; None where there are no workers any more."""
        from concurrent.futures import BrokenExecutor

        try:
            return executor.submit(function, job)
        except BrokenExecutor:
            return None

    def _start(self) -> Executor:
        if self._executor is None:
            self._executor = self._start_pool() if self.dask is None else self._connect(self.dask)
        return self._executor

    def _start_pool(self) -> Executor:
        from concurrent.futures import ProcessPoolExecutor  # most builds have too little work for it

        return ProcessPoolExecutor(self.jobs, initializer=_begin_worker)

    def _connect(self, address: str) -> Executor:
        distributed = load("distributed", extra="dask")
        try:
            self._client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"{address}: no Dask scheduler answers there: {error}") from None
        executor: Executor = self._client.get_executor(pure=False, retries=3)
        return executor

    def _result(self, function: Callable[[J], R], job: J, future: Future[R] | None) -> R:
        if future is None:
            return function(job)
        if self.dask is None:
            from concurrent.futures import BrokenExecutor

            try:
                return future.result()
            except BrokenExecutor:  # a worker was killed, and all others with it: what they leave is done here
                return function(job)
        try:
            return future.result()
        except load("distributed", extra="dask").KilledWorker as error:
            raise ClusterError(f"{self.dask}: its workers broke down again and again: {error}") from None

    def _end_pool(self) -> None:
        if self._executor is not None and self.dask is None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def close(self) -> None:
        """Let all workers go."""
        self._end_pool()
        executor, client, self._executor, self._client = self._executor, self._client, None, None
        if executor is not None:
            executor.shutdown()
        if client is not None:
            client.close()


def _begin_worker() -> None:
    """In a worker: leave it to the process that started it to be interrupted, and end when that has, be it killed."""
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def _count_cores() -> int:
    """How many cores this process may use; where the system does not tell (macOS), how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def workshop(jobs: int | None = None, dask: str | None = None) -> Iterator[Workshop]:
    """Somewhere to work: as many processes as this one may use unless `jobs` says how many."""
    shop = Workshop(jobs=jobs or _count_cores(), dask=dask)
    try:
        yield shop
    except KeyboardInterrupt:
        import signal

        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # workers end with the jobs they have: half ended, they hang
        shop.close()
        signal.signal(signal.SIGINT, before)
        raise
    finally:
        shop.close()
