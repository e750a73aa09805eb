"""Spoken forms: patterns and the phrases that they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.facts import FACTS_FILE, Vocabulary
from knowledge.data import DataError
from knowledge.phrases import WIDEST_GAP, Pattern, Phrases, checked, spoken

words = st.text(alphabet="甲乙丙丁", min_size=1, max_size=3)
choices = st.lists(st.one_of(words, st.just("")), min_size=1, max_size=3)


def test_alternatives_and_what_may_be_left_out() -> None:
    phrases = set(spoken(["(起|下)不(来|了)床", "(都|)不能动"]))
    assert phrases == {"起不来床", "起不了床", "下不来床", "下不了床", "都不能动", "不能动"}


@pytest.mark.parametrize("pattern", ["(起|下不来床", "起|下", "((起|下)|坐)", "", "…炕上", "(都|)…炕上"])
def test_a_pattern_that_cannot_be_read(pattern: str) -> None:
    with pytest.raises(ValueError, match="“"):
        checked(pattern)


def test_a_gap_holds_a_few_characters_and_no_denial() -> None:
    phrases = Phrases(["医保…交着"])
    assert "医保交着" in phrases
    assert f"医保{'也' * WIDEST_GAP}交着" in phrases
    assert f"医保{'也' * (WIDEST_GAP + 1)}交着" not in phrases
    assert "医保没交着" not in phrases


def test_a_slip_in_the_vocabulary_is_told_with_its_line(tmp_path: Path) -> None:
    lines = FACTS_FILE.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if '"(' in line)
    lines[at] = lines[at].replace('"(', '"((', 1)
    file = tmp_path / "facts.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match="括号没有配对") as wrong:
        Vocabulary({"anshan": "鞍山市"}, file)
    assert wrong.value.line == at + 1


@given(words, st.lists(choices, min_size=1, max_size=3))
def test_a_pattern_matches_just_its_phrases(head: str, parts: list[list[str]]) -> None:
    pattern = head + "".join(f"({'|'.join(part)})" for part in parts)
    phrases = set(Pattern(pattern).phrases())
    matcher = Phrases([pattern])
    assert all(phrase in matcher for phrase in phrases)
    assert all((phrase + "戊") not in matcher for phrase in phrases)
