"""Label Studio's exports JSON and JSON-MIN: https://labelstud.io/guide/export and /guide/task_format.

Its present editor counts code points, older ones counted UTF-16; the words beside each span tell which.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.importers.foreign import Foreign, meta_beside
from annotator.importers.json_spans import Account
from annotator.importers.json_values import BadJsonError, shown
from annotator.importers.own_words import OWN_KEYS, is_ours, own_words
from annotator.importers.shape import Around, Shape
from annotator.model.article import ArticleState
from annotator.model.keeping import Part

_ANNOTATIONS = ("annotations", "completions")
_TEXTS = ("text", "content", "body", "article", "Text")
_MIN_KEYS = {"id", "annotation_id", "lead_time", *OWN_KEYS}


def read(value: Any, around: Around) -> Iterator[Foreign]:
    """The article of one task."""
    if not isinstance(value, dict):
        raise BadJsonError("not a JSON object")
    wanted = around.options.text_column
    yield _task(value, wanted) if isinstance(value.get("data"), dict) else _minimal(value, wanted)


def _task(value: Mapping[str, Any], wanted: str) -> Foreign:
    account = Account()
    data = value["data"]
    text_key = _text_key(data, wanted)
    spans, state = _spans(value, account)
    ours = is_ours(data)
    known = {text_key, "meta", *OWN_KEYS} | ({"id"} if ours else set())
    foreign = Foreign(
        data.get(text_key),
        data.get("id") if ours else value.get("id"),
        spans,
        meta=meta_beside(data, known, data.get("meta"), account),
        state=state,
        lists_spans=bool(value.get("annotations")),
        account=account,
    )
    if ours:
        own_words(foreign, data)
    return foreign


def _text_key(data: Mapping[str, Any], wanted: str) -> str:
    """The key of the text: the one that was named, a usual one, or the only one with words.

    :raises BadJsonError: there are several, or none.
    """
    if wanted in data:
        return wanted
    if usual := next((key for key in _TEXTS if isinstance(data.get(key), str)), ""):
        return usual
    words = [key for key, value in data.items() if isinstance(value, str)]
    if len(words) == 1:
        return words[0]
    raise BadJsonError(f"its data hold no text: the keys are {', '.join(map(shown, data)) or 'none'}")


def _spans(value: Mapping[str, Any], account: Account) -> tuple[list[Any], ArticleState]:
    """The spans of one annotation, or of the best prediction where nobody annotated."""
    made = next((found for key in _ANNOTATIONS if (found := _objects(value.get(key)))), [])
    usable = [each for each in made if each.get("was_cancelled") is not True]
    predictions = _objects(value.get("predictions"))
    if usable:
        chosen = max(usable, key=lambda each: each.get("ground_truth") is True)
        if len(usable) > 1:
            account.notes.append(f"{len(usable) - 1} of {len(usable)} annotations left out: one of an article comes in")
        return _results(chosen, account), ArticleState.NEW
    if len(predictions) > 1:
        account.notes.append(f"{len(predictions) - 1} of {len(predictions)} predictions left out: the first comes in")
    spans = _results(predictions[0], account) if predictions else []
    return spans, ArticleState.SKIPPED if made else ArticleState.NEW


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _results(annotation: Mapping[str, Any], account: Account) -> list[Any]:
    spans: list[Any] = []
    others: Counter[str] = Counter()
    results = annotation.get("result")
    for result in results if isinstance(results, list) else []:
        region = result.get("value") if isinstance(result, dict) else None
        if isinstance(region, dict) and _labels(region):
            spans += _region(region, result.get("score", annotation.get("score")))
        else:
            others[str(result.get("type")) if isinstance(result, dict) else "unknown"] += 1
    if others:
        listed = ", ".join(f"{count} × {kind}" for kind, count in sorted(others.items()))
        account.notes.append(f"left out what labels no words: {listed}")
    return spans


def _labels(region: Mapping[str, Any]) -> list[Any]:
    """The labels of a stretch of text; none of what is no such stretch."""
    found: Any = next((region[key] for key in ("labels", "hypertextlabels", "ner") if region.get(key)), [])
    return found if isinstance(found, list) and "start" in region else []


def _region(region: Mapping[str, Any], score: Any) -> Iterator[Any]:
    """One span a label; where a page was labelled, the offsets in all of its text count."""
    whole = region.get("globalOffsets")
    place = whole if isinstance(whole, dict) else region
    fields = {"start": _number(place.get("start")), "end": _number(place.get("end")), "text": region.get("text")}
    yield from (fields | {"label": label, "score": score} for label in _labels(region))


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 16 else value


def _minimal(value: Mapping[str, Any], wanted: str) -> Foreign:
    """JSON-MIN: the data's keys, and the regions under the name of each control."""
    account = Account()
    controls = [key for key, regions in value.items() if _are_regions(regions)]
    data = {key: each for key, each in value.items() if key not in controls and key not in _MIN_KEYS}
    text_key = _text_key({key: each for key, each in data.items() if not key.endswith("_at")}, wanted)
    return Foreign(
        data[text_key],
        value.get("id"),
        [span for key in controls for region in value[key] for span in _region(region, None)],
        meta=meta_beside(data, {text_key}, None, account),
        account=account,
    )


def _are_regions(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(r, dict) and bool(_labels(r)) for r in value)


def is_one(value: Any) -> bool:
    """Is it a task with its data, or has it Label Studio's regions?"""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("data"), dict):
        return any(isinstance(each, str) for each in value["data"].values())
    return any(_are_regions(each) for each in value.values())


SHAPE = Shape(
    name="label-studio",
    title="Label Studio",
    suffix=".label-studio.json",
    is_one=is_one,
    read=read,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="JSON and JSON-MIN: the first annotation that was not cancelled, else the first prediction.",
)
