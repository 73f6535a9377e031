"""What the finished articles took, as `annotator stats` tells it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from annotator import terminal
from annotator.commands.base import tell_section

if TYPE_CHECKING:
    from annotator.model.effort import Agreement
    from annotator.session.curves import Block, Curves

_BLOCK = ("articles", "number", "entities", "actions", "corrections", "one key", "seconds", "F1")
_COUNTS, _SHARES = ("suggested", "decided", "right"), ("precision", "recall", "f1")
_LABEL = ("label", *_COUNTS, "P", "R", "F1")


def learning_as_json(curves: "Curves") -> dict[str, Any]:
    """Blocks of finished articles, and the agreement of suggestions with decisions by label; shares from 0 to 1."""
    agreement = {label: _agreement(each) for label, each in curves.agreement().items()}
    return {"blocks": [_block(block) for block in curves.blocks], "agreement": agreement}


def _block(block: "Block") -> dict[str, Any]:
    return {
        "first": block.first,
        "last": block.first + len(block.works) - 1,
        "articles": len(block.works),
        "entities": block.entities,
        "actions_an_entity": block.actions_an_entity,
        "corrections_an_entity": block.corrections_an_entity,
        "one_key_share": block.one_key_share,
        "seconds_an_article": block.seconds_an_article,
        "f1": block.agreement.f1,
    }


def _agreement(of: "Agreement") -> dict[str, Any]:
    return {**of._asdict(), "precision": of.precision, "recall": of.recall, "f1": of.f1}


def tell_learning(learning: Mapping[str, Any]) -> None:
    """The same as two tables; nothing where no article is finished."""
    if not learning["blocks"]:
        return
    blocks = [
        [
            f"{block['first']}-{block['last']}",
            *(block["articles"], block["entities"]),
            *(_number(block[key]) for key in ("actions_an_entity", "corrections_an_entity")),
            *(_percent(block["one_key_share"]), f"{block['seconds_an_article']:.0f}", _percent(block["f1"])),
        ]
        for block in learning["blocks"]
    ]
    tell_section("Learning: actions and corrections an entity, by finished articles", [_BLOCK, *blocks])
    labels = [
        [
            label,
            of["suggested"],
            of["decided"],
            of["right"],
            *(_percent(of[key]) for key in ("precision", "recall", "f1")),
        ]
        for label, of in learning["agreement"].items()
    ]
    if labels:
        tell_section("Suggestions against decisions", [_LABEL, *labels])
    terminal.tell("  Seconds are from step to step, at most 60 each.")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
