"""What a sweep costs beside the runs it consists of, and how well two processes share them.

    python tests/benchmarks/sweep.py [samples, default 40] [workers, default 2]

Floor: the same samples answered one after another in this process. Candidates: the same through the executor here, and
in a pool (start of its processes apart: that is paid once a sweep). Overhead: tasks that do nothing.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import mfa
from mfa.accounting.designs import plan_design
from mfa.experiments.executor import perform
from mfa.experiments.inputs import inputs_of
from mfa.experiments.propagation import runs_of
from mfa.experiments.samples import Question, answer
from mfa.files.library import data_root

ROUNDS = 3
IDLE = 20_000


def nothing(_shared: object, task: int) -> int:
    return task


def seconds(work: Callable[[], object]) -> float:
    """Return how long a call takes, by the clock: processes do not share processor time."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measure(samples: int, workers: int) -> None:
    """Print the ratios."""
    scenario = mfa.load_scenario(data_root() / "scenarios" / "lessons" / "04_uncertainty.yaml")
    tasks = runs_of(plan_design(inputs_of(scenario), "latin_hypercube", samples, 1), 1, 1)[1:]
    question = Question(scenario, "none")
    expected = [answer(question, task) for task in tasks]
    assert perform(answer, question, tasks, workers) == expected
    serial, here, pooled = [], [], []
    for _ in range(ROUNDS):
        serial.append(seconds(lambda: [answer(question, task) for task in tasks]))
        here.append(seconds(lambda: perform(answer, question, tasks)))
        start = seconds(lambda: perform(answer, question, tasks[:workers], workers))
        start -= serial[-1] / len(tasks)
        pooled.append(seconds(lambda: perform(answer, question, tasks, workers)) - start)
    floor = statistics.median(serial)
    ratio = statistics.median([one / other for one, other in zip(here, serial, strict=True)])
    efficiency = statistics.median([one / (workers * other) for one, other in zip(serial, pooled, strict=True)])
    print(f"{samples} samples of {floor / samples * 1e3:.0f} ms; through the executor: {ratio:.3f} × the floor")
    print(f"parallel efficiency of {workers} processes: {efficiency:.2f}")
    few, many = (seconds(lambda n=n: perform(nothing, None, range(n), workers)) for n in (workers, IDLE))
    print(f"overhead of a task in a pool: {(many - few) / IDLE * 1e6:.1f} µs; start of a pool: {few:.1f} s")


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    measure(*(words + [40, 2][len(words) :]))
