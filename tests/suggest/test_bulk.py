"""Many texts: every one answered once, in this process and in others."""

from collections.abc import Iterator

import pytest

from annotator.errors import KnownError
from annotator.suggest import DEFAULT_MODEL, Source, suggest_all

TEXTS = [(7 * number, f"{number} Angela Merkel visited Paris.") for number in range(30)]


@pytest.mark.parametrize("workers", [1, 2])
def test_all_are_answered(workers: int, source: Source) -> None:
    found = {article: (reading, name) for article, reading, name in suggest_all(DEFAULT_MODEL, TEXTS, workers)}
    assert {article: (reading[:2], name) for article, (reading, name) in found.items()} == {
        article: (source.read(text)[:2], source.name) for article, text in TEXTS
    }


@pytest.mark.usefixtures("obedient")
def test_the_same_article_may_come_twice() -> None:
    assert len(list(suggest_all("any", [(1, "text")] * 20, 2))) == 20


@pytest.mark.usefixtures("obedient")
def test_texts_are_taken_a_few_ahead() -> None:
    taken = 0

    def texts() -> Iterator[tuple[int, str]]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield number, "text"

    for answered, _ in enumerate(suggest_all("any", texts(), 2), start=1):
        assert taken <= answered + 8


@pytest.mark.usefixtures("obedient")
@pytest.mark.expects_log
def test_a_text_that_cannot_be_read_is_left_out() -> None:
    texts = [(1, "text"), (2, "raise"), (3, "die"), (4, "text")]
    assert sorted(article for article, *_ in suggest_all("any", texts, 2)) == [1, 4]


@pytest.mark.expects_log
def test_here_too(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    real = type(source).read

    def read(self: Source, text: str) -> object:
        if text == "raise":
            raise ValueError
        return real(self, text)

    monkeypatch.setattr(type(source), "read", read)
    assert [article for article, *_ in suggest_all(DEFAULT_MODEL, [(1, "raise"), (2, "Paris")])] == [2]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_missing_model_is_a_known_error(workers: int) -> None:
    with pytest.raises(KnownError, match="not installed"):
        list(suggest_all("xx_none", TEXTS, workers))


@pytest.mark.usefixtures("obedient")
def test_stopping_early_ends_the_processes() -> None:
    answers = suggest_all("any", TEXTS, 2)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert list(answers) == []
