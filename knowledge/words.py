"""Words: how a text becomes tokens. jieba with the domain's own terms, and characters beside it.

jieba's general dictionary is not loaded: on these texts single and paired characters find more than its words do, and it
takes most of a second to read. What is asked of jieba is the domain's terms, whole.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from operator import add
from types import ModuleType
from typing import Any

from knowledge.thesaurus import thesaurus

_TEXT = re.compile(r"[0-9]+|[a-zA-Z]+|[\u4e00-\u9fff]+")
_FREQUENT = 1000


def _import_jieba() -> Any:
    # jieba looks for pkg_resources, which takes a tenth of a second to load and warns; it does well without.
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    had = "pkg_resources" in modules
    modules.setdefault("pkg_resources", None)
    try:
        import jieba

        return jieba
    finally:
        if not had:
            del modules["pkg_resources"]


@cache
def _tokenizer() -> Any:
    tokenizer = _import_jieba().Tokenizer()
    tokenizer.total, tokenizer.initialized = 1, True
    for subject in thesaurus().subjects.values():
        for term in subject.terms:
            tokenizer.add_word(term, _FREQUENT)
    return tokenizer


def terms_in(text: str) -> list[str]:
    """The domain's terms in the text, in order."""
    return [word for word in _tokenizer().cut(text, HMM=False) if len(word) > 1 and not word.isascii()]


def tokens(text: str) -> Iterator[str]:
    """The tokens of a question: numbers, Latin words, characters, pairs of characters, and the domain's terms as jieba cuts."""
    yield from characters(text)
    yield from (term for term in terms_in(text) if len(term) > 2)


def occurrences(token: str, text: str) -> int:
    """How often a token stands in a text; a number or a Latin word only as a whole (80 is not in 1980)."""
    return len(re.findall(rf"(?<![0-9a-z]){token}(?![0-9a-z])", text)) if token.isascii() else text.count(token)


def characters(text: str) -> Iterator[str]:
    """Numbers, Latin words, characters and pairs of characters."""
    for match in _TEXT.finditer(text):
        run = match.group().lower()
        if run.isascii():
            yield run
            continue
        yield from run
        yield from map(add, run, run[1:])
