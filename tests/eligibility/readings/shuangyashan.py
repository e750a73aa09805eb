"""双政办规〔2024〕3号，《双鸭山市基本养老服务清单》: a second reading, written against the text alone."""

from __future__ import annotations

from tests.eligibility.readings import (
    DISCRETIONARY,
    ELIGIBLE,
    FREE,
    HALF,
    NO,
    Answer,
    Person,
    all_answers,
    disabled,
    kindred,
    old,
    open_to,
    owed,
    poor,
    severely_disabled,
    supported,
    yuan,
)

CITY = "shuangyashan"


def _here(p: Person, from_age: int = 60) -> bool:
    """Neither 户籍 nor 居住 is named: either is enough."""
    return CITY in (p["hukou"], p["residence"]) and old(p, from_age)


def medical_insurance(p: Person) -> Answer:
    """1「优先为符合条件的参保老年人提供城镇职工基本医疗保险或城乡居民基本医疗保险服务保障。」"""
    return open_to(_here(p) and p["medical_insurance"])


def pension(p: Person) -> Answer:
    """2「达到待遇享受年龄的老年人」「职工基本养老保险为符合条件的参保老年人按时足额发放基本养老金；城乡居民基本养老保险为符合条件的参保老年人按时足额
    发放基础养老金和个人账户养老金。」

    待遇享受年龄 is not in the document: employees may have to wait until 63.
    """
    if not _here(p) or p["pension"] == "none":
        return NO
    return (DISCRETIONARY if p["pension"] == "employee" and not old(p, 63) else ELIGIBLE), None


def old_age_allowance(p: Person) -> Answer:
    """3「对具有双鸭山市户籍，年龄在80（含）至89周岁的经济收入正常的老年人每人每年发放不低于300元高龄津贴；对具有双鸭山市户籍，年龄在80（含）至89周岁的
    低保和低保边缘老年人，以及年龄在90周岁及以上的老年人每人每年发放不低于1200元高龄津贴」

    特困 and 低收入 at 80 to 89 are in 服务对象, and have no rate.
    """
    if p["hukou"] != CITY or not old(p, 80):
        return NO
    if old(p, 90) or p["hardship"] in ("dibao", "dibao_edge"):
        return ELIGIBLE, yuan(1200, "year", minimum=True)
    if p["hardship"] == "none":
        return ELIGIBLE, yuan(300, "year", minimum=True)
    return DISCRETIONARY, None


def care_subsidy(p: Person) -> Answer:
    """4「具有双鸭山市户籍且年龄在60周岁以上的城乡低保、低保边缘家庭失能和半失能老年人…低保家庭失能老年人每人每月150元、半失能老年人每人每月100元；低保
    边缘家庭失能老年人每人每月100元、半失能老年人每人每月50元。」

    服务对象 says 生活不能自理, and yet 半失能 has a rate: the rates decide.
    """
    rate = {
        ("dibao", "dependent"): 150, ("dibao", "partial"): 100,
        ("dibao_edge", "dependent"): 100, ("dibao_edge", "partial"): 50,
    }.get((p["hardship"], p["ability"]))
    return owed(True, yuan(rate)) if p["hukou"] == CITY and old(p) and rate else NO


def family_care_training(p: Person) -> Answer:
    """5「符合条件的失能老年人家庭成员参加照护培训等相关职业技能培训的，按规定给予职业培训补贴。」"""
    return owed(_here(p) and p["ability"] == "dependent" and p["family_care_training"])


def dibao_topup(p: Person) -> Answer:
    """6「对低保家庭中的老年人，按照当地低保标准15%予以低保金加发，有条件的可进一步提高加发比例。」

    有条件的 concerns only what lies above the 15 percent.
    """
    return owed(_here(p) and p["hardship"] == "dibao", {"percent": 15, "of": "dibao_standard", "per": "month"})


def priority_care_home(p: Person) -> Answer:
    """7「计划生育特殊家庭的老年人」「同等条件下优先入住政府投资兴办的养老机构。」"""
    return open_to(_here(p) and p["family_planning_special"])


def health_management(p: Person) -> Answer:
    """8「每年为辖区内65周岁及以上常住居民提供1次生活方式和健康状况评估、体格检查及辅助检查、健康指导服务。」"""
    return owed(p["residence"] == CITY and old(p, 65))


def ability_assessment(p: Person) -> Answer:
    """9「为65周岁及以上的老年人提供能力综合评估，做好老年人能力综合评估与健康状况评估的衔接。」"""
    return owed(_here(p, 65))


def home_medical_care(p: Person) -> Answer:
    """10「通过兼具养老服务能力和医疗卫生资质的医养结合机构，为有需求的老年人提供养老、医疗、护理、康复、心理支持等服务。」"""
    return owed(_here(p))


def public_transport(p: Person) -> Answer:
    """11「65周岁以上的老年人免费乘坐公共汽车、轨道交通、轮渡等城市公共交通工具，60周岁（含）至65周岁的老年人享受半价优惠」

    以上 includes the number: at 65 it is free.
    """
    return owed(_here(p), FREE if old(p, 65) else HALF)


def scenic_spots(p: Person) -> Answer:
    """12「65周岁及以上的老年人凭有效证件，进入旅游景区享受免门票优惠，60周岁（含）至65周岁的老年人凭有效证件，进入旅游景区享受门票半价优惠。」"""
    return owed(_here(p), FREE if old(p, 65) else HALF)


def litigation_relief(p: Person) -> Answer:
    """13「老年人合法权益受侵害提起诉讼，交纳诉讼费确有困难的，可以申请缓交、减交或者免交；需要获得律师帮助，但无力支付律师费用的，可以获得法律援助。」"""
    return owed(_here(p) and p["legal_dispute"] and p["fee_hardship"])


def tekun_dispersed(p: Person) -> Answer:
    """14「对分散供养特困人员，经本人同意，乡镇政府（街道办事处）可委托其亲友或…等提供日常看护、生活照料、住院陪护等服务。」"""
    return open_to(_here(p) and supported(p, "dispersed"))


def tekun_centralized(p: Person) -> Answer:
    """15「对需要集中供养特困老年人，由县级政府民政部门按照便于管理的原则，就近安排到相应的供养服务机构…对生活不能自理的给予照料。」"""
    return owed(_here(p) and supported(p, "centralized"))


def veteran_priority(p: Person) -> Answer:
    """16「对现役军人家属和烈士、因公牺牲军人、病故军人的遗属，符合条件申请入住公办养老机构的，同等条件下优先安排。」"""
    named = p["honor"] in ("active_family", "martyr_family", "duty_death_family", "illness_death_family")
    return open_to(_here(p) and named)


def veteran_centralized_care(p: Person) -> Answer:
    """17「老年烈士遗属、因公牺牲军人遗属、病故军人遗属和进入老年的残疾军人、复员军人、退伍军人，无法定赡养人、扶养人或者法定赡养人、扶养人无赡养、扶养
    能力且享受国家定期服务补助待遇的，提供集中供养、医疗等保障。」

    Both conditions bind all six.
    """
    named = p["honor"] in (
        "martyr_family", "duty_death_family", "illness_death_family",
        "disabled_soldier", "demobilized_soldier", "discharged_soldier",
    )
    return owed(_here(p) and named and p["without_supporter"] and p["state_stipend"])


def visits(p: Person) -> Answer:
    """18「建立居家探访关爱服务制度，定期巡访关爱独居、空巢、留守、失能、重残、计划生育特殊家庭等老年人。」

    The list itself says what 特殊困难 means.
    """
    if not _here(p) or p["care_home"]:
        return NO
    named = (
        p["living"] in ("alone", "empty_nest", "left_behind") or p["ability"] == "dependent" or severely_disabled(p)
        or p["family_planning_special"]
    )
    return owed(True) if named else open_to(kindred(p))


def home_adaptation(p: Person) -> Answer:
    """19「经济困难的老年人」「对纳入分散供养特困人员家庭等特殊困难老年人家庭中有需求的失能、高龄、残疾老年人家庭实施居家适老化改造。有条件的地方可将改造
    对象范围扩大到城乡低保对象中的失能、高龄、残疾老年人家庭。」

    等 reaches other poor families; 失能、高龄、残疾 is a closed list.
    """
    frail = p["ability"] == "dependent" or old(p, 80) or disabled(p)
    if not _here(p) or p["care_home"] or not frail:
        return NO
    return owed(True) if supported(p, "dispersed") else open_to(poor(p))


def elder_service_subsidy(p: Person) -> Answer:
    """20「为经济困难的老年人提供养老服务补贴。」"""
    return owed(_here(p) and poor(p))


def homeless_relief(p: Person) -> Answer:
    """21「生活无着的流浪、乞讨老年人」「由救助管理站等机构免费提供临时的、基本的食物、住处、疾病救治、返回及安置服务等社会救助。」"""
    return owed(_here(p) and p["homeless"])


def disability_living_subsidy(p: Person) -> Answer:
    """22「经认定符合条件的残疾老年人」「为低保家庭中的残疾人提供生活补贴，有条件的地方可逐步扩大到低保边缘家庭残疾人及其他困难残疾人。」"""
    if not _here(p) or not disabled(p):
        return NO
    return owed(True) if p["hardship"] == "dibao" else open_to(poor(p))


def disability_care_subsidy(p: Person) -> Answer:
    """23「为残疾等级被评定为一级、二级且需长期照护的重度残疾人提供护理补贴，有条件的地方可扩大至三、四级智力、精神残疾人。」

    失能 shows 需长期照护; who is 重残 without that sign may need it all the same.
    """
    if not _here(p):
        return NO
    if severely_disabled(p):
        return (ELIGIBLE if p["ability"] == "dependent" else DISCRETIONARY), None
    return open_to(disabled(p) and p["disability_kind"] in ("intellectual", "psychiatric"))


ENTITLEMENTS = (
    medical_insurance, pension, old_age_allowance, care_subsidy, family_care_training, dibao_topup, priority_care_home,
    health_management, ability_assessment, home_medical_care, public_transport, scenic_spots, litigation_relief,
    tekun_dispersed, tekun_centralized, veteran_priority, veteran_centralized_care, visits, home_adaptation,
    elder_service_subsidy, homeless_relief, disability_living_subsidy, disability_care_subsidy,
)


def read(person: Person) -> dict[str, Answer]:
    """Status and amount of every entitlement of the city, by id."""
    return all_answers(CITY, ENTITLEMENTS, person)
