"""A question about the documents: danger first, then what the rules give the person, the passage, or an honest refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from bot.gaps import Gap
from bot.quotation import age_of, offices, quoted
from bot.reckoning import assessed, reckoned, tells_of_somebody
from bot.remarks import remark_in, remark_on
from bot.report import summary
from bot.understanding.language import Language
from bot.understanding.message import Understood, understand
from bot.wording import say
from eligibility.assessment import Assessment, assess
from eligibility.facts import OTHER_CITY
from eligibility.person import FactError
from eligibility.rulebook import RuleBook
from eligibility.rules import ELIGIBLE, Rule
from knowledge.lookup import Found, Hit, look_up
from knowledge.passages import Passage
from knowledge.questions import Question, read_question
from knowledge.spelling import normal
from knowledge.thesaurus import thesaurus

MOST_CHARACTERS = 4096
"""What is longer is cut: nobody asks more at once, and it bounds the work."""

KINDRED_SCORE = 0.6
"""A hit with this share of the best score is about the same thing."""

_ELSEWHERE = re.compile(
    r"^(?:市|县|区|那边|那儿|那里|那头|这边|这儿|户口|的户口|户籍)*(?:的|满|到|这些|有没有|有啥|有|能不能|多大|多少|[0-9一二三四五六七八九十百]+(?:多|来)?岁"
    r"|老人|老年|老头|老太太|公办|公立|高龄|低保|坐|乘|养老|敬老院|给|补|咋|怎么|[？?，,。]|$)"
)
"""After the name of a place: it is the place that the question is about (沈阳的高龄津贴, 大连老人坐公交)."""

_BRACKETS = re.compile("[（(].*?[）)]")

_HERE = re.compile(r"咱|俺们这|我们这|本市|当地|这边|咱这|我市|这儿也|这里也")


@dataclass
class Answer:
    """What ``ask`` answers: the contract's fields, and what the keeper of the documents should know.

    ``grounds`` are the assessments that sums are told from. ``hits`` are by city; where the question was not recognised, they
    are only what comes nearest, for those who look further.
    """

    answered: bool
    text: str
    city: str | None
    hits: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    benefits: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    gap: Gap | None = None
    grounds: list[Assessment] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The contract's answer, section 4."""
        clarify = {"question": say("which_city"), "options": self.options} if self.options else None
        return {
            "answered": self.answered, "answer": self.text, "city": self.city, "benefits": self.benefits,
            "hits": [_hit(hit) for hits in self.hits.values() for hit in hits], "clarify": clarify,
        }


class Enquirer:
    """Answers questions about the documents.

    Args:
        book: the rules, which say what benefits stand at a place and what they give a person.
        language: how people speak.
        today: the day of the answers; the present day when absent.
    """

    def __init__(self, book: RuleBook, language: Language, today: date | None = None) -> None:
        self._book = book
        self._language = language
        self._today = today

    def answer(
        self, query: str, city: str | None, top: int = 3, facts: Mapping[str, Any] | None = None, who: str | None = None,
    ) -> Answer:
        """The answer to a question.

        Args:
            query: the question.
            city: the only city to look in; without it one that the question names counts, and else all are looked at.
            top: so many hits of a city at the most.
            facts: what is known of the person; what the question itself tells, when absent.
            who: how the person is addressed.
        """
        today = self._today or date.today()
        query = query[:MOST_CHARACTERS]

        @cache
        def understood() -> Understood:  # what nobody is refused for is not read before it is needed
            return understand(query, self._language, today)

        question, elsewhere = read_question(query), self._elsewhere(query, city)
        city = city or self._city_named(query, understood())
        if elsewhere or city == OTHER_CITY:
            return self._refused_elsewhere(elsewhere, city)
        found = {one: look_up(question, one, top) for one in ([city] if city else self._book.packs)}
        answering = {one: result for one, result in found.items() if result.answered}
        remark = self._danger(question, found)
        if remark is None and not answering:
            return self._refused(query, question, city, found)
        shown = answering or found
        answer = Answer(True, "", city, {one: result.hits for one, result in shown.items()})
        answer.benefits = self._benefits(answer.hits)
        if remark:
            answer.text = remark
            if city and answering:
                answer.text += f"\n{quoted(question, answering[city].hits[0].passage)}"
        elif city is None:
            answer.text = say("which_city")
            answer.options = [self._book.vocabulary.city_name(one) for one in answering]
        else:
            known = dict(understood().facts if facts is None else facts)
            who = who or understood().about or say("who_elder")
            if tells_of_somebody(known) and question.wants_everything:
                return self._everything(known, city, who, answer)
            person = assessed(known, city, self._book, today)
            answer.grounds = [person] if person else []
            answer.text, answer.gap = self._told(query, question, answering[city].hits[0].passage, person, who)
        return answer

    def rules_about(self, query: str, city: str) -> list[Rule]:
        """The entitlements of a person that the query names and the city's documents hold."""
        question, said = read_question(query), normal(query)
        rules = self._book.personal(city)
        whole = [rule for rule in rules if _BRACKETS.sub("", rule.name) in said]
        if whole:
            longest = max(len(_BRACKETS.sub("", rule.name)) for rule in whole)
            return [rule for rule in whole if len(_BRACKETS.sub("", rule.name)) == longest]
        asked = [thesaurus().subjects[name] for name in question.asked]
        return [rule for rule in rules if any(subject.stands_in(rule.name) for subject in asked)]

    # -- where and whether

    def _city_named(self, query: str, understood: Understood) -> str | None:
        named = [understood.facts.get(name) for name in ("hukou", "residence")]
        stated = next((str(one) for one in named if one in self._book.packs), None)
        places = [str(place.meaning[1]) for place in self._language.places.find(normal(query))]
        return stated or next(iter(places), None)

    def _elsewhere(self, query: str, city: str | None) -> str | None:
        """The name of another place than the city's that the question is about; None where it is about no other."""
        text = normal(query)
        places = list(self._language.places.find(text))
        own = city or next((str(place.meaning[1]) for place in places if place.meaning[1] != OTHER_CITY), None)
        if any(place.meaning[1] == own for place in places) or _HERE.search(text):
            return None
        others = (place for place in places if place.meaning[1] != own and _ELSEWHERE.match(text[place.end:]))
        return next((text[place.start:place.end] for place in others), None)

    @staticmethod
    def _danger(question: Question, found: Mapping[str, Found]) -> str | None:
        """What to do now, where the question tells of danger or fraud."""
        remark = remark_in(question.text)
        if remark is None or not remark.danger:
            remark = remark_on(question.asked) if any(result.answered for result in found.values()) else None
        return remark.text if remark else None

    # -- what is told

    def _told(
        self, query: str, question: Question, passage: Passage, person: Assessment | None, who: str,
    ) -> tuple[str, Gap | None]:
        """The answer from a passage, after what is not written in it, and the gap that this is; reckoned for a known person."""
        today, city = self._today or date.today(), passage.document.city
        rules, lead = self._rules_at(question, passage), offices(passage)
        lines, gap = [], None
        if question.particulars:
            particulars = "、".join(question.particulars)
            gap = Gap(f"{passage.title}：{particulars}", query, city)
            lines.append(say("unwritten", particulars=particulars))
            lines += [say("lead_first", departments=lead)] if lead else []
        sums = reckoned(person, rules, who) if rules and person else []
        lines += sums or [quoted(question, passage)]
        if lead and not question.particulars:
            lines.append(say("lead", departments=lead))
        lines += age_of(passage.document, today)
        if rules and not sums:
            lines.append(say("offer"))
        return "\n".join(lines), gap

    def _everything(self, facts: dict[str, Any], city: str, who: str, answer: Answer) -> Answer:
        """The whole result for the person, where all that she can have is asked."""
        supposed = {} if {"hukou", "residence"} & set(facts) else {"hukou": city}
        try:
            assessment = assess({**supposed, **facts}, self._book, self._today or date.today())
        except FactError as error:
            answer.text = say("contradiction", message=error.message)
            return answer
        answer.text, answer.grounds = summary(assessment, who), [assessment]
        answer.benefits = [result.rule.id for result in assessment.results if result.status == ELIGIBLE]
        return answer

    def _rules_at(self, question: Question, passage: Passage) -> list[Rule]:
        """The entitlements of a person that the passage holds; of several those whose sentence is about what was asked."""
        place = (passage.document.id, passage.piece.section)
        rules = [
            rule for rule in self._book.rules()
            if (rule.document.id, rule.entry.section) == place and rule.audience == "person"
        ]
        about = [
            rule for rule in rules
            if any(subject.stands_in(f"{rule.name} {rule.entry.quote}") for subject in question.matters())
        ]
        return about or rules

    def _benefits(self, hits: Mapping[str, Sequence[Hit]]) -> list[str]:
        """The entitlements that stand at the places found."""
        about = [hit for found in hits.values() for hit in answering(found)]
        places = [(hit.passage.document.id, hit.passage.piece.section) for hit in about]
        return [
            rule.id for place in dict.fromkeys(places) for rule in self._book.rules()
            if (rule.document.id, rule.entry.section) == place
        ]

    # -- what is not answered

    def _refused_elsewhere(self, place: str | None, city: str | None) -> Answer:
        cities = "、".join(self._book.vocabulary.cities.values())
        if place and city in self._book.packs:
            named = self._book.vocabulary.city_name(str(city))
            return Answer(False, say("elsewhere", place=place, city=named, cities=cities), city)
        return Answer(False, say("other_city", cities=cities), city)

    def _refused(self, query: str, question: Question, city: str | None, found: Mapping[str, Found]) -> Answer:
        """Says that the documents do not answer, what they do not hold, and who knows."""
        absent = [name for result in found.values() for name in result.absent]
        if question.outside:
            topic = max(question.outside, key=lambda name: question.outside[name])
            text = say("outside", topic=topic, contact=thesaurus().outside[topic].contact)
        elif absent:
            where = self._book.vocabulary.city_name(city) if city else say("these_cities")
            text, topic = say("absent", city=where, topic=absent[0]), absent[0]
        else:
            nearest = {one: result.hits for one, result in found.items()}
            return Answer(False, say("no_document"), city, nearest, gap=Gap(say("gap_unknown"), query, city))
        return Answer(False, text, city, gap=Gap(topic, query, city))


def answering(hits: Sequence[Hit]) -> list[Hit]:
    """Of the hits in a city those that are about what was asked as much as the first."""
    return [hit for hit in hits if hit.score >= KINDRED_SCORE * hits[0].score]


def _hit(hit: Hit) -> dict[str, Any]:
    document, piece = hit.passage.document, hit.passage.piece
    return {
        "doc": document.id, "number": document.number, "title": hit.passage.title, "section": piece.section,
        "text": piece.text, "status": document.status, "score": hit.score, "city": document.city,
    }
