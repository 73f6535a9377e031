"""What a worker process still has to read: a queue, and what it was sent already. No threads in here."""

from collections import deque
from dataclasses import dataclass

from annotator.suggest.wire import Message

AHEAD = 2  # one that is read, and one so that the process never waits
_TRIES = 2


@dataclass(slots=True, eq=False)
class Job:
    """A text to read; see `client.Worker.ask`.

    :param id: None for what teaches: its like may wait several times, and another process is not told of it.
    :param text: what takes the time.
    :param message: what the process is sent, where that is not just the text.
    :param tries: how often a process ended while it read this one.
    :param wanted: False once it is forgotten.
    """

    id: int | None
    revision: int
    text: str
    message: Message | None = None
    tries: int = 0
    wanted: bool = True

    @property
    def sent(self) -> Message:
        """What the process is sent."""
        return {"text": self.text} if self.message is None else self.message

    def asks_the_same(self, other: "Job") -> bool:
        """Would the answer to this one be the answer to the other?"""
        return self.id is not None and (self.id, self.revision, self.sent) == (other.id, other.revision, other.sent)


class Jobs:
    """Jobs in the order in which they are read.

    :param ahead: how many the process has at a time; an urgent one waits for so many at most.
    """

    def __init__(self, ahead: int = AHEAD) -> None:
        self._ahead = ahead
        self._queue: deque[Job] = deque()
        self._sent: deque[Job] = deque()  # answers come in this order

    def __len__(self) -> int:
        """How many are wanted and not answered."""
        return len(self._queue) + sum(job.wanted for job in self._sent)

    @property
    def queued(self) -> bool:
        """Is there one that was not sent?"""
        return bool(self._queue)

    @property
    def being_read(self) -> Job | None:
        """The one that is read now."""
        return self._sent[0] if self._sent else None

    def add(self, new: Job, urgent: bool) -> None:
        """Queue one instead of an older one with its id; an urgent one goes before all others."""
        if any(job.wanted and job.asks_the_same(new) for job in self._sent):
            return
        if new.id is not None:
            self.forget(new.id)
        if urgent:
            self._queue.appendleft(new)
        else:
            self._queue.append(new)

    def forget(self, job_id: int) -> None:
        """Queue no such job, and want no answer to one that was sent."""
        self._queue = deque(job for job in self._queue if job.id != job_id)
        for job in self._sent:
            job.wanted = job.wanted and job.id != job_id

    def clear(self) -> None:
        """Forget all."""
        self._queue.clear()
        self._sent.clear()

    def send(self) -> Job | None:
        """The next one, if the process may have it now."""
        if not self._queue or len(self._sent) >= self._ahead:
            return None
        self._sent.append(self._queue.popleft())
        return self._sent[-1]

    def answered(self) -> Job | None:
        """The one that the next answer belongs to."""
        return self._sent.popleft() if self._sent else None

    def lost(self, was_reading: bool) -> Job | None:
        """The process has ended: what it was sent goes back to the head of the queue.

        What teaches is not kept: the next process has to be asked first what it knows.

        :param was_reading: the first one may have been the reason.
        :returns: the one that is given up, because it was the reason too often.
        """
        back, given_up = [job for job in self._sent if job.id is not None], None
        was_reading = was_reading and back[:1] == list(self._sent)[:1]
        self._sent.clear()
        if was_reading and back:
            back[0].tries += 1
            given_up = back.pop(0) if back[0].tries >= _TRIES else None
        waiting = [job for job in self._queue if job.id is not None]
        self._queue = deque([*(job for job in back if job.wanted), *waiting])
        return given_up if given_up and given_up.wanted else None
