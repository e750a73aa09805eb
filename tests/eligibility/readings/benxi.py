"""本溪市推进基本养老服务体系建设实施方案（征求意见稿），清单: a second reading, written against the text alone."""

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

CITY = "benxi"

CENTRALIZED = {
    "district": {"dependent": 1140, "partial": 570, "independent": 190},
    "county": {"dependent": 1020, "partial": 510, "independent": 170},
}
DISPERSED = {
    "district": {"dependent": 760, "partial": 380, "independent": 190},
    "county": {"dependent": 680, "partial": 340, "independent": 170},
}


def _registered(p: Person, from_age: int = 60) -> bool:
    """本市户籍、本市籍."""
    return p["hukou"] == CITY and old(p, from_age)


def _here(p: Person, from_age: int = 60) -> bool:
    """Neither 户籍 nor 居住 is named: either is enough."""
    return CITY in (p["hukou"], p["residence"]) and old(p, from_age)


def employee_pension(p: Person) -> Answer:
    """1「符合条件的参保老年人」「按时足额发放基本养老金。」"""
    return owed(_here(p) and p["pension"] == "employee")


def resident_pension(p: Person) -> Answer:
    """2「符合条件的参保老年人」「按时足额发放基础养老金和个人账户养老金。」"""
    return owed(_here(p) and p["pension"] == "resident")


def ability_assessment(p: Person) -> Answer:
    """3「本市户籍60周岁及以上老年人」「60周岁及以上老年人，经自愿申请，按照评估标准，由评估机构开展评估。」"""
    return owed(_registered(p))


def old_age_allowance(p: Person) -> Answer:
    """4「本市户籍80周岁及以上老年人」「（一）80至89周岁低收入老年人50元/人/月.（二）90至99周岁的老年人100元/人/月；（三）100周岁以上老年人200元/人/月。」

    At 80 to 89 the rates decide: only 低收入.
    """
    if not _registered(p, 80):
        return NO
    if old(p, 90):
        return ELIGIBLE, yuan(200 if old(p, 100) else 100)
    return owed(poor(p), yuan(50))


def elder_service_subsidy(p: Person) -> Answer:
    """5「本市户籍80周岁及以上经济困难老年人」「发放养老服务补贴，补贴标准为50元/人/月。」"""
    return owed(_registered(p, 80) and poor(p), yuan(50))


def care_subsidy(p: Person) -> Answer:
    """6「本市户籍经济困难的60-79周岁残疾、病残老年人」「经民政部门组织安排能力评估确定符合条件的老年人50元/人/月」

    The amount rests on an assessment of ability: who is able to look after herself may not pass it.
    """
    if not (_registered(p) and p["age"] <= 79 and poor(p) and (disabled(p) or p["chronically_ill"])):
        return NO
    return (ELIGIBLE if needs_help(p) else DISCRETIONARY), yuan(50)


def disability_living_subsidy(p: Person) -> Answer:
    """7「本市户籍60周岁及以上困难残疾老年人生活补贴：本溪市户籍城乡低保家庭中的残疾老年人，城乡低保边缘家庭中的一、二级残疾老年人」
    「生活补贴标准为80元/人/月元」
    """
    in_need = p["hardship"] == "dibao" and disabled(p)
    at_the_edge = p["hardship"] == "dibao_edge" and severely_disabled(p)
    return owed(_registered(p) and (in_need or at_the_edge), yuan(80))


def disability_care_subsidy(p: Person) -> Answer:
    """7「重度残疾老年人护理补贴：本溪市户籍，残疾等级被评定为一级、二级的重度残疾老年人。」「护理补贴标准为80元/人/月元」

    困难 belongs to the living subsidy only.
    """
    return owed(_registered(p) and severely_disabled(p), yuan(80))


def _support(p: Person, care: dict[str, dict[str, int]]) -> Answer:
    """「城市特困人员基本生活标准1107元/人/月；农村特困人员基本生活标准952元/人/月。」, and 照料护理 by place and ability."""
    living_costs = 1107 if p["area"] == "urban" else 952
    nursing = care[p["county"]][p["ability"]]
    return ELIGIBLE, yuan(living_costs + nursing, 基本生活=living_costs, 照料护理=nursing)


def tekun_centralized(p: Person) -> Answer:
    """8「有意愿集中供养的特困老年人…就近安排到相应的供养服务机构」「市辖区特困人员全护理1140元/人/月、半自理570元/人/月、全自理190元/人/月；
    两县特困人员全护理1020元/人/月、半自理510元/人/月、全自理170元/人/月」
    """
    return _support(p, CENTRALIZED) if _registered(p) and supported(p, "centralized") else NO


def tekun_dispersed(p: Person) -> Answer:
    """9「对选择居家供养的特困老年人…给予分散供养」「市辖区特困人员全护理760元/人/月、半自理380元/人/月、全自理190元/人/月；两县特困人员全护理
    680元/人/月、半自理340元/人/月、全自理170元/人/月」
    """
    at_home = supported(p, "dispersed") and not p["care_home"]
    return _support(p, DISPERSED) if _registered(p) and at_home else NO


def care_home_insurance(p: Person) -> Answer:
    """10「本市户籍60周岁以上老年人」「为入住养老机构符合条件老年人办理养老机构责任保险」"""
    return owed(_registered(p) and p["care_home"])


def dibao(p: Person) -> Answer:
    """11「纳入最低生活保障范围的老年人」「按时足额发放低保金。」"""
    return owed(_here(p) and p["hardship"] == "dibao")


def temporary_relief(p: Person) -> Answer:
    """12「符合临时救助条件的老年人」「发放临时救助金，解决临时性、突发性基本生活困难。」

    No fact tells of a sudden difficulty.
    """
    return open_to(_here(p))


def chronic_illness_custody(p: Person) -> Answer:
    """13「农村低保家庭中生活不能自理的常年病老年人」「经申请，可到设有困难家庭常年病老年人托管中心的县级民政部门管理的托管中心托管。」"""
    household = p["area"] == "rural" and p["hardship"] == "dibao"
    return owed(_here(p) and household and p["ability"] == "dependent" and p["chronically_ill"])


def visits(p: Person) -> Answer:
    """14「居住在我市的经济困难的独居、空巢、留守、失能、重残、计划生育特殊家庭、高龄老年人」「建立独居、空巢、留守、失能（失智）、重残、计划生育特殊家庭
    老年人台账，根据老年人实际需求，开展探访关爱服务。」

    经济困难 limits every group. 高龄 stands in one of the two cells only: left open.
    """
    if p["residence"] != CITY or not old(p) or not poor(p):
        return NO
    named = (
        living(p) in ("alone", "empty_nest", "left_behind") or p["ability"] == "dependent" or severely_disabled(p)
        or p["family_planning_special"]
    )
    return owed(True) if named else open_to(old(p, 80))


def home_adaptation(p: Person) -> Answer:
    """15「本市户籍分散供养特困人员中80周岁及以上高龄老年人，60-79周岁残疾老年人和经评估为完全失能、重度失能、中度失能、轻度失能老年人；城乡低保中
    80周岁及以上高龄老人，60-79周岁的残疾老年人、空巢老年人、留守老年人、计划生育特殊家庭老年人和经评估为完全失能、…轻度失能老年人」「实施居家适老化
    改造…其中，已申请实施残疾人家庭无障碍改造的，不再进行适老化改造。」

    轻度 to 完全: partial or dependent. The document tells 独居 and 空巢 apart (14): 空巢 only.
    """
    if not _registered(p) or p["care_home"] or p["barrier_free_done"]:
        return NO
    frail = old(p, 80) or disabled(p) or needs_help(p)
    left_alone = p["living"] in ("empty_nest", "left_behind") or p["family_planning_special"]
    return owed((supported(p, "dispersed") and frail) or (p["hardship"] == "dibao" and (frail or left_alone)))


def elder_adviser(p: Person) -> Answer:
    """16「全体老年人」「提供养老政策咨询、办事指南、服务推介等服务」"""
    return owed(_here(p))


def home_bed(p: Person) -> Answer:
    """17「本市籍60周岁及以上的特困分散供养人员中失能、部分失能人员；60周岁及以上的低保、低收入家庭失能、部分失能人员」「对适宜设置家庭养老床位的
    老年人，在自愿的前提下，对其居家环境关键区域进行适老化、智能化改造。」

    本市籍 is read over both groups; 特困 is named as 分散供养 only.
    """
    household = supported(p, "dispersed") or p["hardship"] in ("dibao", "dibao_edge", "low_income")
    return owed(_registered(p) and not p["care_home"] and needs_help(p) and household)


def home_service(p: Person) -> Answer:
    """18, to the same persons as 17:「对符合条件老年人提供居家养老上门服务」"""
    return home_bed(p)


def family_care_training(p: Person) -> Answer:
    """19「经认定生活不能自理的居家失能老年人，其家庭成员参加照护培训等相关职业技能培训的，符合条件的按规定给予职业培训补贴。」"""
    at_home = p["ability"] == "dependent" and not p["care_home"]
    return owed(_here(p) and at_home and p["family_care_training"])


def veteran_centralized_care(p: Person) -> Answer:
    """20「老年烈士遗属、因公牺牲军人遗属、病故军人遗属和进入老年的残疾军人、复员军人、退伍军人，无法定赡养人、扶养人或者法定赡养人、扶养人无赡养、扶养
    能力且享受国家定期抚恤补助待遇的优抚对象，由光荣院提供集中供养、医疗等保障。」

    Both conditions bind all six.
    """
    named = p["honor"] in (
        "martyr_family", "duty_death_family", "illness_death_family",
        "disabled_soldier", "demobilized_soldier", "discharged_soldier",
    )
    return owed(_here(p) and named and p["without_supporter"] and p["state_stipend"])


def priority_public_home(p: Person) -> Answer:
    """21「计划生育特殊家庭老年人；为社会作出重要贡献的劳模、军休干部及其他优抚对象中的老年人」「同等条件下优先入住政府投资兴办的养老机构。」"""
    return open_to(_here(p) and (p["family_planning_special"] or p["honor"] != "none"))


def homeless_relief(p: Person) -> Answer:
    """22「对生活无着的流浪、乞讨老年人，救助管理站按有关规定给予食宿等生活照料」"""
    return owed(_here(p) and p["homeless"])


def public_transport(p: Person) -> Answer:
    """23「60周岁以上老年人，减半支付乘车费用；70周岁以上老年人免除乘车费用。」"""
    return owed(_here(p), FREE if old(p, 70) else HALF)


def health_check(p: Person) -> Answer:
    """24「本市籍65周岁及以上老年人」「每年为65周岁及以上老年人免费提供1次健康体检和健康指导，免费建立电子健康档案。」"""
    return owed(_registered(p, 65))


def medical_green_channel(p: Person) -> Answer:
    """25「为60周岁及以上老年人就医开设“绿色通道”」"""
    return owed(_here(p))


def scenic_spots(p: Person) -> Answer:
    """26「公办景区为70周岁以上的老年人免费开放。」"""
    return owed(_here(p, 70), FREE)


def will_notary(p: Person) -> Answer:
    """27「80周岁及以上老年人首次办理遗嘱公证，免收公证服务费。」"""
    return owed(_here(p, 80) and p["first_will_notary"], FREE)


def litigation_fee(p: Person) -> Answer:
    """28「70周岁及以上老年人」「为追索赡养费、扶养费、抚育费、抚恤金向人民法院起诉，交纳诉讼费用有困难的老年人，按照国家规定免收诉讼费用」

    No fact tells what the suit is about.
    """
    return open_to(_here(p, 70) and p["legal_dispute"] and p["fee_hardship"], FREE)


def elder_education(p: Person) -> Answer:
    """29「60周岁及以上老年人」「按照老年人学习需求提供送课服务。」"""
    return owed(_here(p))


ENTITLEMENTS = (
    employee_pension, resident_pension, ability_assessment, old_age_allowance, elder_service_subsidy, care_subsidy,
    disability_living_subsidy, disability_care_subsidy, tekun_centralized, tekun_dispersed, care_home_insurance, dibao,
    temporary_relief, chronic_illness_custody, visits, home_adaptation, elder_adviser, home_bed, home_service,
    family_care_training, veteran_centralized_care, priority_public_home, homeless_relief, public_transport,
    health_check, medical_green_channel, scenic_spots, will_notary, litigation_fee, elder_education,
)


def read(person: Person) -> dict[str, Answer]:
    """Status and amount of every entitlement of the city, by id."""
    return all_answers(CITY, ENTITLEMENTS, person)
