"""A turn: one message and its reply, put together from notes, what is asked next, and what stands behind them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.casework import Casework
from bot.enquiry import Enquirer
from bot.replies import OptionButton, Reply
from bot.report import certain, report
from bot.state import Case, Shown, State
from bot.understanding.language import Language
from bot.wording import facts_text, say
from eligibility.assessment import Assessment
from eligibility.change import full_json
from eligibility.planning import Question, next_facts
from knowledge.questions import Question as Asked
from knowledge.questions import read_question

NONE_OF_THEM = "都没有"


class Turn:
    """What a reply is made with.

    Attributes:
        state: the state at the start, changed as the turn goes on.
        of: whom a question is about, where she is another than the one who is spoken of.
        reminds: the channel can speak of its own accord.
        adviser: whoever writes has many clients, and each is kept.
        keeps_shown: what is said now is not what is meant by 再说一遍.
        notes: what is said before the question.
        grounds: the assessments that the reply states something of.
    """

    def __init__(
        self, casework: Casework, language: Language, enquirer: Enquirer, state: State, reminds: bool = False,
        adviser: bool = False,
    ) -> None:
        self.casework = casework
        self.language = language
        self.enquirer = enquirer
        self.state = state
        self.reminds = reminds
        self.adviser = adviser
        self.of: Case | None = None
        self._asked: dict[str, Asked] = {}
        self.keeps_shown = False
        self.notes: list[str] = []
        self.grounds: list[Assessment] = []

    # -- what is known

    @property
    def person(self) -> Case:
        """Whom an answer is about."""
        return self.of or self.state.case

    def assessment(self) -> Assessment:
        """Everything that the rules say of the person so far; the reply may state it."""
        found = self.casework.assessment(self.person)
        self.grounds.append(found)
        return found

    def question(self) -> Question | None:
        """The pending question; None after the result."""
        return None if self.state.case.finished else self.casework.question(self.state.case)

    def city(self) -> str | None:
        """The city of the person, where it is one of ours."""
        return self.casework.city(self.person)

    @property
    def cities(self) -> str:
        """The names of our cities."""
        return "、".join(self.casework.book.vocabulary.cities.values())

    def told(self, facts: Mapping[str, object]) -> str:
        """Facts in words."""
        return facts_text(facts, self.casework.book.vocabulary)

    def asked(self, said: str) -> Asked:
        """What the message asks of the documents; looked at once a turn."""
        if said not in self._asked:
            self._asked[said] = read_question(said)
        return self._asked[said]

    # -- what is said

    def note(self, key: str, **values: object) -> None:
        """Says a sentence before what follows."""
        self.notes.append(say(key, **values))

    def go_on(self) -> Reply:
        """The next question, or the result when none is left."""
        question = self.casework.question(self.state.case)
        if question is None:
            return self.result()
        sums = certain(self.assessment())
        if sums and sums != self.state.case.told:
            self.note("interim", sums=sums, left=self.casework.left(self.state.case))
        self.state.case.told = sums
        return self.ask(question)

    def ask(self, question: Question, words: str | None = None) -> Reply:
        """The question, in ``words`` where they are given, after the notes."""
        if words is None:
            suggested = {name: value for name, value in self.state.case.suggested.items() if name in question.facts}
            words = question.text.format(who=self.state.case.who)
            words += say("suggested", facts=self.told(suggested)) if suggested else ""
        options = [OptionButton(label=choice.label, facts=dict(choice.facts)) for choice in question.choices]
        if question.multiple:
            options.append(OptionButton(label=NONE_OF_THEM))
        return self.reply(words, Reply(
            text="", options=options, multiple=question.multiple, asking=list(question.facts),
        ))

    def say(self, text: str) -> Reply:
        """``text`` and no question."""
        return self.reply(text, Reply(text=""))

    def with_question(self, text: str) -> Reply:
        """``text``, and after it the question that is still open."""
        question = self.question()
        if question is None:
            return self.say(text)
        self.notes += [text, say("back_to")]
        return self.ask(question)

    def aside(self, text: str) -> Reply:
        """``text``; the question stays open, and is not asked now."""
        question = self.question()
        return self.say(text) if question is None else self.ask(question, text).model_copy(update={"aside": True})

    def result(self) -> Reply:
        """What the person is owed, as far as it is known."""
        case = self.state.case
        case.finished = True
        if not self.city():
            text = say("other_city" if "hukou" in case.facts else "no_city", cities=self.cities)
            return self.reply(text, Reply(text="", done=True, results=[]))
        assessment = self.assessment()
        answer = full_json(assessment, next_facts(assessment))
        offered = [OptionButton(label=label) for label in say("offered").split("、")]
        text = f"{report(assessment, case.who)}\n{say('more')}"
        return self.reply(text, Reply(text="", done=True, results=answer["results"], options=offered))

    def reply(self, text: str, reply: Reply) -> Reply:
        """``reply`` with its words and what stands behind them; what is shown is kept, to be said once more."""
        reply.text = "\n".join([*self.notes, text])
        reply.facts, reply.grounds = self.state.case.facts, self.grounds
        if not self.keeps_shown:
            self.state.shown = Shown(text=reply.text, asked=bool(reply.asking))
        return reply
