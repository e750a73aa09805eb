"""Hearing: what a message tells, taken over into the case of whom it is said of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot import digression
from bot.circle import EACH_PARENT, PARENTS, is_somebody_else, said_of_both, same
from bot.replies import Reply
from bot.state import Case
from bot.supposing import ended
from bot.turn import Turn
from bot.understanding.message import Understood, understand
from bot.understanding.pieces import HOME_FACTS
from bot.understanding.statements import AGE_FACTS, PLACE_FACTS, SOLDIERS
from bot.wording import say
from eligibility.assessment import Assessment
from eligibility.person import FactError
from eligibility.planning import Question

_NO = re.compile(r"^(?:(?:不|不是|不对|错了|说错了)[啊呀,，。 ]*)+")

TELLING = (*AGE_FACTS, *PLACE_FACTS)
"""Who tells this of somebody asks for her, and does not only mention her."""


class Hearing:
    """Takes over what is said in a turn; what it makes of it is noted aloud, so that a mistake is seen."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._state = turn.state
        self._result = turn.casework.assessment(turn.state.case) if turn.state.case.finished else None

    def answer(self, answer: dict[str, Any], question: Question) -> Reply:
        """Takes an answer over; what was chosen and is not settled by it holds, and is asked on its own."""
        self._state.keep_step()
        if question.multiple:
            self._state.case.narrowed += [name for name in question.facts if name not in answer]
        self._take(answer)
        return self.settled()

    def facts(self, understood: Understood, said: str, question: Question | None) -> bool:
        """Takes facts over; False where they are the speaker's own, while it is somebody else who is asked for."""
        self._share(understood, said)
        self.others(understood)
        about = say("who_self") if understood.of_self else understood.about
        if about == PARENTS:
            return self._both_parents(understood.facts)
        case = self._state.case
        if about and self._is_somebody_else(about, understood.facts):
            if not case.finished and not set(TELLING) & set(understood.facts):
                return about != say("who_self") and self._aside(about, understood.facts)
            self._go_over(about)
        elif about and (case.about is None or not same(about, case.about)):
            case.about = about
        self._state.keep_step()
        if about in (None, case.about) and not _NO.match(said) and self._looks_new(understood.facts):
            self._state.case, self._result = Case(about=about, client=case.client), None
            self._turn.note("looks_new")
        self._retract(understood)
        self._narrow(said, understood, question)
        self._take_aloud(understood.facts)
        self._suspect(understood)
        return True

    def others(self, understood: Understood) -> bool:
        """Keeps what is said besides of other people of the chat, or of a new one whose age is told."""
        kept = False
        for about, facts in understood.others.items():
            known = about in self._state.others or about == self._state.case.about
            if known or (set(AGE_FACTS) & set(facts) and about != say("who_self")):
                kept = self._aside(about, facts) or kept
        return kept

    def denials(self, understood: Understood, said: str, question: Question | None) -> bool:
        """Takes back what is denied of whom it is denied; whether a denial was heard. One of what was asked wants an answer."""
        about = understood.about
        if about and about in self._state.others and not same(about, self._state.case.about):
            return self._take_back(self._state.others[about], understood.excluded, "retracted_of")
        self._state.keep_step()
        if self._retract(understood) or self._ended(said):
            return True
        self._state.steps.pop()
        denied = {name: values[0] for name, values in understood.excluded.items()}
        asked_of = {name: value for name, value in denied.items() if question and name in question.facts}
        if asked_of:
            self._turn.note("denied", facts=self._turn.told(asked_of))
        elif denied and question and not understood.asks:
            self._turn.note("retracted", facts=self._turn.told(denied))
        else:
            return False
        return True

    def corrects(self, said: str) -> bool:
        """不，是二级: an answer to what was told last, taken in place of it; whether the message is one."""
        if not _NO.match(said):
            return False
        steps, case = self._state.steps, self._state.case
        last = [name for name, value in case.facts.items() if steps and steps[-1].facts.get(name) != value]
        found = understand(_NO.sub("", said), self._turn.language, self._turn.casework.today, last) if last else Understood()
        if not found.facts or not found.facts.keys() <= set(last):
            return False
        self._state.keep_step()
        self._take_aloud(found.facts)
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

    def turn_to(self, about: str, another: bool = False) -> None:
        """Goes over to somebody who was named; to ``another`` than who is spoken of, even where that one has no name yet."""
        if about == PARENTS:
            self._both_parents({})
        elif another and self._state.case.about is None and self._state.case.facts:
            self._go_over(about)
        elif same(about, self._state.case.about) and self._state.case.about:
            self._turn.note("still", who=self._state.case.who)
        elif self._state.case.about is None and not self._state.others and not self._is_somebody_else(about, {}):
            self._state.case.about = about  # 给我妈问问
        else:
            self._go_over(about)

    def old_button(self, names: tuple[str, ...]) -> Reply:
        """有残疾证, chosen when it was not asked any more: it holds, and how is asked next."""
        self._state.keep_step()
        case = self._state.case
        case.facts = {name: value for name, value in case.facts.items() if name not in names}
        case.narrowed += [name for name in names if name not in case.narrowed]
        case.declined = [name for name in case.declined if name not in names]
        self._take({})
        return self._turn.go_on()

    def chosen(self, facts: Mapping[str, Any]) -> Reply:
        """Takes over what was chosen of an earlier question, and says so."""
        self._state.keep_step()
        self._take_aloud(facts)
        return self.settled()

    def settled(self) -> Reply:
        """What follows: the answer that waited for the city, the result that was there already, or the next question."""
        turn, city = self._turn, self._turn.city()
        waiting = self._state.asking_city_for
        if waiting and city:
            self._state.asking_city_for = None
            return digression.looked_up(turn, waiting, Understood(city=city))
        if self._result is None or not city:
            return turn.go_on()
        if _alike(self._result, turn.casework.assessment(self._state.case)):
            self._state.case.finished = True
            return turn.say(say("result_alike"))
        return turn.result()

    # -- whose it is

    def _is_somebody_else(self, about: str, facts: Mapping[str, Any]) -> bool:
        return is_somebody_else(about, self._state.case, self._age_differs(facts), self._turn.language)

    def _looks_new(self, facts: Mapping[str, Any]) -> bool:
        """Whether another age and another city are told in one breath: that is hardly the same person any more."""
        known = self._state.case.facts
        moved = any(name in facts and name in known and facts[name] != known[name] for name in PLACE_FACTS)
        return moved and self._age_differs(facts)

    def _age_differs(self, facts: Mapping[str, Any]) -> bool:
        """Whether another age is told than the one that is known."""
        told = {name: facts[name] for name in AGE_FACTS if name in facts}
        known = {name: self._state.case.facts[name] for name in AGE_FACTS if name in self._state.case.facts}
        return bool(told and known) and told != known

    def _share(self, understood: Understood, said: str) -> None:
        """What is said of two people at once is said of the other one, too; where they live, in one breath with both ages."""
        shared: Mapping[str, Any] = {}
        if said_of_both(said):
            shared = understood.facts
        elif "都" in said:
            everything = {**understood.facts, **{k: v for facts in understood.others.values() for k, v in facts.items()}}
            shared = {name: value for name, value in everything.items() if name in HOME_FACTS}
            understood.facts.update({name: value for name, value in shared.items() if understood.others})
        others = list(understood.others) or (list(self._state.others) if said_of_both(said) else [])
        if shared and len(others) == 1:
            understood.others[others[0]] = {**shared, **understood.others.get(others[0], {})}

    def _narrow(self, said: str, understood: Understood, question: Question | None) -> None:
        """有残疾证, typed among other things: it holds, and how is asked next."""
        for choice in question.choices if question and question.multiple else ():
            several = [name for name, value in choice.facts.items() if isinstance(value, tuple)]
            at = said.find(choice.label)
            if at >= 0 and said[max(at - 1, 0):at] not in ("没", "不", "无"):
                self._state.case.narrowed += [name for name in several if name not in understood.facts]

    def _retract(self, understood: Understood) -> bool:
        """Takes back what is denied; who has been no soldier has been none of any kind."""
        excluded = {
            name: [*values, *(SOLDIERS if "discharged_soldier" in values else ())]
            for name, values in understood.excluded.items()
        }
        return self._take_back(self._state.case, excluded, "retracted")

    def _ended(self, said: str) -> bool:
        """低保没了: what held does so no longer."""
        over = {
            name: [value] for name, value in ended(said, self._turn.language) if self._state.case.facts.get(name) == value
        }
        return self._take_back(self._state.case, over, "ended")

    def _take_back(self, case: Case, excluded: Mapping[str, list[Any]], key: str) -> bool:
        """Takes back what is excluded, and says so in the sentence ``key``; whether there was anything."""
        gone = self._turn.casework.retract(case, excluded)
        if gone:
            self._turn.note(key, who=case.who, facts=self._turn.told(gone))
        return bool(gone)

    def _go_over(self, about: str) -> None:
        """Turns to another person; she may well live where the one before does."""
        before = self._turn.city()
        new = self._state.switch(about)
        self._result = None
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

    def _suspect(self, understood: Understood) -> None:
        """Says that two ages were heard; who is named in one breath may well live in one city, and is asked."""
        if len(understood.ages) > 1:
            told = "、".join(self._turn.told(age) for age in understood.ages)
            self._turn.note("two_ages", ages=told, last=self._turn.told(understood.ages[-1]))
        packs = self._turn.casework.book.packs
        cities = [facts["hukou"] for facts in understood.others.values() if facts.get("hukou") in packs]
        if cities and self._turn.city() is None:
            self._state.case.suggested = {"hukou": cities[0]}

    def _take_aloud(self, facts: Mapping[str, Any]) -> None:
        if self._take(facts):
            self._turn.note("noted", facts=self._turn.told(facts))

    def _take(self, facts: Mapping[str, Any]) -> bool:
        try:
            self._turn.casework.take(self._state.case, facts)
        except FactError as error:
            self._turn.note("contradiction", message=error.message)
            return False
        self._state.misses = 0
        return True


def _alike(before: Assessment, after: Assessment) -> bool:
    """Whether both say the same of every entitlement."""
    return [(r.rule.id, r.status, r.amount) for r in before.results] == [(r.rule.id, r.status, r.amount) for r in after.results]
