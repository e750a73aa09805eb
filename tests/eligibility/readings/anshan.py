"""鞍民发〔2020〕3号 and 鞍政办发〔2021〕2号: a second reading, written against the text alone."""

from __future__ import annotations

from tests.eligibility.readings import (
    DISCRETIONARY,
    ELIGIBLE,
    NO,
    Answer,
    Person,
    all_answers,
    disabled,
    kindred,
    living,
    needs_help,
    old,
    open_to,
    owed,
    poor,
    severely_disabled,
    supported,
    yuan,
)

CITY = "anshan"


def _here(p: Person) -> bool:
    """The clause names neither 户籍 nor 居住: either is enough."""
    return CITY in (p["hukou"], p["residence"])


def _old_here(p: Person) -> bool:
    return _here(p) and old(p)


def _old_at_home(p: Person) -> bool:
    """居家, 家庭床位, 家庭设施: not for those in a care home."""
    return _old_here(p) and not p["care_home"]


# --- 鞍民发〔2020〕3号 ------------------------------------------------------------------------------------------


def longevity_allowance(p: Person) -> Answer:
    """「对凡具有鞍山户籍的 90 周岁及以上老年人发放定期生活补贴，标准为 90—99 周岁的老年人每人每月 200 元、
    100 周岁及以上的老年人每人每月 500 元」
    """
    return owed(p["hukou"] == CITY and old(p, 90), yuan(500 if old(p, 100) else 200))


def old_age_allowance(p: Person) -> Answer:
    """「对 80—89 周岁低保家庭中的老年人发放高龄津贴，标准为每人每月 50 元」

    鞍山户籍 stands in the clause before; this one begins anew. A 特困 person is not also 低保.
    """
    return owed(_here(p) and 80 <= p["age"] <= 89 and p["hardship"] == "dibao", yuan(50))


def elder_service_subsidy(p: Person) -> Answer:
    """「对低保户、低保边缘户家庭中 60—79 周岁失能、半失能老年人及低保户、低保边缘户家庭中 80 周岁以上老年人
    发放养老服务补贴，标准为每人每月 50 元。」

    80 周岁以上 has no upper end.
    """
    enough = old(p, 80) or (old(p) and needs_help(p))
    return owed(_here(p) and p["hardship"] in ("dibao", "dibao_edge") and enough, yuan(50))


def home_care_subsidy(p: Person) -> Answer:
    """「对于城市特困供养老年人和城镇低保家庭中失能、半失能老年人纳入到居家养老服务补贴范围，以政府购买服务的方式，
    按每人每月给予 400 元的居家养老服务补贴。适当放开城市失能特困供养人员享受居家养老服务的年龄条件，
    将其纳入到居家养老服务补贴范围。」

    Both members of the first sentence have a 老年人 of their own: 失能、半失能 belongs to 低保 only. How far the age is opened
    for 失能 特困 is not said.
    """
    if not _here(p) or p["care_home"] or p["area"] != "urban":
        return NO
    if p["hardship"] == "tekun":
        return owed(True, yuan(400)) if old(p) else open_to(p["ability"] == "dependent", yuan(400))
    return owed(p["hardship"] == "dibao" and old(p) and needs_help(p), yuan(400))


def accident_insurance(p: Person) -> Answer:
    """「由政府出资，全面落实为城乡分散供养的特困老年人、低保家庭中的老年人和低保边缘户中的老年人购买意外伤害保险政策。」

    分散供养 belongs to 特困 only.
    """
    return owed(_old_here(p) and (supported(p, "dispersed") or p["hardship"] in ("dibao", "dibao_edge")))


def family_planning_support(p: Person) -> Answer:
    """「落实计划生育家庭老年人的保障政策。…扎实开展计划生育特殊家庭帮扶，实现联系人制度、就医绿色通道和家庭医生签约三个全覆盖。」

    The heading says 老年人, the sentence does not: under 60 it is left open.
    """
    if not _here(p) or not p["family_planning_special"]:
        return NO
    return (ELIGIBLE if old(p) else DISCRETIONARY), None


def legal_service(p: Person) -> Answer:
    """「有效保障贫困老年人的合法权益。当老年人因合法权益受到侵害提起诉讼的，公证处、司法鉴定机构、基层法律服务所等法律服务机构将依法依归对其提供
    优惠或免费服务。」

    贫困 stands in the heading only. Which of 优惠 and 免费 is not said.
    """
    if not _old_here(p) or not p["legal_dispute"]:
        return NO
    return (ELIGIBLE if poor(p) else DISCRETIONARY), None


def door_notary(p: Person) -> Answer:
    """「有效保障贫困老年人的合法权益。…对残疾、抱病、特困等行动不便的老年人提供上门公证服务。」

    Named, of limited mobility and poor (the heading): eligible. Whoever lacks one of the three, or is like those named:
    left to the notary.
    """
    if not _old_here(p):
        return NO
    named = disabled(p) or p["chronically_ill"] or p["hardship"] == "tekun"
    return owed(True) if named and needs_help(p) and poor(p) else open_to(named or kindred(p))


def home_adaptation(p: Person) -> Answer:
    """「优先安排贫困、高龄、失能等老年人家庭设施改造」"""
    return open_to(_old_at_home(p) and kindred(p))


def basic_service(p: Person) -> Answer:
    """「建立特殊困难老年人基本服务制度。开展对计划生育特殊困难家庭老人，空巢（独居）老人，特困、低保、低收入家庭老人筛查摸底工作，实施养老服务需求
    评估，…满足特殊困难老年人的基本养老服务需求。」

    The list is closed; 留守 is not in it. Nothing is given at home by name, so a care home bars nobody.
    """
    named = p["family_planning_special"] or living(p) in ("empty_nest", "alone") or poor(p)
    return owed(_old_here(p) and named)


# --- 鞍政办发〔2021〕2号 ----------------------------------------------------------------------------------------


def public_care_home(p: Person) -> Answer:
    """「在满足特困人员集中供养需求的前提下，重点为低保、低收入家庭以及计划生育特殊家庭高龄、失能（含失智，下同）老年人提供无偿或低收费托养服务」

    高龄、失能 limits all three kinds of family. The premise about 特困 in 集中供养 is a first claim or none: left open.
    """
    family = poor(p) or p["family_planning_special"]
    named = family and (old(p, 80) or p["ability"] == "dependent")
    return open_to(_old_here(p) and (named or supported(p, "centralized")))


def visits(p: Person) -> Answer:
    """「全面建立居家社区老年人定期探访制度，重点关注空巢、留守、失能、重残、计划生育特殊家庭等特殊困难老年人。」

    独居 is not named here; it is a difficulty like those that are.
    """
    if not _old_at_home(p):
        return NO
    named = (
        p["living"] in ("empty_nest", "left_behind") or p["ability"] == "dependent" or severely_disabled(p)
        or p["family_planning_special"]
    )
    return owed(True) if named else open_to(kindred(p))


def home_care_bed(p: Person) -> Answer:
    """「开展“家庭照护床位”试点。…鼓励养老机构将机构服务延伸到家庭，为失能、独居、空巢等老年人提供家庭照护服务。」"""
    return open_to(_old_at_home(p) and kindred(p))


def respite_care(p: Person) -> Answer:
    """「支持发展面向长期照护对象家庭成员的“喘息服务”。」

    The document is about old people; 失能 shows that somebody is 长期照护对象. What is given at home it does not say.
    """
    return open_to(_old_here(p) and p["ability"] == "dependent")


def family_care_training(p: Person) -> Answer:
    """「巩固居家养老的基础性作用，通过购买服务等方式开展失能老年人家庭照护者技能培训，普及居家护理知识，增强家庭养老照护能力。」"""
    return owed(_old_at_home(p) and p["ability"] == "dependent" and p["family_care_training"])


def elder_adviser(p: Person) -> Answer:
    """「在居家和社区养老服务中设置“养老服务顾问”，支持有资质的社会组织接受特殊老年人委托，依法代办入住养老机构、就医等事务。」

    特殊老年人 belongs to the second clause.
    """
    return owed(_old_at_home(p))


ENTITLEMENTS = (
    longevity_allowance, old_age_allowance, elder_service_subsidy, home_care_subsidy, accident_insurance,
    family_planning_support, legal_service, door_notary, home_adaptation, basic_service, public_care_home, visits,
    home_care_bed, respite_care, family_care_training, elder_adviser,
)


def read(person: Person) -> dict[str, Answer]:
    """Status and amount of every entitlement of the city, by id."""
    return all_answers(CITY, ENTITLEMENTS, person)
