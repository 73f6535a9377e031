"""Commands that say what is there: formats, models, labels."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator import terminal
from annotator.commands.base import DONE, Command, opened, say, takes_json, tell_section
from annotator.model.keeping import EVERYTHING, Part, described
from annotator.model.label import Scheme

if TYPE_CHECKING:
    from annotator.exporters import Exporter
    from annotator.importers import Importer


def _formats_of_both_ways() -> "list[tuple[str, Sequence[Importer | Exporter]]]":
    from annotator.exporters import EXPORTERS
    from annotator.importers import IMPORTERS

    return [("import", IMPORTERS), ("export", EXPORTERS)]


def _formats_by_way() -> dict[str, list[dict[str, str]]]:
    return {way: list(map(_row, formats)) for way, formats in _formats_of_both_ways()}


def _row(one: "Importer | Exporter") -> dict[str, str]:
    row = {"name": one.name, "title": one.title, "remark": one.remark}
    if one.keeps is not None:
        row |= {"keeps": described(one.keeps), "loses": described(EVERYTHING - one.keeps)}
    return row


def _formats(args: argparse.Namespace) -> int:
    if args.json:
        terminal.tell_json(_formats_by_way())
        return DONE
    for way, formats in _formats_of_both_ways():
        tell_section(f"{way.capitalize()} formats", _kept(formats))
    columns = [[f"{part.short}:", part.value] for part in Part]
    tell_section("What is kept", columns)
    say(args, "More on each: annotator import --help, annotator export --help")
    return DONE


def _kept(formats: "Sequence[Importer | Exporter]") -> list[list[str]]:
    """A row a format, with a mark for each part that it keeps; without marks where a file holds bare articles."""
    rows = [["", "", *(part.short for part in Part)]]
    for one in formats:
        marks = ["" if one.keeps is None else "yes" if part in one.keeps else "-" for part in Part]
        rows.append([one.name, one.title, *marks])
    return rows


def _described(formats: list[dict[str, str]]) -> Iterator[str]:
    for one in formats:
        yield f"  {one['name']}: {one['title']}"
        yield f"    {one['remark']}"
        yield from (f"    {key}: {one[key]}" for key in ("keeps", "loses") if key in one)


def formats_for(way: str) -> str:
    """All formats for "import" or "export", for the help of these commands."""
    return "\n".join(["formats:", *_described(_formats_by_way()[way])])


def formats_in_short() -> str:
    """The names of all formats, for the help of the whole."""
    return "\n".join(f"{way} formats: {', '.join(f['name'] for f in each)}" for way, each in _formats_by_way().items())


def _models(args: argparse.Namespace) -> int:
    from annotator.suggest import installed_models

    models = installed_models()
    if args.json:
        terminal.tell_json([model._asdict() | {"path": str(model.path)} for model in models])
    elif models:
        rows = [[model.name, model.version, model.language, " ".join(model.labels)] for model in models]
        terminal.tell(*terminal.table(rows, indent=""))
    else:
        say(args, "No spaCy pipeline is installed; --model takes the path of one too.")
    return DONE


def _labels_takes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", nargs="?", type=Path, help="this project's labels")
    takes_json(parser)


def _labels(args: argparse.Namespace) -> int:
    schemes = _schemes(args)
    if args.json:
        terminal.tell_json([_as_json(scheme) for scheme in schemes])
        return DONE
    for scheme in schemes:
        rows = [[label.name, label.key, _first_sentence(label.description)] for label in scheme.labels]
        tell_section(f"{scheme.name}: {scheme.title}", rows)
    return DONE


def _schemes(args: argparse.Namespace) -> tuple[Scheme, ...]:
    from annotator import resources

    if args.project is None:
        return resources.schemes()
    with opened(args, read_only=True) as session:
        return (Scheme(args.project.stem, str(args.project), session.labels),)


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".")


def _as_json(scheme: Scheme) -> dict[str, Any]:
    """As a scheme's file has it, so that it can be given to `new --labels`."""
    keys = ("name", "colour", "key", "description", "from_model")
    labels = [{key: getattr(label, key) for key in keys} for label in scheme.labels]
    return {"name": scheme.name, "title": scheme.title, "labels": labels}


FORMATS = Command("formats", "list what can be imported and exported, and what each format keeps", takes_json, _formats)
MODELS = Command("models", "list the spaCy pipelines that are installed", takes_json, _models)
LABELS = Command("labels", "list the label schemes that ship, or a project's labels", _labels_takes, _labels)
