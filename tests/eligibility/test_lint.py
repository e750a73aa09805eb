"""What ships has no fault, and every fault seeded into it is found: in its file, on its line, in plain words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from eligibility.facts import FACTS_FILE
from eligibility.lint import lint
from eligibility.lint.vocabulary import unfit_labels
from eligibility.rulebook import RULES, TERMS_FILE
from knowledge.catalogue import DOCUMENTS

FILES = sorted(RULES.glob("*.yaml"))


@dataclass(frozen=True)
class Seed:
    """One change of one entitlement, and what lint has to say of it: words on the line at fault, part of the message.

    ``old`` becomes ``new`` where it first stands in the entitlement; the words are looked for there after the change.
    """

    id: str
    old: str
    new: str
    faults: tuple[tuple[str, str], ...]


def seed(id: str, old: str, new: str, *faults: tuple[str, str]) -> Seed:
    return Seed(id, old, new, faults)


def entitlement(text: str, name: str) -> tuple[int, int]:
    """Where the entitlement begins and ends in the text of a rule file."""
    start = text.index(f"  - id: {name}\n")
    end = text.find("\n  - id: ", start)
    return start, end + 1 if end >= 0 else len(text)


def copies(folder: Path) -> dict[str, Path]:
    """The rule files that ship, copied."""
    return {file.stem: Path(shutil.copy(file, folder)) for file in FILES}


def plant(file: Path, one: Seed) -> list[tuple[int, str]]:
    """Makes the change; returns the line and the telling words of each fault, by line."""
    text = file.read_text(encoding="utf-8")
    start, end = entitlement(text, one.id)
    assert one.old in text[start:end]
    changed = text[start:end].replace(one.old, one.new, 1)
    file.write_text(text[:start] + changed + text[end:], encoding="utf-8")
    first = text[:start].count("\n") + 1
    return sorted((first + changed[: changed.index(words)].count("\n"), telling) for words, telling in one.faults)


def edited(file: Path, edit: Callable[[str], str]) -> Path:
    text = file.read_text(encoding="utf-8")
    assert edit(text) != text
    file.write_text(edit(text), encoding="utf-8")
    return file


def line(file: Path, words: str) -> int:
    """The line on which the words first stand."""
    text = file.read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1


NUMBERS = {
    "wrong amount": seed(
        "anshan.longevity_allowance", "value: 200", "value: 210",
        ("value: 210", "金额 210 元在引文里找不到"),
        ("quote", "引文里的 200 元，规则没有用到"),
    ),
    "amount that stands there only as an age": seed(
        "anshan.longevity_allowance", "value: 500", "value: 90",
        ("value: 90", "金额 90 元在引文里找不到"),
        ("quote", "引文里的 500 元，规则没有用到"),
    ),
    "amount of a part": seed(
        "benxi.tekun_centralized", "value: 1020", "value: 1200",
        ("value: 1200", "金额 1200 元在引文里找不到"),
        ("（二）集中供养照料护理标准", "引文里的 1020 元"),
    ),
    "amount missing": seed(
        "anshan.old_age_allowance", "    amount: {value: 50, per: month}\n", "",
        ("quote", "引文里的 50 元，规则没有用到"),
    ),
    "wrong percent": seed(
        "shuangyashan.dibao_topup", "percent: 15", "percent: 20",
        ("percent: 20", "比例 20% 在引文里找不到"),
        ("quote", "引文里的 15 %，规则没有用到"),
    ),
    "wrong lower age": seed(
        "anshan.elder_service_subsidy", "age: 60-79", "age: 65-79",
        ("age: 65-79", "从 65 岁起在引文里找不到"),
        ("quote", "引文里的 60 岁，条件没有用到"),
    ),
    "wrong upper age": seed(
        "anshan.old_age_allowance", "age: 80-89", "age: 80-88",
        ("age: 80-88", "到 88 岁为止在引文里找不到"),
    ),
    "age at which the text ends a group and begins none": seed(
        "anshan.elder_service_subsidy", "{age: 80+}", "{age: 79+}",
        ("{age: 79+}", "从 79 岁起在引文里找不到"),
    ),
    "age at which the text begins a group and ends none": seed(
        "anshan.elder_service_subsidy", "{age: 60-79", "{age: 60-80",
        ("{age: 60-80", "到 80 岁为止在引文里找不到"),
    ),
    "age that stands there only as an amount": seed(
        "benxi.elder_service_subsidy", "age: 80+", "age: 50+",
        ("age: 50+", "从 50 岁起在引文里找不到"),
        ("quote", "引文里的 80 岁，条件没有用到"),
    ),
    "age in a discretionary case": seed(
        "shuangyashan.old_age_allowance",
        "{age: 80-89, hardship: [tekun, low_income]}",
        "{age: 80-85, hardship: [tekun, low_income]}",
        ("age: 80-85", "到 85 岁为止在引文里找不到"),
        ("tiers:", "没有一档标准，比如："),
    ),
    "age left out": seed(
        "shuangyashan.health_management", "      - age: 65+\n", "",
        ("quote", "引文里的 65 岁，条件没有用到"),
    ),
    "reading of ours not declared": seed(
        "shuangyashan.pension", "    ours: [63]\n", "",
        ("age: 63+", "从 63 岁起在引文里找不到"),
    ),
    "reading of ours that is none": seed(
        "shuangyashan.home_medical_care", "    requires:", "    ours: [60]\n    requires:",
        ("ours", "ours 里的 60 用不着"),
    ),
    "month for year": seed(
        "shuangyashan.old_age_allowance", "per: year", "per: month",
        ("per: month", "引文里没有写“每月”"),
    ),
    "year for month": seed(
        "anshan.longevity_allowance", "per: month", "per: year",
        ("per: year", "引文里没有写“每年”"),
    ),
    "year for a monthly standard": seed(
        "shuangyashan.dibao_topup", "per: month", "per: year",
        ("per: year", "低保标准按月算"),
    ),
    "minimum dropped": seed(
        "shuangyashan.old_age_allowance", "      minimum: true\n", "",
        ("amount:", "引文写的是“不低于”"),
    ),
    "minimum invented": seed(
        "anshan.old_age_allowance", "per: month}", "per: month, minimum: true}",
        ("minimum", "引文里没有“不低于”"),
    ),
    "half for free": seed(
        "benxi.will_notary", "discount: free", "discount: half",
        ("discount: half", "没有写“减半”"),
        ("discount: half", "引文写了“免”，没有哪一档是 discount: free"),
    ),
    "free where the text says half": seed(
        "benxi.public_transport", "discount: half", "discount: free",
        ("amount:", "引文写了“半”，没有哪一档是 discount: half"),
    ),
    "free out of nothing": seed(
        "benxi.elder_adviser", "    requires:", "    amount: {discount: free}\n    requires:",
        ("amount", "没有写“免费”"),
    ),
    "amount of another age": seed(
        "anshan.longevity_allowance", "{when: {age: 90-99}, value: 200}", "{when: {age: 90-99}, value: 500}",
        ("value: 500", "500 元前面写的不是 90-99 岁"),
        ("quote", "引文里的 200 元"),
    ),
    "no rate": seed(
        "anshan.longevity_allowance", "{when: {age: 100+}, value: 500}", "{when: {age: 100+}}",
        ("{age: 100+}", "每一档要写 value、percent、discount 里的一个"),
    ),
}

QUOTES = {
    "one character altered": seed(
        "anshan.longevity_allowance", "发放定期生活补贴", "发放定期生活补助",
        ("quote", "“三（三）1”写的是“放定期生活补贴，标准为90”，这里写的是“放定期生活补助，标准为90”"),
    ),
    "one character lost": seed(
        "benxi.chronic_illness_custody", "不能自理的常年病", "不能自理常年病",
        ("quote", "“清单第13项”写的是“生活不能自理的常年病老年人”，这里写的是“生活不能自理常年病老年人”"),
    ),
    "one character added": seed(
        "shuangyashan.elder_service_subsidy", "提供养老服务补贴", "提供给养老服务补贴",
        ("quote", "写的是“的老年人提供养老服务补贴”，这里写的是“的老年人提供给养老服务补贴”"),
    ),
    "altered in a further quote": seed(
        "benxi.old_age_allowance", "（三）100周岁以上老年人200元", "（三）100周岁以下老年人200元",
        ("（三）100周岁以下", "周岁以上老年人"),
        ("{age: 100+}", "从 100 岁起在引文里找不到"),
    ),
    "not in the document": seed(
        "benxi.elder_adviser", "提供养老政策咨询、办事指南、服务推介等服务", "凭本证可以免费理发一次",
        ("quote", "在文件里找不到"),
    ),
    "empty": seed(
        "benxi.elder_adviser", "[全体老年人]", "['']",
        ("also", "引文是空的"),
    ),
    "cited at another section": seed(
        "anshan.family_planning_support", "section: 三（三）2", "section: 三（三）4",
        ("quote", "不在“三（三）4”，在“三（三）2”"),
        ("also", "不在“三（三）4”，在“三（三）2”"),
    ),
    "cited at a section that is not there": seed(
        "anshan.elder_adviser", "section: 一（五）", "section: 一（五十）",
        ("section", "文件里没有“一（五十）”这一处"),
        ("quote", "不在“一（五十）”，在“一（五）”"),
    ),
}

RATES = {
    "bands overlap": seed(
        "benxi.old_age_allowance", "{age: 90-99}", "{age: 80-99}",
        ("age: 80-99", "两档重叠，比如：户籍在本溪市、年龄80、特困"),
        ("age: 80-99", "100 元前面写的不是 80-99 岁"),
    ),
    "bands overlap in one year": seed(
        "benxi.public_transport", "{age: 60-69}", "{age: 60-70}",
        ("age: 70+", "两档重叠，比如：户籍在本溪市、年龄70"),
        ("{age: 60-70}", "到 70 岁为止在引文里找不到"),
    ),
    "a rate for everybody beside another": seed(
        "anshan.longevity_allowance", "- {when: {age: 100+}, value: 500}", "- {value: 500}",
        ("value: 500", "“所有人”和“年龄在90至99周岁”两档重叠"),
    ),
    "gap": seed(
        "shuangyashan.care_subsidy", "        - {when: {hardship: dibao_edge, ability: dependent}, value: 100}\n", "",
        ("tiers:", "没有一档标准，比如：户籍在双鸭山市、年龄60、低保边缘、失能（生活不能自理）"),
    ),
    "gap of one year": seed(
        "benxi.public_transport", "{age: 70+}", "{age: 71+}",
        ("tiers:", "没有一档标准，比如：户籍在本溪市、年龄70"),
        ("{age: 71+}", "从 71 岁起在引文里找不到"),
    ),
    "gap in one part": seed(
        "benxi.tekun_dispersed", "          - {when: {county: county, ability: partial}, value: 340}\n", "",
        (
            "照料护理:",
            "没有一档标准，比如：户籍在本溪市、年龄60、特困、分散供养、半失能（部分失能、半自理）、不住养老机构、县",
        ),
        ("（二）分散供养照料护理标准", "引文里的 340 元"),
    ),
    "gap for the eligible, whatever is unrated": seed(
        "shuangyashan.old_age_allowance", "hardship: [dibao, dibao_edge]", "hardship: dibao",
        ("tiers:", "没有一档标准，比如：户籍在双鸭山市、年龄80、低保边缘"),
    ),
    "gap not declared": seed(
        "shuangyashan.old_age_allowance", "      unrated: 文件没有写80—89周岁特困、低收入老年人的标准。\n", "",
        ("tiers:", "没有一档标准，比如：户籍在双鸭山市、年龄80、特困"),
    ),
    "gap declared where there is none": seed(
        "anshan.longevity_allowance", "per: month", "per: month\n      unrated: 有人没有标准。",
        ("unrated", "unrated 用不着"),
    ),
    "rate for nobody": seed(
        "anshan.longevity_allowance", "- age: 90+", "- age: 100+",
        ("{age: 90-99}", "没有人能领到“年龄在90至99周岁”这一档"),
    ),
    "rate for nobody who can be": seed(
        "benxi.tekun_centralized",
        "- {when: {area: urban}, value: 1107}",
        "- {when: {area: urban}, value: 1107}\n          - {when: {hardship: dibao}, value: 952}",
        ("hardship: dibao", "没有人能领到“低保”这一档"),
    ),
}

CONDITIONS = {
    "useless": seed(
        "anshan.longevity_allowance", "- age: 90+", "- age: 90+\n      - 老年人",
        ("- 老年人", "“年满60周岁”是多余的"),
    ),
    "useless because a fact brings it along": seed(
        "benxi.tekun_centralized", "- 集中供养的特困", "- 集中供养的特困\n      - 特困",
        ("- 特困", "“特困”是多余的"),
    ),
    "contradictory": seed(
        "anshan.elder_adviser", "- 在家居住", "- 在家居住\n      - care_home: true",
        ("requires", "不可能同时满足"),
    ),
    "contradictory because of what a fact needs": seed(
        "shuangyashan.tekun_centralized", "- 集中供养的特困", "- 集中供养的特困\n      - 低保",
        ("requires", "不可能同时满足"),
    ),
    "discretionary for nobody": seed(
        "shuangyashan.disability_care_subsidy", "when: {disability_grade: 3-4}", "when: {disability_grade: 0}",
        ("when: {disability_grade: 0}", "没有人属于这种情况"),
    ),
    "caveat for nobody": seed(
        "benxi.home_adaptation", "when: {age: 60-79, ability:", "when: {care_home: true, ability:",
        ("when: {care_home", "没有人属于这种情况"),
    ),
    "no city": seed(
        "anshan.elder_adviser", "      - 本市户籍或居住\n", "",
        ("requires", "条件里没有写户籍或居住地在鞍山市"),
    ),
    "another city": seed(
        "anshan.elder_adviser", "- 本市户籍或居住", "- hukou: other",
        ("requires", "条件里没有写户籍或居住地在鞍山市"),
    ),
    "the city in one case only": seed(
        "anshan.elder_adviser", "- 本市户籍或居住", "- any: [本市户籍, 特困]",
        ("requires", "条件里没有写户籍或居住地在鞍山市"),
    ),
    "id of another city": seed(
        "anshan.visits", "anshan.visits", "benxi.visits",
        ("id", "编号要以“anshan.”开头"),
    ),
}

UNREADABLE = {
    "unknown fact": seed(
        "anshan.home_care_subsidy", "area: urban", "aera: urban",
        ("aera", "没有“aera”这个事实"),
    ),
    "unknown term": seed(
        "benxi.care_subsidy", "- 经济困难", "- 经济困惑",
        ("- 经济困惑", "词语表里没有“经济困惑”"),
    ),
    "unknown value": seed(
        "shuangyashan.old_age_allowance", "hardship: none", "hardship: nono",
        ("hardship: nono", "“hardship”没有“nono”这个值"),
    ),
    "unknown city": seed(
        "benxi.visits", "- 居住在本市", "- residence: beijing",
        ("beijing", "没有“beijing”这个值"),
    ),
    "unknown kind": seed(
        "benxi.visits", "kind: service", "kind: servise",
        ("kind", "'servise' 不对"),
    ),
    "typo in a key": seed(
        "benxi.home_bed", "    caveats:", "    cavaets:",
        ("cavaets", "不认识“cavaets”这一项"),
    ),
    "typo in a key of the amount": seed(
        "anshan.old_age_allowance", "per: month", "pre: month",
        ("pre", "不认识“pre”这一项"),
    ),
    "unknown document": seed(
        "anshan.visits", "doc: anshan-2021-2", "doc: anshan-2021-3",
        ("doc", "文件目录里没有“anshan-2021-3”"),
    ),
    "duplicate id": seed(
        "benxi.visits", "benxi.visits", "benxi.dibao",
        ("id", "这个编号用了两次"),
    ),
    "key written twice": seed(
        "benxi.visits", "    kind: service", "    kind: service\n    name: 探访",
        ("name: 探访\n", "“name”写了两次"),
    ),
    "YAML": seed(
        "shuangyashan.visits", "also: [特殊困难老年人]", "also: [特殊困难老年人",
        ("requires", "YAML 格式不对"),
    ),
}

SEEDS = {
    f"{group}: {name}": one
    for group, seeds in {
        "numbers": NUMBERS, "quotes": QUOTES, "rates": RATES, "conditions": CONDITIONS, "unreadable": UNREADABLE,
    }.items()
    for name, one in seeds.items()
}


def test_what_ships_has_no_fault() -> None:
    assert lint() == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_one_file_is_checked_alone(file: Path, tmp_path: Path) -> None:
    assert lint([file]) == []
    alone = Path(shutil.copy(file, tmp_path))
    edited(alone, lambda text: text.replace("per: month", "per: year", 1).replace("value: ", "value: 9", 1))
    assert {fault.file for fault in lint([alone])} == {alone}


@pytest.mark.parametrize("one", SEEDS.values(), ids=SEEDS.keys())
def test_a_seeded_fault_is_found(one: Seed, tmp_path: Path) -> None:
    files = copies(tmp_path)
    city = files[next(name for name, file in files.items() if f"id: {one.id}\n" in file.read_text(encoding="utf-8"))]
    expected = plant(city, one)
    faults = lint(list(files.values()))
    assert [(fault.file, fault.line) for fault in faults] == [(city, number) for number, _ in expected]
    for number, telling in expected:
        assert [telling in fault.message for fault in faults if fault.line == number].count(True) == 1


def test_an_entitlement_removed_leaves_its_item_without_a_rule(tmp_path: Path) -> None:
    file = copies(tmp_path)["shuangyashan"]

    def without_visits(text: str) -> str:
        start, end = entitlement(text, "shuangyashan.visits")
        return text[:start] + text[end:]

    edited(file, without_visits)
    (fault,) = lint([file])
    assert (fault.file, fault.line) == (file, line(file, "doc: shuangyashan-2024-3"))
    assert fault.message == "清单第18项“探访服务”没有规则"


def test_of_an_item_with_two_rules_one_is_enough(tmp_path: Path) -> None:
    file = copies(tmp_path)["benxi"]

    def without_care_subsidy(text: str) -> str:
        start, end = entitlement(text, "benxi.disability_care_subsidy")
        return text[:start] + text[end:]

    assert lint([edited(file, without_care_subsidy)]) == []


def test_a_file_that_cannot_be_read_does_not_hide_the_faults_of_another(tmp_path: Path) -> None:
    files = copies(tmp_path)
    plant(files["anshan"], UNREADABLE["unknown fact"])
    plant(files["shuangyashan"], RATES["gap"])
    faults = lint([*files.values(), tmp_path / "fushun.yaml"])
    assert [(fault.file.stem, fault.line) for fault in faults] == [
        ("anshan", line(files["anshan"], "aera")),
        ("fushun", 0),
        ("shuangyashan", line(files["shuangyashan"], "{hardship: dibao, ability: dependent}") - 1),
    ]


def test_faults_come_by_file_and_line_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    files = copies(tmp_path)
    plant(files["anshan"], NUMBERS["wrong amount"])
    plant(files["benxi"], NUMBERS["amount of a part"])
    found = [(fault.file.stem, fault.line) for fault in lint([files["benxi"], files["anshan"]])]
    assert found == sorted(found)
    assert len(found) == 4
    assert {name for name, _ in found} == {"anshan", "benxi"}


# --- the documents -----------------------------------------------------------------------------------------


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DOCUMENTS, tmp_path / "documents"))


def test_a_document_that_changed_leaves_its_quotes_without_a_place(documents: Path) -> None:
    edited(documents / "shuangyashan-2024-3.txt", lambda text: text.replace("低保标准15%", "低保标准20%"))
    (fault,) = lint(documents=documents)
    rules = RULES / "shuangyashan.yaml"
    assert (fault.file, fault.line) == (rules, line(rules, "quote: 对低保家庭中的老年人，按照当地低保标准15%"))
    assert "写的是“当地低保标准20%予以低保金”，这里写的是“当地低保标准15%予以低保金”" in fault.message


def test_a_document_that_is_not_in_the_catalogue(documents: Path) -> None:
    edited(documents / "catalogue.yaml", lambda text: text.replace("benxi-draft:", "benxi-final:"))
    (documents / "benxi-draft.txt").rename(documents / "benxi-final.txt")
    (fault,) = lint(documents=documents)
    assert (fault.file, fault.line) == (RULES / "benxi.yaml", line(RULES / "benxi.yaml", "doc: benxi-draft"))
    assert "文件目录里没有“benxi-draft”" in fault.message


def test_a_document_without_its_text(documents: Path) -> None:
    (documents / "benxi-draft.txt").unlink()
    (fault,) = lint(documents=documents)
    assert fault.file == documents / "catalogue.yaml"
    assert "benxi-draft.txt" in fault.message


# --- the vocabulary ----------------------------------------------------------------------------------------


def test_a_term_that_no_rule_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = Path(shutil.copy(TERMS_FILE, tmp_path))
    edited(terms, lambda text: f"{text}\n百岁老人:\n  means: {{age: 100+}}\n")
    monkeypatch.setattr("eligibility.rulebook.TERMS_FILE", terms)
    monkeypatch.setattr("eligibility.lint.vocabulary.TERMS_FILE", terms)
    (fault,) = lint()
    assert (fault.file, fault.line) == (terms, line(terms, "百岁老人"))
    assert fault.message == "没有规则用到“百岁老人”这个词"
    assert lint(FILES) == [], "files that are named may do without a term"


@pytest.mark.parametrize(
    ("old", "new"),
    [("label: 低保户", "label: 低保户、五保户"), ("label: 申请过\n", "label: 申请过残疾人家庭的无障碍改造了\n")],
    ids=["holds the mark that parts labels", "too long for a button"],
)
def test_a_label_that_is_no_button(old: str, new: str, tmp_path: Path) -> None:
    facts = edited(Path(shutil.copy(FACTS_FILE, tmp_path)), lambda text: text.replace(old, new))
    (fault,) = unfit_labels(facts)
    assert (fault.file, fault.line) == (facts, line(facts, new))
