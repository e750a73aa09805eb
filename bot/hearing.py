"""Hearing: what a message tells, taken over into the case of whom it is said of."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot import digression
from bot.circle import EACH_PARENT, PARENTS, is_somebody_else, same
from bot.replies import Reply
from bot.state import Case
from bot.turn import Turn
from bot.understanding.message import Understood
from bot.understanding.statements import AGE_FACTS, PLACE_FACTS
from bot.wording import say
from eligibility.person import FactError
from eligibility.planning import Question

TELLING = (*AGE_FACTS, *PLACE_FACTS)
"""Who tells this of somebody asks for her, and does not only mention her."""


class Hearing:
    """Takes over what is said in a turn; what it makes of it is noted aloud, so that a mistake is seen."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._state = turn.state
        self._after_result = turn.state.case.finished

    def answer(self, answer: dict[str, Any], question: Question) -> Reply:
        """Takes an answer over; what was chosen and is not settled by it holds, and is asked on its own."""
        self._state.keep_step()
        if question.multiple:
            self._state.case.narrowed += [name for name in question.facts if name not in answer]
        self._take(answer)
        return self.settled()

    def facts(self, understood: Understood) -> bool:
        """Takes facts over; False where they are the speaker's own, while it is somebody else who is asked for."""
        self.others(understood)
        if gone := self._turn.casework.retract(self._state.case, understood.excluded):
            self._turn.note("retracted", facts=self._turn.told(gone))
        about = say("who_self") if understood.of_self else understood.about
        if about == PARENTS:
            return self._both_parents(understood.facts)
        case = self._state.case
        if is_somebody_else(about, case, self._age_differs(case, understood.facts)) and about:
            if not case.finished and not set(TELLING) & set(understood.facts):
                return about != say("who_self") and self._aside(about, understood.facts)
            self._go_over(about)
        elif about and (case.about is None or not same(about, case.about)):
            case.about = about
        self._state.keep_step()
        if self._take(understood.facts):
            self._turn.note("noted", facts=self._turn.told(understood.facts))
        return True

    def others(self, understood: Understood) -> bool:
        """Keeps what is said besides of other people of the chat, or of a new one whose age is told."""
        kept = False
        for about, facts in understood.others.items():
            known = about in self._state.others or about == self._state.case.about
            if known or (set(AGE_FACTS) & set(facts) and about != say("who_self")):
                kept = self._aside(about, facts) or kept
        return kept

    def denials(self, understood: Understood, question: Question | None) -> bool:
        """Takes back what is denied; whether a denial was heard: one of what was asked wants another answer."""
        before = self._state.case.model_copy(deep=True)
        gone = self._turn.casework.retract(self._state.case, understood.excluded)
        denied = {name: values[0] for name, values in understood.excluded.items()}
        asked_of = {name: value for name, value in denied.items() if question and name in question.facts}
        if gone:
            self._state.steps.append(before)
            self._turn.note("retracted", facts=self._turn.told(gone))
        elif asked_of:
            self._turn.note("denied", facts=self._turn.told(asked_of))
        elif denied and question and not understood.asks:
            self._turn.note("retracted", facts=self._turn.told(denied))
        else:
            return False
        return True

    def id_number(self, understood: Understood) -> None:
        """Says that an ID number was not kept, and asks to confirm the city in which it was given out."""
        if not understood.id_number:
            return
        self._turn.note("id_number")
        city = understood.id_city
        if city in self._turn.casework.book.packs and "hukou" not in self._state.case.facts:
            self._state.case.suggested = {"hukou": city}
            self._turn.note("id_place", city=self._turn.casework.book.vocabulary.city_name(str(city)))

    def turn_to(self, about: str) -> Reply:
        """Goes over to somebody who was named."""
        if about == PARENTS:
            self._both_parents({})
        elif same(about, self._state.case.about) and self._state.case.about:
            self._turn.note("still", who=self._state.case.who)
        elif self._state.case.about is None and not self._state.others and not self._state.case.finished:
            self._state.case.about = about  # 给我妈问问
        else:
            self._go_over(about)
        return self._turn.result() if self._state.case.finished else self._turn.go_on()

    def settled(self) -> Reply:
        """What follows: the answer that waited for the city, the result that was asked for already, or the next question."""
        waiting, city = self._state.asking_city_for, self._turn.city()
        if waiting and city:
            self._state.asking_city_for = None
            return digression.looked_up(self._turn, waiting, Understood(city=city))
        return self._turn.result() if self._after_result and city else self._turn.go_on()

    # -- whose it is

    def _age_differs(self, case: Case, facts: Mapping[str, Any]) -> bool:
        """Whether another age is told than the one known, or one where somebody else than the speaker is asked for."""
        told = {name: facts[name] for name in AGE_FACTS if name in facts}
        known = {name: case.facts[name] for name in AGE_FACTS if name in case.facts}
        if told and not known:
            return case.about not in (None, say("who_self"))
        return bool(told) and told != known

    def _go_over(self, about: str) -> None:
        """Turns to another person; she may well live where the one before does."""
        before = self._turn.city()
        new = self._state.switch(about)
        self._after_result = self._state.case.finished
        if before and not set(PLACE_FACTS) & set(self._state.case.facts):
            self._state.case.suggested = {"hukou": before}
        self._turn.note("turned_new" if new else "turned_back", who=about)
        if not new and self._state.case.facts:
            self._turn.note("known_of", facts=self._turn.told(self._state.case.facts))

    def _aside(self, about: str, facts: Mapping[str, Any]) -> bool:
        """Keeps facts of another person than the one spoken of, or of that very one."""
        case = self._state.case
        if about != case.about:
            case = self._state.others.setdefault(about, Case(about=about))
        else:
            self._state.keep_step()
        try:
            self._turn.casework.take(case, facts)
        except FactError:
            return False
        self._turn.note("noted_of", who=about, facts=self._turn.told(dict(facts)))
        return True

    def _both_parents(self, facts: Mapping[str, Any]) -> bool:
        """What is said of both parents holds for each; the mother is asked about first."""
        first, second = EACH_PARENT
        if self._state.case.about is None:
            self._state.case.about = first
        elif self._state.case.about not in EACH_PARENT:
            self._state.switch(first)
        other = second if self._state.case.about == first else first
        with suppress(FactError):  # said of both, it may fit one of them only
            self._turn.casework.take(self._state.others.setdefault(other, Case(about=other)), facts)
        self._state.keep_step()
        self._take(facts)
        self._turn.note("one_by_one", first=self._state.case.who, second=other)
        return True

    def _take(self, facts: Mapping[str, Any]) -> bool:
        try:
            self._turn.casework.take(self._state.case, facts)
        except FactError as error:
            self._turn.note("contradiction", message=error.message)
            return False
        self._state.misses = 0
        return True
