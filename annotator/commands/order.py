"""Commands on the order of work and on near-duplicates."""

import argparse
from typing import TYPE_CHECKING

from annotator import terminal
from annotator.commands.base import DONE, Command, bar, opened, say, takes_json, takes_project, tell_section

if TYPE_CHECKING:
    from annotator.session import Session
    from annotator.store.twins import Twin


def _order_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    parser.add_argument("--by", metavar="NAME", help="work the undecided articles in this order (default: say it only)")
    parser.add_argument(
        *("--random",), metavar="20", type=int, help="how many of a hundred articles are picked at random (0 to 100)"
    )
    takes_json(parser)


def _order(args: argparse.Namespace) -> int:
    chooses = args.by is not None or args.random is not None
    with opened(args, read_only=not chooses) as session, bar(args, "Putting in order", "articles") as progress:
        order = session.order
        if chooses:
            order.choose(order.name if args.by is None else args.by, args.random, progress)
        name, share, reasons = order.name, order.share, order.reasons()
    if args.json:
        terminal.tell_json({"order": name, "random": share, "articles": reasons})
        return DONE
    terminal.tell(f"{name}, {share} % picked at random")
    if reasons:
        tell_section("Articles by why they were picked", list(reasons.items()))
    return DONE


def _orders() -> str:
    from annotator.model.order import ORDERS

    return "orders:\n" + "\n".join(f"  {order.name:8}{order.about}" for order in ORDERS)


def _twins_takes(parser: argparse.ArgumentParser) -> None:
    takes_project(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--skip", action="store_true", help="skip undecided ones that another one stands for")
    what.add_argument("--take-over", action="store_true", help="give undecided ones the decisions of one that is done")
    what.add_argument("--find", action="store_true", help="look again among all articles, as for an older project")
    takes_json(parser)


def _twins(args: argparse.Namespace) -> int:
    changes = args.skip or args.take_over or args.find
    with opened(args, read_only=not changes) as session:
        _deal_with(args, session)
        groups = session.twins.groups()
    if args.json:
        terminal.tell_json({"groups": [[_shown(twin) for twin in group] for group in groups]})
        return DONE
    for number, group in enumerate(groups, 1):
        tell_section(f"Group {number}", [(str(twin.state), twin.uid, twin.title) for twin in group])
    if not groups:
        say(args, "No two articles are nearly the same.")
    return DONE


def _shown(twin: "Twin") -> dict[str, str]:
    return {"id": twin.uid, "title": twin.title, "state": str(twin.state)}


def _deal_with(args: argparse.Namespace, session: "Session") -> None:
    twins = session.twins
    if args.find:
        with bar(args, "Comparing", "articles") as progress:
            say(args, f"{twins.look_again(progress)} more articles are nearly the same as an earlier one.")
    if args.skip:
        say(args, f"{twins.skip(twins.to_skip()).articles} articles skipped.")
    if args.take_over:
        with bar(args, "Taking over", "articles") as progress:
            done = twins.take_over(twins.to_take_over(), progress)
        say(args, f"{done.count} decisions taken over, in {done.articles} articles.")


ORDER = Command("order", "say or choose in which order articles are worked", _order_takes, _order, _orders)
TWINS = Command("twins", "list articles that are nearly the same, and deal with them", _twins_takes, _twins)
