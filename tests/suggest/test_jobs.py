"""The order of a worker's jobs."""

from annotator.suggest.jobs import Job, Jobs


def jobs_of(*ids: int) -> Jobs:
    jobs = Jobs()
    for each in ids:
        jobs.add(Job(each, 0, "text"), urgent=False)
    return jobs


def sent(jobs: Jobs) -> list[int]:
    """Sends and answers all that is left."""
    order = []
    while len(jobs):
        jobs.send()
        if (job := jobs.answered()) is not None and job.wanted:
            order.append(job.id)
    return order


def test_two_are_sent_at_a_time() -> None:
    jobs = jobs_of(1, 2, 3)
    assert [job and job.id for job in (jobs.send(), jobs.send(), jobs.send())] == [1, 2, None]
    assert (len(jobs), jobs.queued) == (3, True)
    first = jobs.answered()
    assert first is not None
    assert first.id == 1
    assert jobs.being_read is not None
    assert jobs.being_read.id == 2


def test_the_latest_urgent_one_is_first() -> None:
    jobs = jobs_of(1, 2)
    for each in (3, 4, 2):
        jobs.add(Job(each, 0, "text"), urgent=True)
    assert sent(jobs) == [2, 4, 3, 1]


def test_what_is_being_read_is_not_asked_twice() -> None:
    jobs = jobs_of(1)
    jobs.send()
    jobs.add(Job(1, 0, "text"), urgent=True)
    assert not jobs.queued
    jobs.add(Job(1, 1, "text"), urgent=True)
    assert (jobs.queued, len(jobs)) == (True, 1)


def test_only_the_one_being_read_is_blamed() -> None:
    jobs = jobs_of(1, 2, 3)
    jobs.send()
    jobs.send()
    assert jobs.lost(was_reading=True) is None
    jobs.send()
    given_up = jobs.lost(was_reading=True)
    assert given_up is not None
    assert given_up.id == 1
    assert sent(jobs) == [2, 3]


def test_nobody_is_blamed_before_anything_was_read() -> None:
    jobs = jobs_of(1, 2)
    for _ in range(5):
        jobs.send()
        assert jobs.lost(was_reading=False) is None
    assert sent(jobs) == [1, 2]


def test_a_forgotten_one_does_not_come_back() -> None:
    jobs = jobs_of(1, 2)
    jobs.send()
    jobs.send()
    jobs.forget(1)
    assert jobs.lost(was_reading=True) is None
    assert sent(jobs) == [2]
