"""Many runs of one function, here or in other processes: the same answers in the same order, failures included."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from mfa.language import Language, current, tr

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Answer = TypeVar("Answer")
Work = Callable[[Any, Any], Any]
"""Takes what all tasks share and one task, returns its answer."""

CHUNKS, LARGEST = 8, 8
"""Portions of work a process, and most tasks in one: enough for a bar to move and for an interruption to be heard soon,
few enough to cost nothing."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Set to 1 in the processes, which would otherwise fight for the same cores."""
MODULES = ("mfa.experiments.samples", "mfa.simulation", "mfa.indicators")
"""What every process needs, loaded once and inherited where the system can (not on Windows and macOS)."""


@dataclass(frozen=True)
class Failure:
    """Why there is no answer to a task."""

    message: str


def perform(
    work: Callable[[Shared, Task], Answer],
    shared: Shared,
    tasks: Sequence[Task],
    workers: int = 1,
    prepare: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> list[Answer | Failure]:
    """Return the answer to each task, in their order, or why there is none; the others go on.

    Args:
        work: a function of a module, so that other processes find it.
        shared: what all tasks need; sent once a process.
        tasks: small values.
        workers: processes; 1 works in this one.
        prepare: run once in every process first, such as to load extensions.
        progress: told the share that is done.
    """
    tell = progress or (lambda _share: None)
    answers: list[Any] = [None] * len(tasks)
    done = 0
    for start, portion in _portions(work, shared, tasks, workers, prepare):
        answers[start : start + len(portion)] = portion
        done += len(portion)
        tell(done / len(tasks))
    return answers


def _portions(
    work: Work, shared: Any, tasks: Sequence[Any], workers: int, prepare: Callable[[], None] | None
) -> Iterator[tuple[int, list[Any]]]:
    """Yield answers with the position of their first task, as they arrive."""
    if workers <= 1 or len(tasks) <= 1:
        for i, task in enumerate(tasks):
            yield i, [_attempt(work, shared, task)]
        return
    size = min(LARGEST, -(-len(tasks) // (workers * CHUNKS)))
    waiting = {start: tasks[start : start + size] for start in range(0, len(tasks), size)}
    with _pool(workers, work, shared, prepare) as pool:
        futures = {pool.submit(_run, portion): start for start, portion in waiting.items()}
        for future in as_completed(futures):
            if not isinstance(future.exception(), BrokenProcessPool):
                start = futures[future]
                yield start, future.result()
                del waiting[start]
    # A process died (out of memory?): what it and its neighbours left is tried once more, each task on its own.
    for start, portion in waiting.items():
        yield start, [_alone(work, shared, task, prepare) for task in portion]


def _alone(work: Work, shared: Any, task: Any, prepare: Callable[[], None] | None) -> Any:
    with _pool(1, work, shared, prepare) as pool:
        try:
            return pool.submit(_run, [task]).result()[0]
        except BrokenProcessPool:
            return Failure(tr("its process ended twice; perhaps memory is short"))


@contextmanager
def _pool(workers: int, work: Work, shared: Any, prepare: Callable[[], None] | None) -> Iterator[ProcessPoolExecutor]:
    """Yield processes that know the work; none outlives the block."""
    with _one_thread_each():
        ways = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload(list(MODULES))
        given = (work, shared, prepare, current.get())
        pool = ProcessPoolExecutor(workers, context, _enter, given)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Start processes with one thread each for linear algebra; must be set before they load numpy."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_given: tuple[Work, Any] | None = None
"""In a process of a pool: the work, and what all tasks share."""


def _enter(work: Work, shared: Any, prepare: Callable[[], None] | None, language: Language) -> None:
    global _given
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is interrupted and ends the others
    current.set(language)
    if prepare is not None:
        prepare()
    _given = work, shared


def _run(portion: Sequence[Any]) -> list[Any]:
    assert _given is not None
    work, shared = _given
    return [_attempt(work, shared, task) for task in portion]


def _attempt(work: Work, shared: Any, task: Any) -> Any:
    try:
        return work(shared, task)
    except Exception as error:
        return Failure(" ".join(str(error).split()) or type(error).__name__)
