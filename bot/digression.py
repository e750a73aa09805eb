"""Digressions: a question to the documents in the middle of the talk, which goes on afterwards where it was."""

from __future__ import annotations

import re

from bot.replies import OptionButton, Reply
from bot.turn import Turn
from bot.understanding.id_numbers import without_id_number
from bot.understanding.message import Understood, understand
from bot.understanding.statements import AGE_FACTS
from bot.wording import say

_MOVES = re.compile(r"户口|户籍|住")
_PLACES = frozenset({"hukou", "residence", "county"})


def names_topic(turn: Turn, said: str) -> bool:
    """Whether the message names something that documents treat, or are often thought to."""
    question = turn.asked(said)
    return bool(question.asked or question.outside)


def asks_policy(turn: Turn, said: str, understood: Understood) -> bool:
    """Whether a message with facts is a question about a benefit rather than about this person."""
    if understood.facts.keys() <= _PLACES and not _MOVES.search(said) and names_topic(turn, said):
        return True
    return understood.asks and understood.facts.keys().isdisjoint(AGE_FACTS) and names_topic(turn, said)


def asks_how_far(turn: Turn, said: str) -> bool:
    """Whether it is asked, in the middle, what all this comes to (能给多少钱啊)."""
    question = turn.asked(said)
    return (question.wants_everything or question.wants_amount) and not question.asked and not question.outside


def asks_particulars(turn: Turn, said: str) -> str:
    """What the message wants to know that policy texts do not say, where it names nothing else (啥时候给钱); else empty."""
    question = turn.asked(said)
    return "" if question.asked or question.outside else "、".join(question.particulars)


def looked_up(turn: Turn, said: str, understood: Understood) -> Reply:
    """What the documents say, and the pending question after it; where the cities differ, which one is asked first."""
    state = turn.state
    city = understood.city if understood.city in turn.casework.book.packs else turn.city()
    answer = turn.enquirer.answer(said, city, top=2, facts=turn.person.facts, who=turn.person.who)
    turn.grounds += answer.grounds
    state.asking_city_for = without_id_number(said) if answer.options else None
    question = turn.question()
    if answer.options and question and not _PLACES.isdisjoint(question.facts):
        turn.note("cities_differ")  # the pending question is the very one: which city
        reply = turn.ask(question)
    else:
        reply = turn.with_question(answer.text)
        if answer.options and not reply.asking:
            reply.options = [OptionButton(label=label) for label in answer.options]
    hits = answer.to_json()["hits"] if answer.answered else []
    return reply.model_copy(update={"hits": hits, "gap": answer.gap})


def city_told(turn: Turn, said: str) -> Reply | None:
    """The answer that was waiting for the city, where the message is one; None where it is something else."""
    waiting, turn.state.asking_city_for = turn.state.asking_city_for, None
    if waiting is None or names_topic(turn, said):
        return None
    packs = list(turn.casework.book.packs)
    named = understand(said, turn.language, turn.casework.today).city
    city = packs[int(said) - 1] if said.isdecimal() and 0 < int(said) <= len(packs) else named
    return looked_up(turn, waiting, Understood(city=city)) if city in packs else None


def so_far(turn: Turn, sums: str, range_: str) -> str:
    """What is certain already, and what is still possible."""
    left = turn.casework.left(turn.person)
    return "\n".join(filter(None, [say("so_far", sums=sums, left=left) if sums else say("so_far_none", left=left), range_]))
