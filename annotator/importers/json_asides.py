"""Passages not to be labelled, as this program's own record holds them; what does not fit is left out, with a note."""

from typing import Any

from annotator.importers.json_spans import Account, moment, words
from annotator.importers.json_values import whole_number
from annotator.model.aside import Aside, AsideState


def own_asides(items: list[Any], text: str, account: Account) -> tuple[Aside, ...]:
    """The usable ones of a record's `asides`, by start; of several with the same range the first."""
    found: dict[tuple[int, int], Aside] = {}
    for number, item in enumerate(items, 1):
        aside = _aside(item, account) if _fits(item, text) else None
        if aside is None:
            account.notes.append(f"aside {number} left out: no start, end and state inside the text")
        elif found.setdefault(aside.range, aside) is not aside:
            account.notes.append(f"aside {number} left out: it stands there twice")
    return tuple(sorted(found.values(), key=lambda aside: aside.range))


def _fits(item: Any, text: str) -> bool:
    if not isinstance(item, dict) or not whole_number(item.get("start")) or not whole_number(item.get("end")):
        return False
    state = item.get("state")
    return 0 <= item["start"] < item["end"] <= len(text) and isinstance(state, str) and state in set(AsideState)


def _aside(item: dict[str, Any], account: Account) -> Aside:
    state = AsideState(item["state"])
    who = None if state is AsideState.SUGGESTED else words(item, "annotator", account)
    at = None if state is AsideState.SUGGESTED else moment(item, account)
    return Aside(item["start"], item["end"], state, who, at, uid=words(item, "id", account))
