"""The outline of the five policy texts: nothing lost, every section named, every cell in its place."""

import re
from collections import Counter
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.lists import split_names, tighten
from knowledge.outline import Piece, Row, outline

DOCUMENTS = Path(__file__).parents[2] / "knowledge" / "documents"
LISTS = Path(__file__).parents[1] / "cases" / "lists"
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.txt"))
TEXTS = [(DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES]


@cache
def pieces(name: str) -> list[Piece]:
    return outline(TEXTS[NAMES.index(name)])


def passages(name: str, section: str) -> list[Piece]:
    return [piece for piece in pieces(name) if piece.kind == "passage" and piece.section == section]


def passage(name: str, section: str) -> Piece:
    (found,) = passages(name, section)
    return found


def joined(text: str) -> str:
    return "".join(piece.raw for piece in outline(text))


# --- nothing is lost ---------------------------------------------------------------------------------------


def test_the_five_documents_are_there() -> None:
    assert NAMES == ["anshan-2020-3", "anshan-2020-37", "anshan-2021-2", "benxi-draft", "shuangyashan-2024-3"]


@pytest.mark.parametrize("name", NAMES)
def test_the_pieces_together_are_the_document(name: str) -> None:
    assert "".join(piece.raw for piece in pieces(name)) == TEXTS[NAMES.index(name)]


@pytest.mark.parametrize("name", NAMES)
def test_a_piece_says_what_stands_in_its_span(name: str) -> None:
    blanks = re.compile(r"\s")
    for piece in pieces(name):
        if piece.kind != "row" and "发展\n\n展。" not in piece.raw:
            assert blanks.sub("", piece.text) == blanks.sub("", piece.raw)


@given(st.text())
def test_any_text_comes_back_whole(text: str) -> None:
    assert joined(text) == text


FRAGMENTS = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\t",
        "\n\t",
        " ",
        "\u3000",
        "一、",
        "（一）",
        "(二)",
        "1.",
        "12、",
        "（1）",
        "——",
        "附件",
        "：",
        "服务项目",
        "服务对象",
        "服务内容及标准",
        "服务类型",
        "牵头单位",
        "序号",
        "市民政局",
        "。",
        "，",
        "展",
        "1",
        "十",
        "（责任单位：",
        "）",
        "一是",
        "2020年8月7日",
        "各县、区政府",
        "；",
        "物质帮助",
        "\r\n",
        "\x0b",
        "\x85",
        "\u2028",
    ]
)


@given(st.lists(FRAGMENTS, max_size=60).map("".join))
@settings(max_examples=400)
def test_any_text_of_marks_and_cells_comes_back_whole(text: str) -> None:
    assert joined(text) == text


CUTS = st.tuples(st.sampled_from(TEXTS), st.integers(0, 9000), st.integers(0, 9000)).map(
    lambda cut: cut[0][min(cut[1:]) : max(cut[1:])]
)


@given(st.lists(CUTS, max_size=4).map("".join))
@settings(max_examples=100, deadline=None)
def test_cuts_and_mixtures_of_the_documents_come_back_whole(text: str) -> None:
    assert joined(text) == text


@given(st.text())
def test_no_text_is_left_with_a_broken_line(text: str) -> None:
    for piece in outline(text):
        if piece.kind in ("heading", "passage"):
            assert "\n" not in piece.text
            assert piece.section


# --- sections ----------------------------------------------------------------------------------------------

# Counted by hand in the documents: passages, headings, rows.
COUNTS = {
    "anshan-2020-3": (34, 10, 0),
    "anshan-2020-37": (52, 3, 0),
    "anshan-2021-2": (30, 8, 0),
    "benxi-draft": (29, 10, 29),
    "shuangyashan-2024-3": (29, 9, 23),
}


@pytest.mark.parametrize("name", NAMES)
def test_number_of_pieces(name: str) -> None:
    kinds = Counter(piece.kind for piece in pieces(name))
    assert (kinds["passage"], kinds["heading"], kinds["row"]) == COUNTS[name]


# Document, section, how its text begins and ends.
SECTIONS = [
    ("anshan-2020-3", "一", "以习近平新时代中国特色社会主义思想为指导，坚持党委领导", "安享幸福晚年。"),
    ("anshan-2020-3", "三（一）1", "1.推进养老服务市场诚信体系建设。构建以", "各开发区管委会，市民政局)"),
    (
        "anshan-2020-3",
        "三（一）2",
        "2.建立特殊困难老年人基本服务制度。开展",
        "市财政局，各县（市）区人民政府，各开发区管委会）",
    ),
    (
        "anshan-2020-3",
        "三（二）3",
        "3.保障城乡社区养老服务设施供给。全面",
        "市民政局，各县（市）区人民政府，各开发区管委会）",
    ),
    ("anshan-2020-3", "三（三）1", "1.落实老年人享有的各项补贴津贴政策。对凡具有", "各开发区管委会）"),
    (
        "anshan-2020-3",
        "三（四）3",
        "3.有效保障贫困老年人的合法权益。当老年人",
        "各县（市）区人民政府，各开发区管委会）",
    ),
    (
        "anshan-2020-3",
        "三（五）2",
        "2.加强养老机构食品安全管理，落实",
        "市市场监管局，各县（市）区人民政府，各开发区管委会）",
    ),
    ("anshan-2020-3", "四（四）", "(四)强化督促检查。要加大对", "要严肃追究责任。"),
    ("anshan-2020-37", "一", "以习近平新时代中国特色社会主义思想为指引", "安全感持续增强。"),
    ("anshan-2020-37", "二（四）", "（四）补齐农村养老机构管理服务短板。一是贯彻", "实现数据清零。"),
    ("anshan-2020-37", "二（十三）", "（十三）统筹做好风险防范。一是加强", "巩固专项行动成果。"),
    ("anshan-2020-37", "三（五）", "(五)做好全面总结。各县(市)区", "下一步落实长效机制的打算。"),
    ("anshan-2020-37", "附件第1项", "1、制定专项行动落实", "实施方案情况。"),
    ("anshan-2020-37", "附件第12项", "12、县（市）区、开发区推进", "应养尽养情况。"),
    ("anshan-2020-37", "附件第30项", "30、10月30日前，辖区内", "养老机构信息系统情况。"),
    ("anshan-2021-2", "引言", "为贯彻落实《辽宁省人民政府办公厅关于", "现提出如下实施意见。"),
    (
        "anshan-2021-2",
        "一（五）",
        "（五）支持社会力量参与。巩固居家养老的",
        "各县〔市〕区政府、开发区管委会）",
    ),
    (
        "anshan-2021-2",
        "二（一）",
        "（一）深化公办养老机构改革。坚持",
        "市国资委，各县〔市〕区政府、开发区管委会）",
    ),
    (
        "anshan-2021-2",
        "五（一）",
        "(一)拓展补贴政策。从2021年起，对已在民政部门备案的经营性",
        "开发区管委会）",
    ),
    ("anshan-2021-2", "八（三）", "(三)加大资金保障。逐步加大", "各县〔市〕区政府、开发区管委会)"),
    ("benxi-draft", "引言", "为贯彻落实《辽宁省人民政府办公厅关于印发", "制定本实施方案。"),
    ("benxi-draft", "一（二）", "（二）主要任务。基本养老服务是指", "基本养老服务需求。"),
    ("benxi-draft", "二（三）5", "5.完善基本养老服务政策制度。落实", "本溪监管分局，各县、区政府）"),
    ("benxi-draft", "二（六）19", "19.推进标准化建设。落实《养老机构", "市民政局，各县、区政府）"),
    ("benxi-draft", "三（三）", "（三）凝聚社会共识。各地区", "听取意见,提前做好风险评估。"),
    (
        "shuangyashan-2024-3",
        "二（一）3",
        "3.实行动态调整机制。在提高",
        "〔以下分工均涉及各县（区）政府，不再列出〕",
    ),
    ("shuangyashan-2024-3", "二（五）18", "18.发挥公办养老机构兜底作用。推动", "均达到80%以上。"),
    ("shuangyashan-2024-3", "二（六）22", "22.推进特殊困难老年人居家适老化改造。以", "2025年基本建成〕"),
    ("shuangyashan-2024-3", "三（四）", "（四）凝聚社会共识。各县（区）", "提前做好风险评估。"),
]


@pytest.mark.parametrize(("name", "section", "begins", "ends"), SECTIONS)
def test_section(name: str, section: str, begins: str, ends: str) -> None:
    text = passage(name, section).text
    assert text.startswith(begins)
    assert text.endswith(ends)


@pytest.mark.parametrize(
    ("name", "section", "headings"),
    [
        ("anshan-2020-3", "三（三）1", ("三、工作任务", "（三）落实保障政策，提高老年人晚年生活品质")),
        ("anshan-2021-2", "一（五）", ("一、发展居家和社区养老服务",)),
        ("benxi-draft", "二（二）3", ("二、重点工作举措", "（二）建立健全精准服务主动响应机制。")),
        ("shuangyashan-2024-3", "二（六）20", ("二、重点工作", "（六）提升基本养老服务便利化可及化水平")),
        ("anshan-2020-37", "附件第3项", ()),
        ("benxi-draft", "引言", ()),
    ],
)
def test_enclosing_headings(name: str, section: str, headings: tuple[str, ...]) -> None:
    assert passage(name, section).headings == headings


def test_a_heading_has_its_own_section_and_does_not_enclose_itself() -> None:
    found = {piece.section: piece for piece in pieces("anshan-2020-3") if piece.kind == "heading"}
    assert list(found) == ["一", "二", "三", *(f"三（{n}）" for n in "一二三四五六"), "四"]
    assert found["三"].headings == ()
    assert found["三（一）"].text == "(一)健全机制体制，完善老年人权益保护体系"
    assert found["三（一）"].headings == ("三、工作任务",)


def test_bullets_are_passages_of_their_heading() -> None:
    assert [piece.text[:7] for piece in passages("benxi-draft", "一（三）")] == [
        "——基础性原则",
        "——普惠性原则",
        "——共担性原则",
        "——系统性原则",
    ]
    assert len(passages("anshan-2020-3", "二")) == 4


def test_the_letter_and_the_plan_each_have_an_opening() -> None:
    letter, plan = passages("anshan-2020-3", "引言")
    assert "经市政府常务会议审议通过《鞍山市加强老年人合法权益保护专项行动实施方案》，现印发" in letter.text
    assert plan.text.startswith("为认真贯彻落实")
    letter, plan = passages("shuangyashan-2024-3", "引言")
    assert letter.text.endswith("认真贯彻执行。")
    assert plan.text.endswith("制定本实施方案。")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("anshan-2020-3", "鞍民发〔2020〕3号"),
        ("anshan-2020-3", "民政局教育局司法局财政局自然资源局建设局委员会局监督管理局行政审批局"),
        ("anshan-2020-37", "(此页无正文)"),
        ("anshan-2020-37", "2020年8月7日印发"),
        ("anshan-2021-2", "各县（市）区人民政府，各开发区管委会，市政府各部门，各有关单位："),
        ("benxi-draft", "本溪市推进基本养老服务体系建设实施方案\n（征求意见稿）"),
        ("shuangyashan-2024-3", "双鸭山市人民政府办公室\n2024年5月20日"),
    ],
)
def test_front_matter(name: str, line: str) -> None:
    front = [piece for piece in pieces(name) if piece.kind == "front"]
    assert line in [piece.text for piece in front]
    assert {piece.section for piece in front} == {""}


def test_copies_are_not_a_statement() -> None:
    assert not any("抄送" in piece.text for piece in pieces("anshan-2021-2") if piece.kind != "front")


# --- text --------------------------------------------------------------------------------------------------


def test_the_character_doubled_at_a_page_break_stands_once() -> None:
    found = passage("anshan-2021-2", "六（五）")
    assert "融合发展\n\n展。推进" in found.raw
    assert "融合发展。推进" in found.text


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("提高养老服\n\n服务能力。", "提高养老服务能力。"),
        ("市民政局、市\n\n市场监管局负责。", "市民政局、市市场监管局负责。"),
        ("到2020年\n\n年底前，全部完成。", "到2020年年底前，全部完成。"),
        ("由市民政局\n\n局长，负责。", "由市民政局局长，负责。"),
        ("补贴1200\n\n00元。", "补贴120000元。"),
        ("全部完\n成成果汇总。", "全部完成成果汇总。"),  # no page break: both are the author's
    ],
)
def test_what_may_be_doubled(torn: str, whole: str) -> None:
    assert outline(f"一、总则\n（一）要求。{torn}\n")[1].text == f"（一）要求。{whole}"


def test_a_pair_that_the_document_writes_elsewhere_is_no_slip() -> None:
    text = "一、总则\n（一）要求。广泛开展展览活动。\n（二）要求。广泛开展\n\n展览活动。\n"
    assert outline(text)[2].text == "（二）要求。广泛开展展览活动。"


@pytest.mark.parametrize(
    ("name", "section", "words"),
    [
        ("anshan-2020-3", "三（一）2", "满足特殊困难老年人的基本养老服务需求。（责任单位："),
        (
            "anshan-2020-3",
            "三（三）1",
            "具有鞍山户籍的90周岁及以上老年人发放定期生活补贴，标准为90—99周岁的老年人每人每月200元、",
        ),
        ("anshan-2020-3", "三（三）2", "进一步完善独生子女死亡伤残家庭"),
        ("anshan-2020-3", "三（四）3", "对残疾、抱病、特困等行动不便的老年人"),
        ("anshan-2020-3", "三（五）4", "鼓励符合条件的养老机构"),
        ("anshan-2020-37", "一", "到2020年底，养老机构排查出的"),
        ("anshan-2020-37", "二（五）", "机构先行取得法人资格；对于暂不具备登记条件的"),
        ("anshan-2020-37", "二（七）", "评定体系的指导意见》（民发〔2019〕137号）和"),
        ("anshan-2021-2", "五（一）", "接收经济困难的80周岁以上高龄失能老年人的，按每月"),
        ("anshan-2021-2", "七（五）", "推动养老服务机构和人员诚信经营"),
    ],
)
def test_broken_paragraphs_are_joined(name: str, section: str, words: str) -> None:
    assert words in passage(name, section).text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (" 90 周岁 及以上 ", "90周岁及以上"),
        ("各县〔市〕 区政府", "各县〔市〕区政府"),
        ("不低于 50 %。", "不低于50%。"),
        ("使用 Smart Care 3 系统", "使用Smart Care 3系统"),
        ("Smart\nCare", "Smart Care"),
        ("2017-\n2020 年", "2017-2020年"),
        ("", ""),
    ],
)
def test_blanks(text: str, clean: str) -> None:
    assert tighten(text) == clean


# --- departments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "section", "departments"),
    [
        ("anshan-2020-3", "三（一）1", "各县（市）区人民政府 各开发区管委会 市民政局"),
        ("anshan-2020-3", "三（四）3", "市司法局 市民政局 各县（市）区人民政府 各开发区管委会"),
        ("anshan-2020-37", "二（一）", ""),
        ("anshan-2021-2", "六（四）", "人民银行鞍山市中心支行 各县〔市〕区政府 开发区管委会"),
        ("anshan-2021-2", "三（一）", "市发展改革委 市民政局 市财政局 海城市政府 台安县人民政府 岫岩县政府"),
        ("anshan-2021-2", "八（二）", "市民政局 市财政局 市人力资源社会保障局 各县〔市〕区政府 开发区管委会"),
        ("benxi-draft", "二（二）2", "市民政局 市营商局 市残联 各县、区政府"),
        ("shuangyashan-2024-3", "二（二）4", "市民政局 市财政局"),
        ("shuangyashan-2024-3", "二（一）3", ""),
    ],
)
def test_departments(name: str, section: str, departments: str) -> None:
    assert passage(name, section).departments == tuple(departments.split())


def test_et_cetera_is_no_part_of_a_name() -> None:
    assert passage("benxi-draft", "二（一）1").departments[-2:] == ("市残联", "各县、区政府")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "市民政局、市财政局（金融办、国资办），各县、区政府",
            ("市民政局", "市财政局（金融办、国资办）", "各县、区政府"),
        ),
        ("", ()),
        ("，、", ()),
    ],
)
def test_split_names(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


def test_departments_under_two_labels() -> None:
    text = "（一）要求。做好工作。（牵头单位：市民政局；责任单位：市财政局、市残联；完成时限：2025年）"
    assert outline(text)[0].departments == ("市民政局", "市财政局", "市残联")


# --- lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "city"), [("benxi-draft", "benxi"), ("shuangyashan-2024-3", "shuangyashan")]
)
def test_every_cell_of_the_list(name: str, city: str) -> None:
    expected: list[dict[str, Any]] = yaml.safe_load((LISTS / f"{city}.yaml").read_text(encoding="utf-8"))
    rows = [asdict(piece.row) for piece in pieces(name) if piece.row]
    assert [row | {"departments": list(row["departments"])} for row in rows] == expected


def test_a_row_reads_as_its_labelled_cells() -> None:
    (piece,) = [piece for piece in pieces("benxi-draft") if piece.section == "清单第7项"]
    assert piece.kind == "row"
    assert piece.departments == ("市民政局", "市残联")
    assert piece.row is not None
    lines = piece.row.labelled.split("\n")
    assert [line.partition("：")[0] for line in lines] == ["项目", "对象", "内容", "类型", "牵头"]
    assert lines[0] == "项目：困难残疾人生活补贴和重度残疾人护理补贴"
    assert lines[-1] == "牵头：市民政局、市残联"


@pytest.mark.parametrize("name", ["benxi-draft", "shuangyashan-2024-3"])
def test_the_text_of_a_row_is_its_cells_as_they_stand(name: str) -> None:
    blanks = re.compile(r"\s")
    document = blanks.sub("", (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8"))
    for piece in pieces(name):
        if piece.row:
            for line in piece.text.split("\n"):
                words = blanks.sub("", line.removeprefix(f"{piece.row.number} "))
                assert words in document
                assert words in blanks.sub("", piece.raw) or words == piece.row.audience  # a blank cell inherits


BENXI_HEAD = (
    "\n\t序号\n\t服务\n\n项目\n\t服务\n\n对象\n\t服务内容及标准\n\t服务\n\n类型\n\t牵头负\n\n责单位\n"
)
FOURTH = (
    BENXI_HEAD
    + "\n\t1\n\t高龄\n\n津贴\n\t八十岁以上\n\t每月：（一）甲；（二）乙。"
    + "\n\t物质\n\n帮助\n\n关爱服务\n\t民政局\n\n残联\n"
)


def rows(text: str) -> list[Row]:
    return [piece.row for piece in outline(text) if piece.row]


def test_a_fourth_city_in_the_first_shape() -> None:
    (row,) = rows(FOURTH)
    content = "每月：\n（一）甲；\n（二）乙。"
    assert row == Row(1, "高龄津贴", "八十岁以上", content, "物质帮助、关爱服务", ("民政局", "残联"))


@pytest.mark.parametrize("number", ["\n\t序号", ""])
def test_a_fourth_city_in_the_second_shape(number: str) -> None:
    head = f"\n\t服务对象{number}\n\t服务项目\n\t服务内容及标准\n\t牵头单位\n\t服务类型\n"
    text = (
        head
        + "\n\t老人\n\t1\n\t甲\n\t给甲。\n\t市民政局\n\t物质帮助\n"
        + "\n\t\n\t2\n\t乙\n\t给乙。\n\t市卫健委\n\t照护服务\n"
    )
    assert [(row.number, row.name, row.audience, row.departments) for row in rows(text)] == [
        (1, "甲", "老人", ("市民政局",)),
        (2, "乙", "老人", ("市卫健委",)),
    ]


def test_a_head_over_again_on_the_next_page() -> None:
    again = FOURTH + BENXI_HEAD + "\n\t2\n\t乙\n\t\n\t给乙。\n\t照护服务\n\t市民政局\n"
    assert [(row.number, row.audience) for row in rows(again)] == [(1, "八十岁以上"), (2, "八十岁以上")]


@pytest.mark.parametrize(
    "after", ["\n2024年5月20日\n", "\n三、附则\n", "\n\n\n抚顺市人民政府\n", "\n本清单自印发之日起施行。\n"]
)
def test_the_last_cell_of_a_list_ends(after: str) -> None:
    found = outline(FOURTH + after)
    assert found[-1].text == after.strip()
    assert found[-1].kind != "row"
    assert rows(FOURTH + after) == rows(FOURTH)


# --- numbering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", ["（一）", "(一)", "( 一 )"])
@pytest.mark.parametrize("third", ["1.", "1．", "1. ", "1、", "１．"])
def test_half_and_full_width_marks_are_the_same(second: str, third: str) -> None:
    text = f"二、任务\n{second}津贴\n{third}高龄津贴。每月发放。\n"
    assert [piece.section for piece in outline(text)] == ["二", "二（一）", "二（一）1"]


def test_a_number_that_a_page_break_moves_to_the_front_is_no_mark() -> None:
    text = (
        "一、任务\n（一）残疾人。残疾等级为\n\n一、二级的老年人。补贴每床\n\n3.5万元。\n（二）其他。照旧。\n"
    )
    assert [piece.section for piece in outline(text)] == ["一", "一（一）", "一（二）"]


def test_firstly_secondly_stay_in_their_paragraph() -> None:
    text = "一、任务\n（一）短板。\n一是建设。\n二是管理。\n（二）其他。照旧。\n"
    assert [piece.text for piece in outline(text)][1] == "（一）短板。一是建设。二是管理。"


def test_a_fourth_level() -> None:
    text = "一、任务\n（一）津贴\n1.标准如下：\n（1）八十岁50元；\n（2）九十岁100元。\n"
    assert [(piece.kind, piece.section) for piece in outline(text)][2:] == [
        ("passage", "一（一）1"),
        ("passage", "一（一）1（1）"),
        ("passage", "一（一）1（2）"),
    ]


def test_the_plan_annexed_to_a_letter_keeps_its_own_numbers() -> None:
    text = (
        "现印发给你们，请执行。\n\n附件：实施方案\n\n一、任务\n（一）津贴。发放。\n\n附件2\n1、检查情况。\n"
    )
    assert [piece.section for piece in outline(text) if piece.kind != "front"] == [
        "引言",
        "一",
        "一（一）",
        "附件2第1项",
    ]
