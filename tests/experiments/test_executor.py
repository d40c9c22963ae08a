"""Many tasks: the same answers on any number of processes, and failures that stop nothing."""

import os
import signal

from mfa.experiments.executor import Failure, perform


def doubled(shared, task):
    if task == 3:
        raise ValueError("three is\nno good")
    return shared * task


def deadly(shared, task):
    if task == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return shared * task


def threads(_shared, _task):
    return os.environ["OMP_NUM_THREADS"]


def test_answers_come_in_order_whatever_the_number_of_processes():
    tasks = list(range(20))
    alone, told = perform(doubled, 2, tasks), []
    assert alone == [Failure("three is no good") if n == 3 else 2 * n for n in tasks]
    assert perform(doubled, 2, tasks, workers=2, progress=told.append) == alone
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_process_that_dies_takes_only_its_own_task_along():
    found = perform(deadly, 2, list(range(8)), workers=2)
    assert found == [Failure("its process ended twice; perhaps memory is short") if n == 5 else 2 * n for n in range(8)]


def test_processes_have_one_thread_each():
    before = os.environ.get("OMP_NUM_THREADS")
    assert perform(threads, None, [1, 2], workers=2) == ["1", "1"]
    assert os.environ.get("OMP_NUM_THREADS") == before
