"""The conversation: a state and a message in, a new state and a reply out. It knows neither a channel nor a store.

The state is the answers. Which question comes next is worked out from them anew each time, so that correcting, going on after
a stop and leaving something open are edits of one small dictionary.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot.enquiry import Enquirer
from bot.id_numbers import without_id_number
from bot.language import Language
from bot.remarks import remark_in
from bot.replies import OptionButton, Reply
from bot.report import certain, possible, report, where, why
from bot.state import State
from bot.statements import AGE_FACTS
from bot.understanding import Understood, understand, with_plain_consequences
from bot.wording import facts_text, say
from eligibility.assessment import Assessment, assess
from eligibility.change import full_json
from eligibility.person import FactError, read_person
from eligibility.planning import Question, next_facts, next_question
from eligibility.rulebook import RuleBook
from knowledge.questions import read_question
from knowledge.spelling import normal

MOST_MISSES = 2
"""After so many answers that were not understood a question is left open."""

MOST_CHARACTERS = 4096
"""What is longer is cut: no channel sends more, and nobody says more at once."""

_END = r"[？?。.!！]*$"

_START = re.compile(rf"^(?:/start.*|重新开始|从头来|从头开始|重来|换个人|换一个人){_END}")
_HELP = re.compile(rf"^(?:/help|帮助|怎么用|咋用|你是谁|你能干啥|能干啥){_END}")
_MEANING = re.compile(rf"^.{{0,12}}(?:什么意思|啥意思|是啥|是什么|怎么讲|没听懂|不明白){_END}|^(?:啥叫|什么叫)")
_RESULT = re.compile(
    rf"^(?:看结果|出结果|结果|先看看|算了|就这些|没了|就这样|到底能领多少|能领多少|我能领啥|能领啥)[吧了]?{_END}"
)
_WHERE = re.compile(
    rf"^[那都]?(?:(?:上|去|到|在)?(?:哪|哪里|哪儿|啥地方)(?:办|领|申请|办理|问)|(?:怎么|咋)(?:申请|办|领)|(?:找谁|谁管|要?带(?:什么|啥)).{{0,4}})"
    rf"[啊呀呢]?{_END}"
)
_STATES = re.compile(r"^(?:有|没|是|不|办|住|跟|和|我|俺|他|她)")
_WHY = re.compile(rf"^(?:为什么|为啥|凭啥|依据|根据什么|详细|详情|问这)(?:要?问这个|干啥|干什么|干嘛)?[啊呢]?{_END}")
_MOVES = re.compile(r"户口|户籍|住")
_GREETING = re.compile(
    rf"^(?:你好|您好|在吗|在不在|喂|hi|hello|早上好|下午好|晚上好)[啊呀吗呢]?{_END}", re.IGNORECASE,
)


class Conversation:
    """Answers messages; holds no state of its own.

    Args:
        book: the rules.
        today: the day of the answers; the present day when absent.
    """

    def __init__(self, book: RuleBook, today: date | None = None) -> None:
        self._book = book
        self._language = Language(book.vocabulary)
        self._enquirer = Enquirer(book, self._language, today)
        self._today = today

    def reply(self, state: State, text: str) -> tuple[State, Reply]:
        """The next state and what to say to ``text``; ``state`` itself is left as it was."""
        turn = _Turn(self._book, self._language, self._enquirer, state.model_copy(deep=True), self._today or date.today())
        return turn.take(text[:MOST_CHARACTERS])

    def resume(self, state: State) -> tuple[State, Reply]:
        """What to say to somebody who comes back, or comes for the first time, before a word is said."""
        turn = _Turn(self._book, self._language, self._enquirer, state.model_copy(deep=True), self._today or date.today())
        return turn.welcome()


class _Turn:
    """One message and its reply."""

    def __init__(self, book: RuleBook, language: Language, enquirer: Enquirer, state: State, today: date) -> None:
        self._book = book
        self._language = language
        self._enquirer = enquirer
        self._state = state
        self._today = today
        self._notes: list[str] = []

    # -- what kind of message it is

    def take(self, text: str) -> tuple[State, Reply]:
        said = normal(text)
        if _START.match(said):
            return self._restart(said)
        if remark := remark_in(said):
            self._state.greeted = True
            return self._with_question(remark.text, aside=not remark.goes_on)
        if not said or _GREETING.match(said):
            return self.welcome()
        self._state.greeted = True
        if _HELP.match(said):
            return self._with_question(say("help"))
        question = self._question()
        if question and self._language.answers.declines(said):
            self._state.declined += [name for name in question.facts if name not in self._state.declined]
            self._notes.append(say("noted_unknown"))
            return self._go_on()
        if _RESULT.match(said) and self._known_city():
            return self._result()
        if _WHERE.match(said) and question is None and self._known_city():
            return self._say(where(self._assessment()))
        if _WHY.match(said):
            return self._with_question(why(self._assessment()) if question is None else self._why_asked(question))
        if _MEANING.match(said) and (meaning := self._meaning(said, question)):
            return self._with_question(meaning)
        return self._take_statement(said, question)

    def _why_asked(self, question: Question) -> str:
        concerned = [r.rule.name for r in self._assessment().results if set(r.missing) & set(question.facts)]
        return say("why_asked", names="、".join(concerned) or say("why_asked_city"))

    def _meaning(self, said: str, question: Question | None) -> str | None:
        """What the word asked about means; without one, what the pending question means."""
        for found in self._language.phrases.find(said):
            name, value = found.meaning
            fact = self._book.vocabulary.facts[name]
            option = fact.options.get(value) if value is not None else None
            if option:
                return f"{option.label}：{option.means or fact.help}"
        return question.help if question else None

    def _take_statement(self, said: str, question: Question | None) -> tuple[State, Reply]:
        answer = self._answer(said, question) if question else None
        if question and answer is not None:
            return self._settle_answer(answer, question)
        if question is None and self._state.asking_city_for and (answered := self._city_for_look_up(said)):
            return answered
        understood = understand(said, self._language, self._today, question.facts if question else ())
        if understood.id_number:
            self._notes.append(say("id_number"))
            self._suggest(understood.id_city)
        policy = self._asks_policy(said, understood)
        if understood.about and not self._state.about and (understood.facts or not understood.asks):
            self._state.about = understood.about
        retracted = self._retract(understood.excluded)
        if understood.facts and not policy:
            if understood.asks and self._names_topic(said):
                self._merge(understood.facts, aloud=True)
                return self._look_up(said, understood)
            return self._settle(understood.facts, aloud=True)
        if retracted or (question and self._note_denial(understood, question)):
            return self._go_on()
        return self._take_question(said, question, understood, policy)

    def _take_question(
        self, said: str, question: Question | None, understood: Understood, policy: bool,
    ) -> tuple[State, Reply]:
        """A message that tells nothing: it asks how far this has come, or asks the documents, or is not understood."""
        if question and self._known_city() and self._asks_how_far(said):
            return self._with_question(self._so_far())
        if policy or understood.asks or (not _STATES.match(said) and self._names_topic(said)):
            return self._look_up(said, understood)
        return self._not_understood(question)

    @staticmethod
    def _asks_how_far(said: str) -> bool:
        """Whether it is asked, in the middle, what all this comes to (能给多少钱啊)."""
        question = read_question(said)
        return (question.wants_everything or question.wants_amount) and not question.matters() and not question.outside

    def _so_far(self) -> str:
        """What is certain already, and what is still possible."""
        assessment = self._assessment()
        sums, range_ = certain(assessment), possible(assessment)
        return "\n".join(filter(None, [say("so_far", sums=sums) if sums else say("so_far_none"), range_]))

    def _note_denial(self, understood: Understood, question: Question) -> bool:
        """Says that a denial was heard: one of what was asked wants another answer, any other one does not."""
        denied = {name: values[0] for name, values in understood.excluded.items()}
        asked_of = {name: value for name, value in denied.items() if name in question.facts}
        if asked_of:
            self._notes.append(say("denied", facts=facts_text(asked_of, self._book.vocabulary)))
        elif denied and not understood.asks:
            self._notes.append(say("retracted", facts=facts_text(denied, self._book.vocabulary)))
        else:
            return False
        return True

    def _answer(self, said: str, question: Question) -> dict[str, Any] | None:
        suggested = {name: value for name, value in self._state.suggested.items() if name in question.facts}
        if suggested and self._language.answers.agrees(said):
            return suggested
        answer = self._language.answers.read(said, question)
        return None if answer is None else dict(answer)

    # -- the facts

    def _suggest(self, city: str | None) -> None:
        """Ask to confirm the city that an ID number tells of, where the registered one is not known."""
        if city in self._book.packs and "hukou" not in self._state.facts:
            self._state.suggested = {"hukou": city}
            self._notes.append(say("id_place", city=self._book.vocabulary.city_name(str(city))))

    def _settle_answer(self, answer: dict[str, Any], question: Question) -> tuple[State, Reply]:
        """Take an answer over; what was chosen and is not settled by it holds, and is asked on its own."""
        if question.multiple:
            self._state.narrowed += [name for name in question.facts if name not in answer]
        return self._settle(answer)

    def _settle(self, facts: dict[str, Any], aloud: bool = False) -> tuple[State, Reply]:
        """Take the facts over, answer what was waiting for a city, and go on."""
        self._merge(facts, aloud)
        waiting, city = self._state.asking_city_for, self._known_city()
        if waiting and city:
            self._state.asking_city_for = None
            return self._look_up(waiting, Understood(city=city))
        return self._go_on()

    def _retract(self, excluded: dict[str, list[Any]]) -> bool:
        """Take back what was denied: 不是低保 after 低保."""
        gone = [name for name, values in excluded.items() if self._state.facts.get(name) in values]
        if gone:
            denied = {name: self._state.facts[name] for name in gone}
            self._notes.append(say("retracted", facts=facts_text(denied, self._book.vocabulary)))
            self._state.facts = {name: value for name, value in self._state.facts.items() if name not in gone}
            self._merge({})
        return bool(gone)

    def _merge(self, facts: dict[str, Any], aloud: bool = False) -> None:
        """Take the facts over; what they contradict is dropped, a later word counts more than an earlier one.

        What was said in free words is repeated (``aloud``), so that a mistake is seen.
        """
        merged = dict(self._state.facts)
        if any(name in AGE_FACTS for name in facts):
            merged = {name: value for name, value in merged.items() if name not in AGE_FACTS}
        merged = with_plain_consequences(merged | facts)
        for name, fact in self._book.vocabulary.facts.items():
            for other, allowed in fact.needs.items():
                if name in merged and merged.get(other, allowed[0]) not in allowed:
                    del merged[name if other in facts else other]
        try:
            read_person(merged, self._today, self._book.space)
        except FactError as error:
            self._notes.append(say("contradiction", message=error.message))
            return
        self._state.facts = merged
        self._state.suggested = {name: value for name, value in self._state.suggested.items() if name not in merged}
        self._state.declined = [name for name in self._state.declined if name not in facts]
        self._state.narrowed = [name for name in self._state.narrowed if name not in facts]
        self._state.finished = False
        self._state.misses = 0
        if aloud:
            self._notes.append(say("noted", facts=facts_text(facts, self._book.vocabulary)))

    def _assessment(self) -> Assessment:
        return assess(self._state.facts, self._book, self._today)

    def _question(self) -> Question | None:
        return None if self._state.finished else next_question(self._assessment(), self._state.declined, self._state.narrowed)

    def _known_city(self) -> str | None:
        for name in ("hukou", "residence"):
            city = self._state.facts.get(name)
            if city in self._book.packs:
                return str(city)
        return None

    # -- what is said

    def _restart(self, said: str) -> tuple[State, Reply]:
        fresh = self._state.greeted and not said.startswith("/")
        self._state = State(greeted=True)
        self._notes = [say("restarted")] if fresh else [self._greeting()]
        return self._go_on()

    def welcome(self) -> tuple[State, Reply]:
        if self._state.greeted:
            facts = facts_text(self._state.facts, self._book.vocabulary)
            self._notes.append(say("resumed_facts", facts=facts) if facts else say("hello"))
        else:
            self._state.greeted = True
            self._notes.append(self._greeting())
        return self._go_on()

    def _greeting(self) -> str:
        return say("greeting", cities=self._cities())

    def _cities(self) -> str:
        return "、".join(self._book.vocabulary.cities.values())

    def _go_on(self) -> tuple[State, Reply]:
        """The next question, or the result when none is left."""
        assessment = self._assessment()
        question = next_question(assessment, self._state.declined, self._state.narrowed)
        if question is None:
            return self._result()
        sums = certain(assessment)
        if sums and sums != self._state.told:
            self._notes.append(say("interim", sums=sums))
        self._state.told = sums
        return self._state, self._ask(question)

    def _ask(self, question: Question) -> Reply:
        words = question.text.format(who=self._state.who)
        options = [OptionButton(label=choice.label, facts=dict(choice.facts)) for choice in question.choices]
        if question.multiple:
            options.append(OptionButton(label="都没有"))
        return Reply(
            text="\n".join([*self._notes, words]), options=options, multiple=question.multiple,
            asking=list(question.facts), facts=self._state.facts,
        )

    def _say(self, text: str) -> tuple[State, Reply]:
        """``text`` and no question."""
        return self._state, Reply(text="\n".join([*self._notes, text]), facts=self._state.facts)

    def _with_question(self, text: str, aside: bool = False) -> tuple[State, Reply]:
        """``text``, and after it the question that is still open; an ``aside`` keeps the question open without asking it."""
        question = self._question()
        if question is None:
            return self._say(text)
        if aside:
            notes, self._notes = [*self._notes, text], []
            return self._state, self._ask(question).model_copy(update={"text": "\n".join(notes), "aside": True})
        self._notes.append(text)
        self._notes.append(say("back_to"))
        return self._state, self._ask(question)

    def _result(self) -> tuple[State, Reply]:
        self._state.finished = True
        if not self._known_city():
            self._notes.append(say("other_city" if "hukou" in self._state.facts else "no_city", cities=self._cities()))
            return self._state, Reply(text="\n".join(self._notes), facts=self._state.facts, done=True, results=[])
        assessment = self._assessment()
        self._notes.append(report(assessment, self._state.who))
        answer = full_json(assessment, next_facts(assessment))
        return self._state, Reply(
            text="\n".join(self._notes), facts=self._state.facts, done=True, results=answer["results"],
        )

    def _not_understood(self, question: Question | None) -> tuple[State, Reply]:
        if question is None:
            return self._with_question(say("not_understood_open"))
        self._state.misses += 1
        if self._state.misses > MOST_MISSES:
            self._state.misses = 0
            self._state.declined += question.facts
            self._notes.append(say("not_understood_3"))
            return self._go_on()
        key = "not_understood_1"
        if self._state.misses == MOST_MISSES:
            key = "not_understood_2" if question.choices else "not_understood_2_open"
        example = say("example_other", label=question.choices[0].label) if question.choices else say("example_age")
        self._notes.append(say(key, example=example))
        return self._state, self._ask(question)

    # -- looking things up

    def _asks_policy(self, said: str, understood: Understood) -> bool:
        """Whether a message with facts is a question about a benefit rather than about this person."""
        if understood.facts.keys() <= {"hukou", "residence", "county"} and not _MOVES.search(said) and self._names_topic(said):
            return True
        return understood.asks and understood.facts.keys().isdisjoint(AGE_FACTS) and self._names_topic(said)

    @staticmethod
    def _names_topic(said: str) -> bool:
        question = read_question(said)
        return bool(question.asked or question.outside)

    def _look_up(self, said: str, understood: Understood) -> tuple[State, Reply]:
        city = understood.city if understood.city in self._book.packs else self._known_city()
        answer = self._enquirer.answer(said, city, top=2, facts=self._state.facts, who=self._state.who)
        self._state.asking_city_for = without_id_number(said) if answer.options else None
        question = self._question()
        if answer.options and question and set(question.facts) & {"hukou", "residence"}:
            self._notes.append(say("cities_differ"))  # the pending question is the very one: which city
            state, reply = self._state, self._ask(question)
        else:
            state, reply = self._with_question(answer.text)
            if answer.options and not reply.asking:
                reply.options = [OptionButton(label=label) for label in answer.options]
        return state, reply.model_copy(update={"hits": answer.to_json()["hits"] if answer.answered else [], "gap": answer.gap})

    def _city_for_look_up(self, said: str) -> tuple[State, Reply] | None:
        """The city that a look-up was waiting for, in one word."""
        city = understand(said, self._language, self._today).city
        waiting, self._state.asking_city_for = self._state.asking_city_for, None
        if waiting is None or city not in self._book.packs or self._names_topic(said):
            return None
        return self._look_up(waiting, Understood(city=city))

