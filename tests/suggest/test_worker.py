"""The worker process: nothing that happens to it loses a text, and nothing of it stays."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from annotator import processes
from annotator.suggest import DEFAULT_MODEL, Source, Worker, child
from annotator.suggest.wire import decoded, encoded

Start = Callable[..., Worker]

TEXT = "Angela Merkel visited Paris on Monday."


def is_there(pid: int) -> bool:
    """Also true of a process that has ended and was not waited for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pid_of(worker: Worker) -> int:
    """Of the running process, as soon as there is one."""
    for _ in range(1000):
        if (pid := worker.pid) is not None:
            return pid
        time.sleep(0.01)
    raise AssertionError("no process was started")


def test_the_real_one_reads_as_the_source_does(start: Start, heard: Any, source: Source) -> None:
    worker = start(DEFAULT_MODEL)
    for job in range(20):
        worker.ask(job, 100 + job, f"{job}: {TEXT} 😀\r\n\u05e9\u05dc\u05d5\u05dd")
    heard.wait(readings=20)
    assert heard.jobs == list(range(20))
    assert not heard.failures
    assert not worker.waiting
    for job, revision, reading, name in heard.readings:
        assert (revision, name) == (100 + job, source.name)
        assert reading[:2] == source.read(f"{job}: {TEXT} 😀\r\n\u05e9\u05dc\u05d5\u05dd")[:2]


def test_the_real_one_gives_tokens_where_the_model_is_missing(start: Start, heard: Any) -> None:
    worker = start("de_core_news_none")
    worker.ask(1, 0, TEXT)
    heard.wait(readings=1, failures=1)
    (_, _, reading, name), (job, error) = heard.readings[0], heard.failures[0]
    assert (len(reading.tokens), reading.suggestions, name, job) == (7, [], "", None)
    assert error.title == "The pipeline de_core_news_none is not installed."
    assert "install" not in error.advice


@pytest.mark.usefixtures("obedient")
def test_an_urgent_text_waits_for_two_at_most(start: Start, heard: Any) -> None:
    worker = start()
    for job in range(30):
        worker.ask(job, 0, "text")
    heard.wait(readings=1)
    before = len(heard.jobs)
    worker.ask(99, 0, "text", urgent=True)
    heard.wait(readings=31)
    assert heard.jobs.index(99) <= before + 3
    assert sorted(heard.jobs) == [*range(30), 99]


@pytest.mark.usefixtures("obedient")
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
def test_a_killed_process_is_started_again(start: Start, heard: Any) -> None:
    worker = start()
    for job in range(20):
        worker.ask(job, 0, "text")
    heard.wait(readings=3)
    killed = pid_of(worker)
    os.kill(killed, signal.SIGKILL)
    heard.wait(readings=20)
    assert sorted(heard.jobs) == list(range(20))
    assert not heard.failures
    assert not is_there(killed)


@pytest.mark.usefixtures("obedient")
def test_a_text_that_ends_the_process_twice_is_given_up(start: Start, heard: Any) -> None:
    worker = start()
    for job, text in enumerate(["one", "die", "three", "four"]):
        worker.ask(job, 0, text)
    heard.wait(readings=3, failures=1)
    assert sorted(heard.jobs) == [0, 2, 3]
    assert [job for job, _ in heard.failures] == [1]
    assert not worker.waiting


@pytest.mark.usefixtures("obedient")
@pytest.mark.expects_log
def test_a_text_without_an_answer_is_given_up(start: Start, heard: Any) -> None:
    worker = start(timeout=0.3)
    for job, text in enumerate(["hang", "two"]):
        worker.ask(job, 0, text)
    heard.wait(readings=1, failures=1)
    assert (heard.jobs, [job for job, _ in heard.failures]) == ([1], [0])


@pytest.mark.usefixtures("obedient")
def test_a_text_that_raises_is_told_and_costs_no_process(start: Start, heard: Any) -> None:
    worker = start()
    worker.ask(1, 0, "raise")
    heard.wait(failures=1)
    pid = worker.pid
    worker.ask(2, 0, "text")
    heard.wait(readings=1)
    assert (heard.failures[0][0], heard.jobs, worker.pid) == (1, [2], pid)


@pytest.mark.usefixtures("obedient")
def test_what_prints_disturbs_no_answer(start: Start, heard: Any) -> None:
    worker = start()
    worker.ask(1, 0, "print")
    worker.ask(2, 0, "text")
    heard.wait(readings=2)
    assert heard.jobs == [1, 2]


@pytest.mark.usefixtures("obedient")
def test_a_missing_model_is_told_once_even_after_a_new_start(start: Start, heard: Any) -> None:
    worker = start("missing")
    worker.ask(1, 0, "text")
    heard.wait(readings=1, failures=1)
    worker._child.kill()
    worker.ask(2, 0, "text")
    heard.wait(readings=2)
    assert [(job, error.title) for job, error in heard.failures] == [(None, "It is missing.")]


@pytest.mark.usefixtures("obedient")
def test_a_model_that_ends_the_process_is_left_out(start: Start, heard: Any) -> None:
    worker = start("dies")
    worker.ask(1, 0, "text")
    heard.wait(readings=1, failures=1)
    assert [job for job, _ in heard.failures] == [None]
    assert heard.readings[0][3] == ""


@pytest.mark.usefixtures("obedient")
def test_a_process_that_never_lives_ends_the_worker(start: Start, heard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALWAYS_DIES", "1")
    worker = start()
    worker.ask(1, 0, "text")
    heard.wait(failures=1)
    worker._feeder.join(timeout=20)
    assert not worker._feeder.is_alive()
    assert not worker.waiting
    assert [job for job, _ in heard.failures] == [None]


@pytest.mark.expects_log
def test_a_program_that_cannot_be_started_is_told(start: Start, heard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "command", lambda: ["/there/is/no/such/program"])
    worker = start()
    worker.ask(1, 0, "text")
    heard.wait(failures=1)
    assert heard.failures[0][0] is None
    worker._feeder.join(timeout=20)
    assert not worker.waiting


@pytest.mark.usefixtures("obedient")
def test_a_forgotten_job_is_not_told(start: Start, heard: Any) -> None:
    worker = start()
    for job in range(6):
        worker.ask(job, 0, "text")
    worker.forget(0)
    worker.forget(4)
    assert worker.waiting == 4
    heard.wait(readings=4)
    worker.ask(7, 0, "text")
    heard.wait(readings=5)
    assert heard.jobs == [1, 2, 3, 5, 7]


@pytest.mark.usefixtures("obedient")
def test_a_job_asked_again_is_read_as_asked_last(start: Start, heard: Any) -> None:
    worker = start()
    worker.ask(1, 1, "text")
    worker.ask(1, 2, "text")
    worker.ask(1, 2, "text")
    heard.wait(readings=1)
    worker.ask(2, 3, "text")
    heard.wait(readings=2)
    assert [(job, revision) for job, revision, *_ in heard.readings] == [(1, 2), (2, 3)]


@pytest.mark.usefixtures("obedient")
@pytest.mark.parametrize("text", ["text", "hang"])
def test_close_ends_the_process_at_once(start: Start, heard: Any, text: str) -> None:
    worker = start()
    worker.ask(0, 0, "text")
    heard.wait(readings=1)
    pid = pid_of(worker)
    for job in range(1, 50):
        worker.ask(job, 0, text + "\n" * 100_000)
    before = time.monotonic()
    worker.close()
    told = len(heard.readings)
    assert time.monotonic() - before < 2
    assert not is_there(pid)
    assert not worker.waiting
    worker.ask(1, 0, "text")
    worker.close()
    time.sleep(0.1)
    assert (len(heard.readings), heard.failures, worker.waiting) == (told, [], 0)


@pytest.mark.usefixtures("obedient")
def test_close_while_it_starts_leaves_no_process(start: Start, heard: Any) -> None:
    for _ in range(5):
        worker = start()
        worker.ask(1, 0, "text")
        worker.close()
        pid = worker._child.pid if worker._child else None
        assert pid is None or not is_there(pid)
        assert not worker._feeder.is_alive()


@pytest.mark.usefixtures("obedient")
@pytest.mark.expects_log
def test_a_callback_that_raises_stops_nothing(heard: Any) -> None:
    def raising(*answer: Any) -> None:
        heard.on_reading(*answer)
        raise RuntimeError

    worker = Worker(DEFAULT_MODEL, raising, heard.on_failure)
    worker.ask(1, 0, "text")
    worker.ask(2, 0, "text")
    try:
        heard.wait(readings=2)
    finally:
        worker.close()


@pytest.mark.usefixtures("obedient")
def test_a_callback_may_close_the_worker(heard: Any) -> None:
    worker = Worker(DEFAULT_MODEL, lambda *answer: (worker.close(), heard.on_reading(*answer)), heard.on_failure)
    worker.ask(1, 0, "text")
    heard.wait(readings=1)
    worker.close()
    assert not worker._listener or not worker._listener.is_alive()


@pytest.mark.usefixtures("obedient")
@pytest.mark.parametrize("text", ["text", "hang"])
def test_the_process_ends_with_the_program(text: str) -> None:
    process = subprocess.Popen(
        child.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=processes.environment()
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(encoded({"model": "any"}) + encoded({"text": text}))
        process.stdin.flush()
        assert decoded(process.stdout.readline()) == {"ready": "obedient 1"}
        process.stdin.close()
        assert process.wait(timeout=5) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_packed_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert child.command()[1:] == ["--suggest-worker"]
