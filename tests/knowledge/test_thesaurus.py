"""The thesaurus: what a question is about; and the look-up's promises beside it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalogue import catalogue
from knowledge.data import DataError
from knowledge.lookup import look_up
from knowledge.passages import passages
from knowledge.questions import asking, read_question
from knowledge.sayings import Sayings
from knowledge.thesaurus import THESAURUS_FILE, read_thesaurus, thesaurus

CITIES = sorted({document.city for document in catalogue().values()})


def test_parts_of_a_saying_stand_in_one_sentence_or_the_next_in_any_order() -> None:
    sayings = Sayings({"bus": ("(公交|地铁) + {free}",)}, {"free": ("免费", "不要钱")})
    assert sayings.named("公交免费吗") == sayings.named("免费坐公交") == {"bus": 3}
    assert sayings.named("坐公交。想问免费不") == {"bus": 2}
    assert sayings.named("坐公交。今天下雨。想问免费不") == {}
    assert sayings.named("公交") == {}


def test_what_is_not_done_is_not_said_together() -> None:
    sayings = Sayings({"home": ("(五保)…(敬老院)",)}, {})
    assert sayings.named("五保进敬老院")
    assert not sayings.named("五保没进敬老院")


@pytest.mark.parametrize(("wrong", "right"), [
    ("高林津贴", "高龄津贴"), ("护理型位床", "护理型床位"), ("流郎乞讨", "流浪乞讨"), ("家庭照沪床位", "家庭照护床位"),
])
def test_misspelt_terms_are_put_right(wrong: str, right: str) -> None:
    assert right in thesaurus().repaired(f"{wrong}怎么申请")


@pytest.mark.parametrize("text", ["坐公交花钱不", "自来水费在手机上咋交", "这项补贴发没发过", "鞍山老年人多大岁数坐车免费"])
def test_what_is_written_right_stays(text: str) -> None:
    assert thesaurus().repaired(text) == text


def test_a_story_is_told_apart_from_what_it_asks() -> None:
    assert asking("年初下雪摔了。家里没钱。请问保险该找谁？") == ["请问保险该找谁"]
    assert asking("年初下雪摔了。墓地补助") == ["墓地补助"]


def test_every_subject_is_found_in_some_document() -> None:
    texts = [f"{passage.title}\n{passage.piece.text}" for passage in passages()]
    nowhere = [name for name, subject in thesaurus().subjects.items() if not any(map(subject.stands_in, texts))]
    assert nowhere == []


def test_a_term_within_a_longer_one_does_not_count() -> None:
    subject = thesaurus().subjects["养老服务补贴"]
    assert subject.stands_in("发放养老服务补贴")
    assert not subject.stands_in("居家养老服务补贴范围")


@pytest.mark.parametrize(("line", "telling"), [
    ("says: [\"(公交|坐车\"]", "括号没有配对"),
    ("syas: [公交]", "不认识“syas”"),
    ("says: [\"公交 + {没有}\"]", "不在 classes 里"),
])
def test_a_slip_in_the_thesaurus_is_told_to_the_clerk(tmp_path: Path, line: str, telling: str) -> None:
    text = THESAURUS_FILE.read_text(encoding="utf-8")
    file = tmp_path / "thesaurus.yaml"
    file.write_text(text.replace("subjects:\n", f"subjects:\n  试一试:\n    terms: [试]\n    {line}\n", 1), encoding="utf-8")
    with pytest.raises(DataError, match=telling):
        read_thesaurus(file)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(CITIES), st.integers(1, 10))
def test_a_search_stays_in_its_city_and_ranks(query: str, city: str, top: int) -> None:
    found = look_up(read_question(query), city, top)
    assert len(found.hits) <= top
    assert all(hit.passage.document.city == city for hit in found.hits)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert found.hits or not found.answered


@given(st.text(max_size=40), st.text(max_size=200))
def test_marks_lie_in_the_text_in_order_and_apart(query: str, text: str) -> None:
    found = read_question(query).marks(text)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(first[1] < second[0] for first, second in pairwise(found))


def test_a_new_citys_document_is_searched_as_data_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import knowledge.catalogue
    import knowledge.index
    import knowledge.passages

    (tmp_path / "x.txt").write_text(
        "一、补贴\n1.高龄津贴。80周岁以上老年人每人每月300元。\n2.公交。65周岁以上老年人免费乘坐公共汽车。\n", encoding="utf-8",
    )
    (tmp_path / "catalogue.yaml").write_text(
        "x: {number: 沈字1号, title: 试, issuer: 沈, city: shenyang, status: in_force, date: 2026}\n", encoding="utf-8",
    )
    documents = knowledge.catalogue.catalogue(tmp_path)
    monkeypatch.setattr(knowledge.passages, "catalogue", lambda: documents)
    found = look_up(read_question("老头坐公交花钱不"), "shenyang")
    knowledge.index.index.cache_clear()
    knowledge.passages.passages_of.cache_clear()
    assert found.answered
    assert "65周岁以上老年人免费乘坐公共汽车" in found.hits[0].passage.piece.text
