"""The conversation: a state and a message in, a new state and a reply out. It knows neither a channel nor a store.

The state is the answers. Which question comes next is worked out from them anew each time, so that correcting, going back,
going on after a stop and leaving something open are edits of one small dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from bot import caseload, digression, findings, wishes
from bot.casework import Casework
from bot.circle import asks_together, meant_by_pronoun, names_another, other_named, switched_to, wants_sum
from bot.commands import command_in, next_with
from bot.enquiry import Enquirer
from bot.explanation import asks_why
from bot.hearing import Hearing
from bot.remarks import remark_in
from bot.replies import Reply
from bot.state import State
from bot.supposing import supposed, supposes
from bot.turn import Turn
from bot.understanding.language import Language
from bot.understanding.message import Understood, understand
from bot.wording import say
from eligibility.planning import Question, choice_for_several
from eligibility.rulebook import RuleBook
from knowledge.spelling import normal

MOST_CHARACTERS = 4096
"""What is longer is cut: no channel sends more, and nobody says more at once."""

START = "/start"

_ALIKE = re.compile(r"一样|也是(?:那|这|一个)?|同一?个|一个(?:户口本|地方|市)")
_STATES = re.compile(r"^(?:有|没|是|不|办|住|跟|和|我|俺|他|她)")
_GREETING = re.compile(
    r"^(?:你好|您好|在吗|在不在|喂|hi|hello|早上好|下午好|晚上好|/help)[啊呀吗呢]?[？?。.!！]*$", re.IGNORECASE,
)
_NUMBER = "第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_ITEM = re.compile(
    rf"^(?:看看?|说说?|讲讲?|细说|查)?(?P<numbers>{_NUMBER}(?:[和跟、,， ]+{_NUMBER})*)(?:项|个|条|号|样)?"
    r"(?:的?详细|咋回事|怎么回事|是啥|是什么|说说|呢|为啥|为什么|细说|怎么办|咋办)?[？?。.!！]*$"
)


class Conversation:
    """Answers messages; holds no state of its own.

    Args:
        book: the rules.
        today: the day of the answers; the present day when absent.
        reminds: the channel can speak of its own accord.
        adviser: whoever writes has many clients: 换一位 keeps who was spoken of on a list.

    Attributes:
        language: how people speak.
        enquirer: what answers about the documents.
    """

    def __init__(self, book: RuleBook, today: date | None = None, reminds: bool = False, adviser: bool = False) -> None:
        self._book = book
        self.language = Language(book.vocabulary)
        self.enquirer = Enquirer(book, self.language, today)
        self._today = today
        self._reminds, self._adviser = reminds, adviser

    def for_advisers(self) -> Conversation:
        """The same conversation for whoever has many clients."""
        other = copy(self)
        other._adviser = True
        return other

    def reply(self, state: State, text: str) -> tuple[State, Reply]:
        """The next state and what to say to ``text``; ``state`` itself is left as it was."""
        turn = self._turn(state)
        reply = _taken(turn, normal(text[:MOST_CHARACTERS]))
        return turn.state, reply

    def choose(self, state: State, facts: Mapping[str, Any]) -> tuple[State, Reply]:
        """The next state and what to say when an answer to a question that was asked earlier is chosen anew."""
        turn = self._turn(state)
        reply = Hearing(turn).chosen(facts)
        return turn.state, reply

    def city_name(self, city: str) -> str:
        """What a city is called."""
        return self._book.vocabulary.city_name(city)

    def resume(self, state: State) -> tuple[State, Reply]:
        """What to say to somebody who comes back, or comes for the first time, before a word is said."""
        turn = self._turn(state)
        reply = wishes.welcome(turn)
        return turn.state, reply

    def _turn(self, state: State) -> Turn:
        casework, state = Casework(self._book, self._today or date.today()), state.copied()
        state.case.client = self._adviser
        return Turn(casework, self.language, self.enquirer, state, self._reminds, self._adviser)


def _taken(turn: Turn, said: str) -> Reply:
    """The reply: danger comes first, then what is asked of the conversation, then an answer, a question, or facts."""
    if said.startswith(START):
        return wishes.opened(turn, said.removeprefix(START).strip()) or wishes.restart(turn, started=True)
    remark = remark_in(said)
    if remark and remark.danger:
        turn.state.greeted = True
        return turn.aside(remark.text)
    if not said or _GREETING.match(said):
        return wishes.welcome(turn)
    turn.state.greeted = True
    if rest := next_with(said):
        wishes.clean_slate(turn)
        said = rest
    question = turn.question()
    if question and said in ("下一个", "下一个。"):
        return turn.with_question(say("skip_or_next"))
    if question and turn.language.answers.declines(said):
        return wishes.left_open(turn, question)
    if reply := caseload.called(turn, said) or caseload.named(turn, said):
        return reply
    command = command_in(said)
    if command and (reply := wishes.WISHES[command](turn)):
        return reply
    if remark:
        return turn.with_question(remark.text) if remark.goes_on else turn.aside(remark.text)
    return _answered(turn, said, question) or _statement(turn, said, question)


def _answered(turn: Turn, said: str, question: Question | None) -> Reply | None:
    """The reply to an answer, a number of an item, or a question about the person; None where the message is none."""
    if (reply := _about_somebody(turn, said)):
        return reply
    if question and (answer := _answer(turn, said, question)) is not None:
        return Hearing(turn).answer(answer, question)
    if question and len(question.choices) > 2 and turn.language.answers.agrees(said):
        return wishes.which_one(turn, question)
    if turn.state.asking_city_for and question is None and (reply := digression.city_told(turn, said)):
        return reply
    if several := choice_for_several(said, turn.casework.book.vocabulary):
        return Hearing(turn).old_button(several)
    if turn.city() and turn.state.case.finished and (number := _ITEM.match(said)):
        return findings.item(turn, number["numbers"])
    if meaning := wishes.meaning_of(turn, said):
        return turn.with_question(meaning)
    if asks_together(said) and turn.state.others and (reply := findings.compare(turn)):
        return reply
    if about := switched_to(said, turn.language):
        return _turned(turn, about, said)
    return None


def _turned(turn: Turn, about: str, said: str) -> Reply:
    """Goes over to somebody, with her result, what she gets, or her next question."""
    Hearing(turn).turn_to(about, another=names_another(said))
    if turn.state.case.finished:
        return turn.result()
    return findings.how_far(turn) if wants_sum(said) and turn.city() else turn.go_on()


def _ask_of(turn: Turn, said: str) -> None:
    """Finds out whom a question is about: another of this chat, where one is named."""
    about = other_named(said, turn.language, turn.state.others)
    turn.of = turn.state.others[about] if about else None


def _about_somebody(turn: Turn, said: str) -> Reply | None:
    """Why, and what if: asked of the person who is named, or else of the one who is spoken of."""
    _ask_of(turn, said)
    if turn.city() and asks_why(said) and (reply := findings.why_not(turn, said)):
        return reply
    if turn.city() and (facts := supposed(said, turn.language, turn.casework.today) or findings.later(turn, said)):
        return findings.suppose(turn, facts)
    if turn.city() and supposes(said, turn.language):
        return turn.with_question(say("supposed_unclear"))
    turn.of = None
    return None


def _answer(turn: Turn, said: str, question: Question) -> dict[str, Any] | None:
    """The facts that a message settles as the answer to the pending question."""
    suggested = {name: value for name, value in turn.state.case.suggested.items() if name in question.facts}
    if suggested and (turn.language.answers.agrees(said) or _ALIKE.search(said)):
        return suggested
    answer = turn.language.answers.read(said, question)
    return None if answer is None else dict(answer)


def _statement(turn: Turn, said: str, question: Question | None) -> Reply:
    """The reply to a message in free words."""
    understood = understand(said, turn.language, turn.casework.today, question.facts if question else ())
    hearing = Hearing(turn)
    hearing.id_number(understood)
    if understood.facts and (about := meant_by_pronoun(said, turn.state.case, turn.state.others)):
        hearing.turn_to(about)
    policy = digression.asks_policy(turn, said, understood)
    if understood.facts and not policy:
        if not hearing.facts(understood, said, question):
            return turn.with_question(say("whose"))
        if understood.asks and digression.names_topic(turn, said):
            return digression.looked_up(turn, said, understood)
        return hearing.settled()
    if hearing.others(understood) or hearing.denials(understood, said, question) or hearing.corrects(said):
        return hearing.settled()
    return _question(turn, said, understood, policy)


def _question(turn: Turn, said: str, understood: Understood, policy: bool) -> Reply:
    """A message that tells nothing: it asks how far this has come, or asks the documents, or is not understood."""
    _ask_of(turn, said)
    if turn.city() and digression.asks_how_far(turn, said):
        return findings.how_far(turn)
    if turn.state.case.finished and turn.city() and (particulars := digression.asks_particulars(turn, said)):
        return findings.unwritten(turn, particulars)
    if policy or understood.asks or (not _STATES.match(said) and digression.names_topic(turn, said)):
        return digression.looked_up(turn, said, understood)
    return wishes.not_understood(turn)
