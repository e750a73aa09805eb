"""Repair: words written as they sound (低包户, 残济证, 本细) or with one wrong character (特因户), turned into the words meant.

Nothing is repaired inside a word that is understood as it stands, and never into a short everyday word: a repair that is
wrong puts words into somebody's mouth.
"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise

MOST_CHARACTERS = 10
"""The longest word that is looked for."""

LONG_WORD = 5
"""A word so long with one wrong character is meant, whatever part of it looks like another word (养劳保险)."""

TERM = 4
"""So long a term may be right in part of it and wrong in one character (肢休残疾)."""

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@cache
def _readings() -> dict[int, str]:
    # Loaded at the first repair: the table is large, and most of the program does without. Its phrases, which are far
    # larger, nobody needs here.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    table: dict[int, str] = pinyin_dict
    return table


@cache
def sound(character: str) -> str:
    """The syllable of a character without its tone, with what dictation confuses made one (zh z, ch c, sh s, ng n)."""
    reading = _readings().get(ord(character), character).split(",")[0]
    plain = "".join(c for c in unicodedata.normalize("NFD", reading) if not unicodedata.combining(c))
    for retroflex, flat in _MERGED:
        if plain.startswith(retroflex):
            plain = flat + plain.removeprefix(retroflex)
    return plain.removesuffix("g") if plain.endswith("ng") else plain


def _covered(length: int, spans: Iterable[tuple[int, int]]) -> list[bool]:
    """Of each place whether it lies in one of the spans."""
    covered = [False] * length
    for start, end in spans:
        covered[start:end] = [True] * len(covered[start:end])
    return covered


@dataclass(frozen=True)
class _Sounds:
    """Words by their sounds.

    Attributes:
        words: by all their sounds; but_one: by all but one of them, and the place of that one.
        heads: of two sounds the lengths of the words that begin with them; tails: that end with them.
        ends: the first and the last sound of words of three characters.
    """

    words: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))
    but_one: dict[tuple[tuple[str, ...], int, tuple[str, ...]], str] = field(default_factory=dict)
    heads: dict[tuple[str, ...], set[int]] = field(default_factory=lambda: defaultdict(set))
    tails: dict[tuple[str, ...], set[int]] = field(default_factory=lambda: defaultdict(set))
    ends: set[tuple[str, str]] = field(default_factory=set)

    def add(self, word: str, but_one: bool) -> None:
        """Takes in a word that may be written with other characters; with ``but_one``, with one that sounds otherwise, too."""
        said = tuple(map(sound, word))
        self.words[said].append(word)
        for i in range(1, len(word)) if but_one else ():
            self.but_one.setdefault((said[:i], len(word), said[i + 1:]), word)

    def add_ends(self, word: str) -> None:
        """Takes in where a word may begin and end."""
        said = tuple(map(sound, word))
        if len(said) > 1:
            self.heads[said[:2]].add(len(said))
            self.tails[said[-2:]].add(len(said))
        if len(said) == 3:
            self.ends.add((said[0], said[2]))


class Repair:
    """Finds words by their sound, and terms by all but one of their characters.

    Args:
        words: what can be meant.
        terms: those of them that are terms of the matter: two characters suffice.
        short: those of the terms of which one character in three may be wrong in sound too.
        common: everyday characters; a term is not read into one of them.
    """

    def __init__(self, words: Iterable[str], terms: Collection[str], short: Iterable[str], common: str) -> None:
        self._common = frozenset(common)
        self._words = [
            word for word in dict.fromkeys(words) if len(word) <= MOST_CHARACTERS and (len(word) > 2 or word in terms)
        ]
        self._short = frozenset(short)
        holed = [term for term in self._short if 2 < len(term) <= MOST_CHARACTERS]
        self._by_hole: dict[tuple[str, int, str], str] = {}
        self._by_letters = {"".join(sorted(term)): term for term in holed if len(term) > 2}
        self._letters = frozenset("".join(self._by_letters))
        self._holed = holed
        self._swapped = sorted({len(term) for term in holed})
        for term in holed:
            for i in range(len(term)):
                self._by_hole.setdefault((term[:i], len(term), term[i + 1:]), term)

    def repaired(self, text: str, understood: Collection[tuple[int, int]], parts: Collection[tuple[int, int]] = ()) -> str:
        """The text with every misspelt word put right; its length stays.

        Args:
            text: a clause.
            understood: what is understood as it stands; no word that is put right reaches into it.
            parts: what may be the right part of a misspelt word (残疾 in 支体残疾): it stays as it is.
        """
        closed = _covered(len(text), understood)
        free = [not covered for covered in _covered(len(text), (*understood, *parts))]
        if not any(free):
            return text
        candidates = sorted(
            self._candidates(text, closed, free), key=lambda found: (found[0], found[2] not in self._short, -len(found[2])),
        )
        result, changed = list(text), [False] * len(text)
        for _, start, word in candidates:
            end = start + len(word)
            if not any(closed[start:end]) or (word in self._short and not any(changed[start:end])):
                changed[start:end] = [True] * len(word)
                result[start:end] = word
                closed[start:end] = [True] * len(word)
        return "".join(result)

    def _candidates(self, text: str, closed: list[bool], free: list[bool]) -> Iterator[tuple[int, int, str]]:
        """The words that may be meant: how many characters are wrong, where it starts, and the word."""
        sounds = [sound(character) for character in text]
        for length, start in sorted(self._windows(text, sounds)):
            end = start + length
            if start < 0 or end > len(text) or not any(free[start:end]):
                continue
            word = self._meant(text[start:end], tuple(sounds[start:end]), alone=all(free[start:end]))
            wrong = [start + i for i in range(length) if word and word[i] != text[start + i]]
            long = length >= LONG_WORD and len(wrong) == 1
            if word is None or (any(closed[start:end]) and word not in self._short) or any(closed[i] for i in wrong):
                continue
            if long or all(free[i] for i in wrong):
                yield len(wrong), start, word

    def _windows(self, text: str, sounds: list[str]) -> set[tuple[int, int]]:
        """Where a word may be meant: its length and where it starts, which may lie outside the text.

        Of a word with one wrong character two that stand together at its head or at its tail are right, or, of three, the first
        and the last; of one whose characters changed places each is some term's.
        """
        known, windows = self._sounds, set()
        for at, pair in enumerate(pairwise(sounds)):
            windows.update([(length, at) for length in known.heads.get(pair, ())])
            windows.update([(length, at + 2 - length) for length in known.tails.get(pair, ())])
        windows.update([(3, at) for at, ends in enumerate(zip(sounds, sounds[2:], strict=False)) if ends in known.ends])
        run = 0
        for at, character in enumerate(text):
            run = run + 1 if character in self._letters else 0
            windows.update([(length, at + 1 - length) for length in self._swapped if length <= run])
        return windows

    def _meant(self, window: str, sounds: tuple[str, ...], alone: bool) -> str | None:
        for word in self._sounds.words.get(sounds, ()):
            wrong = [said for said, meant in zip(window, word, strict=True) if said != meant]
            few = len(wrong) <= max(len(word) // 2, 1) or (word in self._short and len(word) > 2)
            sure = (len(word) > 2 or (wrong[:1] and wrong[0] not in self._common)) and window[-1] != "是"  # 鞍山是 is no 鞍山市
            if 0 < len(wrong) < len(word) and few and sure:
                return word
        if len(window) >= LONG_WORD and alone:
            for i in range(1, len(window)):
                term = self._sounds.but_one.get((sounds[:i], len(window), sounds[i + 1:]))
                if term and term != window and window[i] not in self._common:
                    return term  # 家廷养老床立
        swapped = self._by_letters.get("".join(sorted(window))) if alone and len(window) > 2 else None
        if swapped and swapped != window:
            return swapped  # 床型位
        if len(window) > 2 and (alone or len(window) >= TERM):
            for i, character in enumerate(window):
                term = self._by_hole.get((window[:i], len(window), window[i + 1:]))
                sure = alone and len(window) > 3
                inside = (alone and len(window) <= TERM) or 0 < i < len(window) - 1
                if term and inside and (sure or character not in self._common) and term[i] != character:
                    return term
        return None

    @cached_property
    def _sounds(self) -> _Sounds:
        known = _Sounds()  # made when it is first wanted: the sound of every word takes a while
        for word in self._words:
            known.add(word, but_one=len(word) >= LONG_WORD and word in self._short)
        for word in (*self._words, *self._holed):
            known.add_ends(word)
        return known

