"""Scanning: what a clause names, its misspelt words put right, and where it falls into pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.understanding.language import Language
from bot.understanding.statements import all_denied
from bot.understanding.subjects import Subjects
from knowledge.lexicon import Found

SHORTEST_PIECE = 2
"""A piece of a clause has at least so many characters."""

_PEOPLE = re.compile("的?(?:人|老人|老年人|老头|老太太|人家|家庭)?$")

_ATTRIBUTE = re.compile("(?:现在|如今|眼下|目前)(?:住的|待的|的)")
_GOVERNS = re.compile(
    r"(?:说|讲|告诉|以为|知道|要是|如果|假如|假设|是|的|不|没|听|看|等|让|叫|问|查|咨询|打听|光|代|把|向|管|替|给|跟|和|比|个|俩|仨|瞅|瞧|打|从|养|养活|赡养|照顾|伺候|供养|照料"
    r"|(?:是|算)一?个[^，。]{0,3}|(?:再过|还差|差|再有|下个?月|明年|过|虚岁|周岁).{0,4})$"
)
"""After these a person is what is spoken of, and does not begin anew."""


class Scanner:
    """Looks at clauses; what was found in one is kept, since it is looked at whole and in pieces."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._named: dict[str, list[Found]] = {}

    def phrases(self, text: str) -> list[Found]:
        """What facts the text names."""
        if text not in self._named:
            self._named[text] = self.free(self._unmerged(text), text)
        return self._named[text]

    def _unmerged(self, text: str) -> Iterator[Found]:
        """The phrases of the text; one that runs into the next word (低保边缘户 in 低保边缘户口) is looked for without it."""
        nexts = list(self._language.innocent.find(text))
        every = list(self._language.phrases.find_each(text))
        for phrase in every:
            if any(phrase.start < other.start < phrase.end < other.end and text[other.start] in "没无" for other in every):
                continue  # 医保也没有 in 没医保也没有养老保险
            cut = next((word.start for word in nexts if phrase.start < word.start < phrase.end < word.end), None)
            start = phrase.start
            yield next((
                Found(start, start + shorter.end, shorter.meaning, shorter.inner)
                for shorter in (self._language.phrases.find_each(text[start:cut]) if cut else ())
                if shorter.start == 0 and shorter.meaning == phrase.meaning
            ), phrase)

    def free(self, words: Iterable[Found], text: str) -> list[Found]:
        """The words but for those that are part of another word (城镇 in 城镇职工, 养老 in 养老院)."""
        others = list(self._language.innocent.find(text))
        places = list(self._language.places.find(text))
        return [
            word for word in words
            if not any(place.start < word.start < place.end and text[word.start] not in "区县" for place in places)
            and all(o.end <= word.start or word.end <= o.start or (word.start <= o.start and o.end <= word.end) for o in others)
        ]

    def repaired(self, clause: str) -> str:
        """The clause with its misspelt words put right."""
        language = self._language
        phrases = [phrase for phrase in self.phrases(clause) if not phrase.inner]  # a misspelt word may stand in a gap
        within = [found for phrase in self.phrases(clause) if phrase.inner for found in self._within(clause, phrase)]
        understood = [*language.places.listed(clause), *language.people.find(clause), *phrases, *within]
        parts = [*language.innocent.find(clause), *language.topics.nouns.find(clause)]
        return language.repair.repaired(
            clause, [(found.start, found.end) for found in understood], [(found.start, found.end) for found in parts],
        )

    def _within(self, clause: str, phrase: Found) -> Iterator[Found]:
        """What stands, understood, within a phrase that leaves a gap (啥低保五保都不是)."""
        for found in self.phrases(clause[phrase.start + 1:phrase.end]):
            if not found.inner:
                yield Found(found.start + phrase.start + 1, found.end + phrase.start + 1, found.meaning)

    def names_only(self, told: str) -> bool:
        """Whether the words are a sort of people, and nothing is said (失能的人)."""
        bare = _PEOPLE.sub("", told)
        return any((phrase.start, phrase.end) == (0, len(bare)) for phrase in self.phrases(bare)) if bare else False

    def cuts(self, clause: str) -> Iterator[int]:
        """Where a new piece of the clause begins: at each person, and where a new thought does."""
        phrases = self.phrases(clause)
        named = Subjects(self._language).people(clause, phrases)
        ends = {person.end for person in named}
        people = [person.start for person in named if person.start not in ends]
        denial, household = all_denied(clause), self._language.people.household(clause)
        every = (found.start() for found in self._language.turns.finditer(clause))
        turns = [start for start in every if not _ATTRIBUTE.match(clause, start)]
        for cut in sorted({*people, *turns}):
            spans = [(phrase.start, phrase.end) for phrase in phrases]
            spans += [denial] if denial else []
            spans += [household.span()] if household else []
            inside = any(start < cut < end for start, end in spans)
            whole = cut in turns and phrases[:1] and (phrases[0].start, phrases[0].end) == (0, cut)
            if whole and self._language.polarity.asks(clause[cut:]):
                continue  # 五保户现在能领多少钱
            governed = cut not in turns and _GOVERNS.search(clause[:cut])
            if cut >= SHORTEST_PIECE and not inside and not governed:
                yield cut
