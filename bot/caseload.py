"""The caseload: the clients of an adviser, each kept with her own circle until she is called again or crossed out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.circle import everybody
from bot.replies import OptionButton, Reply
from bot.report import certain
from bot.state import Case, State
from bot.turn import Turn
from bot.understanding.statements import AGE_FACTS
from bot.wording import say
from knowledge.spelling import normal

MOST_CLIENTS = 100
"""So many conversations are kept; the one put away longest ago gives way, and it is said."""

MOST_BUTTONS = 30
"""So many clients are offered to be tapped; who was put away before them is called by name."""

BUTTON = "找："
"""How the button of a client begins."""

_CALL = re.compile(
    r"^(?:找到?|换[成到回]?|回到|接着[说算]|再?看看?|打开|说说?)?\s*(?P<called>\S.*?)(?:的|那位|那户|那家|吧|呢)*[？?。.!！]*$"
)
_NAME = re.compile(
    r"^(?:(?:这位|这个|这户|她|他)(?:老人)?叫|记作|名叫|姓名(?:是|叫)?|名字(?:是|叫)?)[:： ]*"
    r"(?P<name>(?!.*[啥谁哪么])[\u4e00-\u9fff·]{2,6})[。.]?$"
)


@dataclass(frozen=True)
class Client:
    """Somebody on the list.

    Attributes:
        label: what is read on her button; no two are alike.
        case: what is known of her.
        place: where her conversation is kept; None for the one that is open.
    """

    label: str
    case: Case
    place: int | None


def clients(turn: Turn) -> list[Client]:
    """Everybody on the list, who is spoken of now first, and then whoever was put away last."""
    state, found, seen = turn.state, list[Client](), dict[str, int]()
    kept = [(place, state.clients[place]) for place in reversed(range(len(state.clients)))]
    for place, one in [(None, state), *kept]:
        for case in everybody(one.case, one.others):
            label = _label(turn, case)
            seen[label] = seen.get(label, 0) + 1
            found.append(Client(f"{label} {seen[label]}" if seen[label] > 1 else label, case, place))
    return found


def put_away(turn: Turn) -> None:
    """Begins with whoever comes next; who was spoken of is kept on the list, and this is said."""
    left = turn.state
    people = [_label(turn, case) for case in everybody(left.case, left.others)]
    turn.state = left.anew()
    if not people:
        return
    if len(left.clients) == MOST_CLIENTS:
        dropped = left.clients[0]
        turn.note("caseload_full", who=_label(turn, dropped.case))
    bare = left.model_copy(update={"steps": [], "shown": None, "reminders": [], "clients": []})
    turn.state.clients = [*left.clients, bare][-MOST_CLIENTS:]
    turn.note("put_away", who="、".join(people))


def show_clients(turn: Turn) -> Reply | None:
    """The list, with what is certain for each, and a button for each."""
    if not turn.adviser:
        return None
    known = clients(turn)
    if not known:
        return turn.with_question(say("caseload_none"))
    lines = [say("caseload_head", count=len(known)), *_lines(turn, known), say("caseload_foot")]
    return _offered(turn, "\n".join(lines), known[:MOST_BUTTONS])


def called(turn: Turn, said: str) -> Reply | None:
    """Goes over to the client whom the message calls, by name or by what is read on her button; None where it calls nobody."""
    call = _CALL.match(said)
    if not turn.adviser or not call:
        return None
    pressed = said.startswith(normal(BUTTON))
    who = said.removeprefix(normal(BUTTON)) if pressed else call["called"]
    known = clients(turn)
    wanted = [one for one in known if normal(one.label) == who] or [one for one in known if one.case.about == who]
    if len(wanted) > 1:
        return _offered(turn, say("caseload_which"), wanted)
    if pressed and not wanted:
        turn.note("caseload_gone")  # what is read on an old button is told of nobody else
        return show_clients(turn)
    return _opened(turn, wanted[0]) if wanted else None


def named(turn: Turn, said: str) -> Reply | None:
    """Calls the client who is spoken of by the name that the message gives; None where it gives none."""
    name = _NAME.match(said)
    if not turn.adviser or not name:
        return None
    turn.state.keep_step()
    turn.state.case.about = name["name"]
    turn.note("client_named", who=name["name"])
    return turn.go_on()


def cross_out(turn: Turn) -> Reply | None:
    """Forgets the client who is spoken of, and nobody else."""
    if not turn.adviser:
        return None
    known = any(everybody(turn.state.case, turn.state.others))
    turn.state = turn.state.anew()
    turn.note("crossed_out" if known else "crossed_out_nobody")
    return turn.go_on()


def _opened(turn: Turn, client: Client) -> Reply:
    """Goes on with a client where she was left."""
    who, reminders = client.case.who, turn.state.reminders
    if client.place is not None:
        kept = turn.state.clients[client.place]
        turn.state.clients, target = [one for one in turn.state.clients if one is not kept], kept.copied()
        put_away(turn)
        others = turn.state.clients
        turn.state = target.model_copy(update={"reminders": reminders, "clients": others, "greeted": True})
    if who != turn.state.case.who:
        turn.state.switch(who)
    turn.note("client_opened", who=client.label)
    turn.note("known_of", facts=turn.told(turn.state.case.facts))
    return turn.result() if turn.state.case.finished else turn.go_on()


def _offered(turn: Turn, text: str, known: list[Client]) -> Reply:
    buttons = [OptionButton(label=f"{BUTTON}{client.label}") for client in known]
    return turn.say(text).model_copy(update={"options": buttons})


def _lines(turn: Turn, known: list[Client]) -> Iterator[str]:
    for client in known:
        sums = certain(turn.casework.assessment(client.case)) if turn.casework.city(client.case) else ""
        yield say("caseload_item", who=client.label, sums=sums or say("money_none_yet"))


def _label(turn: Turn, case: Case) -> str:
    """How somebody is told from the others: name, age and city, as far as they are known."""
    age = {name: case.facts[name] for name in AGE_FACTS if name in case.facts}
    city = turn.casework.city(case)
    parts = [case.about, turn.told(age) if age else "", turn.casework.book.vocabulary.city_name(city) if city else ""]
    told = " ".join(filter(None, parts))
    return told or say("client_unnamed")


def of_all(state: State) -> Iterator[Case]:
    """Everybody of whom anything is known: those of the open conversation, and an adviser's other clients."""
    for one in (state, *state.clients):
        yield from everybody(one.case, one.others)
