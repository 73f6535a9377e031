"""The worker process: texts in, readings out. Started by `client.Worker`; see `wire` for what it is told.

A process, because a pipeline holds Python's lock for up to 120 ms at a time in a thread. Not
`multiprocessing`: that runs the user's own script again, and notebooks have none to run.
"""

import os
from collections.abc import Callable, Iterator

from annotator.errors import KnownError
from annotator.processes import behave, incoming_lines, spare_stdout
from annotator.suggest.base import Source
from annotator.suggest.engine import Engine
from annotator.suggest.wire import Message, ask_of, decided_of, decoded, encoded, of_reading, setup_of


def main(load: Callable[[str], Source] | None = None) -> None:
    """Answer until the other side closes its end; then the process ends, wherever it is.

    :param load: makes the source of a model's name; None for `sources.load_source`.
    """
    answers = spare_stdout()
    behave()
    messages = incoming()
    try:
        for message in serve(messages, load or _load_source):
            answers.write(encoded(message))
            answers.flush()
    except OSError:
        os._exit(0)  # nobody listens any more


def serve(messages: Iterator[Message], load: Callable[[str], Source]) -> Iterator[Message]:
    """The answers to messages, one each; see `wire`. What raises is answered with the error's kind."""
    first = next(messages)
    model, engine = first["model"], None
    try:
        source = load(model)
        engine = Engine(source, setup_of(first["setup"])) if "setup" in first else None
        yield {"ready": source.name}
    except KnownError as error:
        source = _tokens_only(model)
        yield {"ready": "", "title": error.title, "advice": error.advice}
    for message in messages:
        try:
            yield _answer(message, source, engine)
        except Exception as error:
            yield {"error": type(error).__name__}


def _answer(message: Message, source: Source, engine: Engine | None) -> Message:
    if "text" in message:
        return of_reading(source.read(message["text"]))
    if engine is None:  # the pipeline could not be loaded
        return of_reading(source.read(ask_of(message).text)) if "ask" in message else {}
    return _learned(message, engine)


def _learned(message: Message, engine: Engine) -> Message:
    if "ask" in message:
        return of_reading(engine.suggest(ask_of(message)))
    if "come_to" in message:
        return {"missing": engine.come_to(message["come_to"]), "hints": engine.wants_hints, "knows": engine.revision}
    if "hint" in message:
        engine.take_hint(message["hint"])
    elif "begin" in message:
        return {"left": True} if engine.learn_a_hint() else {"knows": engine.revision}
    elif "learn" in message:
        decided = decided_of(message)
        engine.learn(decided)
        return {"learned": decided.key, "knows": engine.revision}
    elif "save" in message:
        engine.save()
    return {}


def _load_source(model: str) -> Source:
    from annotator.suggest.sources import load_source

    return load_source(model)


def _tokens_only(model: str) -> Source:
    from annotator.suggest.pipelines import guessed_language

    return _load_source(f"blank:{guessed_language(model)}")


def incoming() -> Iterator[Message]:
    """What comes in, one message after the other."""
    return map(decoded, incoming_lines())


if __name__ == "__main__":
    main()
