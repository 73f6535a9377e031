"""Articles out of the project: one dataset, or one in parts, with its manifest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from annotator import exporters, suggest
from annotator.errors import KnownError
from annotator.exporters import Exporter, Kind, Ledger, Options, Staged, Target
from annotator.model.article import UNDECIDED, AnnotatedArticle, ArticleState
from annotator.model.file_name import writable
from annotator.model.order import ORDERS
from annotator.places import refuse_link, settled
from annotator.session import manifest, splits
from annotator.session.guidelines import Guidelines
from annotator.session.importing import uncollected
from annotator.session.manifest import FileFacts, Tally
from annotator.session.opened import Opened
from annotator.session.outcome import ExportReport, counted
from annotator.session.replacing import refuse_others, refuse_projects
from annotator.session.splits import EVALUATED, PARTS, Sides, parsed_split
from annotator.store import articles as article_rows
from annotator.store import filed as filed_rows
from annotator.store import labels as label_rows
from annotator.store import splits as split_rows
from annotator.store.project import Project
from annotator.store.splits import Kin

_NOT_RANDOM = tuple(order.name for order in ORDERS)
_EXAMPLES = 3  # that a refused export names

Each = TypeVar("Each")
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a project is exported and how, as `Session.export` takes it."""

    state: str = "done"
    picked: str = "all"
    with_rejected: bool = False
    split: str | None = None
    group: tuple[str, ...] = ()
    strict: bool = False
    replace: bool = False

    @property
    def parts(self) -> list[str]:
        """The parts of the dataset, those without a share left out; one without a name where it is not split.

        :raises KnownError: there is no such split.
        """
        if self.split is None:
            return [""]
        return [part for part, share in zip(PARTS, parsed_split(self.split), strict=True) if share]

    def uids(self, project: Project) -> dict[int, str]:
        """The chosen articles' uids by id, in the order of import.

        :raises KnownError: there is no such choice, or no such article.
        """
        states = {"done": (ArticleState.DONE,), "all": ()}.get(self.state)
        if states is None:
            raise KnownError(f"{self.state} is no choice of articles.", "Take done or all.")
        reasons = {"random": (article_rows.RANDOM,), "rest": _NOT_RANDOM, "all": ()}.get(self.picked)
        if reasons is None:
            raise KnownError(f"{self.picked} is no choice of articles.", "Take random, rest or all.")
        chosen = article_rows.uids(project, states, reasons)
        if not chosen:
            raise KnownError(f"{self._which()}, and no dataset is written.", *self._advice())
        return chosen

    def _which(self) -> str:
        who = {"random": "No article picked at random", "rest": "No article but those picked at random"}
        return f"{who.get(self.picked, 'No article')} is {'done yet' if self.state == 'done' else 'in the project'}"

    def _advice(self) -> tuple[str, str]:
        """What to do, and the command line's option for it."""
        if self.picked != "all":
            return "Do not choose by what was picked at random, or choose the other articles.", "--picked"
        if self.state == "done":
            return "Finish one first, or export all articles.", "--state all"
        return "Import some first.", ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where each article goes.

    :param parts: the articles' ids by part; all under "" where it is not split.
    :param kin: what the articles have in common, by id; only for a split.
    """

    parts: Mapping[str, list[int]]
    kin: Mapping[int, Kin]
    sides: Sides
    way: str = ""

    @property
    def total(self) -> int:
        """All articles."""
        return sum(map(len, self.parts.values()))


def export_articles(
    opened: Opened, out: Path, name: str, choice: Choice, progress: OnProgress | None = None
) -> ExportReport:
    """Write the articles; with a split, to OUT-train, OUT-dev and OUT-test, or into such folders in OUT.

    All files, and the manifest beside them, appear together or not at all. Killed just between the renames, the
    manifest may not fit the files; the next export then asks for `replace`.
    """
    exporter = exporters.by_name(name)
    out = settled(out)
    refuse_projects(opened.project.path, out)
    files = files_of(exporter, out, choice.parts)
    beside = manifest.beside(out, in_parts=choice.split is not None and not exporter.is_folder)
    targets = [*files.values(), Target(beside)]
    for target in targets:
        if target.path != out:
            refuse_link(target.path)
        refuse_projects(opened.project.path, target.path)
    plan, stale = _plan(opened.project, choice), _stale(exporter, out, choice, beside)
    for target in targets:
        refuse_others(target, beside, replace=choice.replace)
    options, notes = _options(opened, choice, writable(out.stem)), _notes(opened.project, plan)
    read = _Reader(opened, plan.total, progress)
    ledgers, tallies = dict[str, Ledger](), dict[str, Tally]()
    with _staged(files, beside) as (places, facts, manifest_part):
        for part, ids in plan.parts.items():
            tallies[part] = Tally(choice.with_rejected)
            ledger = read.write(exporter, ids, tallies[part], places[part], options)
            ledgers[_shown(files[part].path, out, part)] = ledger
        if choice.strict:
            _refuse_losses(ledgers)
        fields = _fields(opened, exporter, choice, options, tallies)
        fields |= {"accounts": _accounts(ledgers), "notes": list(notes)}
        manifest_part.write_text(manifest.written(fields, facts()), "utf-8", newline="\n")
        _keep(opened.project, plan)
    for path in stale:
        path.unlink(missing_ok=True)
    return ExportReport(ledgers, notes)


def _options(opened: Opened, choice: Choice, name: str) -> Options:
    labels, language = label_rows.labels(opened.project), suggest.language_of(opened.project.meta("model"))
    return Options(labels, choice.with_rejected, language, name, Guidelines(opened).version)


def _plan(project: Project, choice: Choice) -> Plan:
    if choice.split is None:
        if choice.group:
            raise KnownError("Only the parts of a split can keep articles together.", "Say how to split them, too.")
        return Plan({"": list(choice.uids(project))}, {}, Sides({}))
    shares, ties = parsed_split(choice.split), splits.known_ties(choice.group)
    chosen, way = choice.uids(project), " ".join(("/".join(map(str, shares)), *ties))
    kin = split_rows.kin(project)
    grouped, before = splits.groups(kin, ties), split_rows.sides(project, way)
    sides = splits.sides(grouped, set(chosen.values()), split_rows.labels_of(project), before, shares)
    parts: dict[str, list[int]] = {part: [] for part in choice.parts}
    for article_id, uid in chosen.items():
        parts[sides.parts[uid]].append(article_id)
    for part, ids in parts.items():
        if not ids:
            raise KnownError(f"The {part} part would be empty.", "Finish more articles first, or split otherwise.")
    return Plan(parts, {each.id: each for each in kin}, sides, way)


def _keep(project: Project, plan: Plan) -> None:
    """Remember where the articles fell; what is open for reading only falls alike again while it stays as it is."""
    if plan.way and not project.read_only:
        with project.transaction():
            split_rows.keep_sides(project, plan.way, plan.sides.parts)


def _notes(project: Project, plan: Plan) -> tuple[str, ...]:
    """What whoever evaluates on these articles should know."""
    notes = []
    if moved := len(plan.sides.moved):
        notes.append(f"{counted(moved, 'article')} changed sides: they belong together with earlier ones.")
    if plan.sides.largest * 2 > plan.total > len(plan.parts):
        notes.append(f"{plan.sides.largest} of {plan.total} articles belong together and are in one part.")
    tested = [plan.kin[each] for part in EVALUATED for each in plan.parts.get(part, ())]
    strangers = sum(not each.is_random for each in tested)
    tally = article_rows.tally(project)
    if strangers and any(tally[state] for state in UNDECIDED):
        was = "was" if strangers == 1 else "were"
        notes.append(
            f"{strangers} of {counted(len(tested), 'article')} in dev and test {was} not picked at random: "
            "figures on them need not hold for all articles."
        )
    return tuple(notes)


def files_of(exporter: Exporter, out: Path, parts: Sequence[str]) -> dict[str, Target]:
    """What appears for each part; of a format that is a folder, all parts lie in the one."""
    kind = exporters.kind_of(exporter, out)
    if kind is not Kind.FILE or "" in parts:
        return {part: Target(out, kind, replaces=True) for part in parts}
    stem = out.name.removesuffix(exporter.suffix) if out.name.endswith(exporter.suffix) else out.stem
    ending = out.name[len(stem) :] or exporter.suffix
    return {part: Target(out.with_name(f"{stem}-{part}{ending}")) for part in parts}


def _stale(exporter: Exporter, out: Path, choice: Choice, beside: Path) -> list[Path]:
    """Parts of the last split that this one has not: an old test set beside new training data would leak.

    :raises KnownError: one of them is another file, or was changed since.
    """
    if choice.split is None or exporter.is_folder:
        return []
    gone = [target.path for part, target in files_of(exporter, out, PARTS).items() if part not in choice.parts]
    for path in gone:
        if path.exists() and not manifest.is_ours(path, beside):
            raise KnownError(f"{path.name} would lie beside a split that has no such part.", "Move it away first.")
    return gone


def _shown(path: Path, out: Path, part: str) -> str:
    """A part's name in reports: its file's, or its folder's in the one."""
    name = writable(path.name)
    return f"{name}/{part}" if part and path == out else name


_Places = tuple[dict[str, Path], Callable[[], dict[str, FileFacts]], Path]


@contextmanager
def _staged(files: Mapping[str, Target], beside: Path) -> Iterator[_Places]:
    """Where to write each part, what asks for the checksums of all, and where to write the manifest."""
    targets = list(dict.fromkeys(files.values()))
    with exporters.staged([*targets, Target(beside)]) as staged:
        by_target = dict(zip(targets, staged, strict=False))
        places = {part: _place(by_target[target], part) for part, target in files.items()}

        def facts() -> dict[str, FileFacts]:
            found = [manifest.facts_of(target.path.name, by_target[target].finish()) for target in targets]
            return {name: each for of_target in found for name, each in of_target.items()}

        yield places, facts, staged[-1].part


def _place(staged: Staged, part: str) -> Path:
    """The file or folder to write a part to; in a folder that has parts, one of its own."""
    if staged.target.kind is Kind.FILE or not part:
        return staged.part
    (staged.part / part).mkdir()
    return staged.part / part


def _fields(
    opened: Opened, exporter: Exporter, choice: Choice, options: Options, tallies: Mapping[str, Tally]
) -> dict[str, Any]:
    """What the manifest says of the dataset."""
    total = sum(tallies.values(), Tally(choice.with_rejected))
    fields: dict[str, Any] = {
        "project": opened.project.meta("project_uid"),
        "format": exporter.name,
        "options": {key: value for key, value in asdict(choice).items() if key not in ("strict", "replace")},
        "language": options.language,
        "pipeline": Path(opened.project.meta("model")).name,  # its folder is nobody's business
        "guideline": options.guideline,
        "labels": manifest.labels_as_json(options.labels),
        **total.as_json(),
        "suggested_by": manifest.by_name(total.sources),
        "annotators": manifest.by_name(total.annotators),
    }
    if choice.split:
        fields["parts"] = {part: tally.as_json() for part, tally in tallies.items()}
    return fields


def _accounts(ledgers: Mapping[str, Ledger]) -> dict[str, Any]:
    return {
        name: {
            "written": ledger.written,
            "adjusted": ledger.adjusted,
            "dropped": ledger.dropped,
            "notes": ledger.notes or [],
        }
        for name, ledger in ledgers.items()
    }


def _refuse_losses(ledgers: Mapping[str, Ledger]) -> None:
    """:raises KnownError: a span would not leave as it is."""
    adjusted, dropped = (sum(getattr(each, key) for each in ledgers.values()) for key in ("adjusted", "dropped"))
    if not adjusted + dropped:
        return
    lines = [line for ledger in ledgers.values() for line in ledger.lines][:_EXAMPLES]
    named = [f"{line.article}: “{line.words}” {line.label} ({line.reason})" for line in lines]
    left = adjusted + dropped - len(named)
    more = f"; and {left} more" if left else ""
    raise KnownError(
        f"Nothing was written: {counted(adjusted, 'span')} would be adjusted and {dropped} left out: "
        f"{'; '.join(named)}{more}.",
        "Correct them, choose another format, or allow that spans change.",
        detail=", ".join(f"{line.article} {line.start}-{line.end}" for line in lines),
    )


class _Reader:
    """Writes articles, read one after the other: memory does not grow with the project."""

    def __init__(self, opened: Opened, total: int, progress: OnProgress | None) -> None:
        self._opened, self._total, self._progress = opened, total, progress
        self._seen = 0

    def write(self, exporter: Exporter, ids: Sequence[int], tally: Tally, place: Path, options: Options) -> Ledger:
        """One part of the dataset, counted in the tally on the way."""
        if exporter.write_filed is not None:  # straight from the rows, where no pipeline's tokens are needed
            filed = map(self._told, filed_rows.filed(self._opened.project, ids, self._opened.known))
            with uncollected():
                return exporter.write_filed(tally.counting_filed(filed), place, options)
        return exporters.write(exporter, tally.counting(self._told(each) for each in self._cut(ids)), place, options)

    def _told(self, each: Each) -> Each:
        self._seen += 1
        if self._progress is not None:
            self._progress(self._seen, self._total)
        return each

    def _cut(self, ids: Sequence[int]) -> Iterator[AnnotatedArticle]:
        """With the tokens that they came with, else the pipeline's."""
        tokens = suggest.tokenizer(self._opened.project.meta("model"))
        for article_id in ids:
            sheet = self._opened.fresh_sheet(article_id)
            its_own = sheet.stored.tokens if sheet.stored.came_with_tokens else None
            # As the file had them: the parts of one sign that the screen joins are tokens of their own there.
            sheet.use_tokens(its_own or tokens(sheet.article.text))
            yield sheet.annotated(self._opened.label_of)
