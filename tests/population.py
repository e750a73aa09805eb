"""People as a city has them: most in no hardship, most of them able. The shares are invented, near to a real city's."""

from __future__ import annotations

import random
from typing import Any

Facts = dict[str, Any]

CITIES = ("anshan", "benxi", "shuangyashan")

AGES = {(60, 64): 28.0, (65, 69): 25, (70, 74): 18, (75, 79): 12, (80, 84): 9, (85, 89): 5, (90, 99): 2.8, (100, 105): 0.2}

SHARES: dict[str, dict[Any, float]] = {
    "area": {"urban": 65, "rural": 35},
    "county": {"district": 55, "county": 45},
    "hardship": {"none": 90, "dibao": 5, "dibao_edge": 2, "low_income": 2, "tekun": 1},
    "ability": {"independent": 86, "partial": 9, "dependent": 5},
    "disability_grade": {0: 92, 1: 1.5, 2: 2.5, 3: 2, 4: 2},
    "chronically_ill": {False: 75, True: 25},
    "living": {"alone": 12, "empty_nest": 45, "left_behind": 5, "with_family": 38},
    "care_home": {False: 97, True: 3},
    "family_planning_special": {False: 98.5, True: 1.5},
    "honor": {
        "none": 93, "discharged_soldier": 3, "martyr_family": 0.5, "duty_death_family": 0.3, "illness_death_family": 0.3,
        "active_family": 0.8, "disabled_soldier": 0.3, "demobilized_soldier": 0.5, "model_worker": 0.8,
        "military_retiree": 0.2, "other_preferential": 0.3,
    },
    "without_supporter": {False: 97, True: 3},
    "state_stipend": {False: 97, True: 3},
    "pension": {"employee": 50, "resident": 42, "none": 8},
    "medical_insurance": {True: 96, False: 4},
    "barrier_free_done": {False: 97, True: 3},
    "homeless": {False: 99.9, True: 0.1},
    "legal_dispute": {False: 98.5, True: 1.5},
    "fee_hardship": {False: 97, True: 3},
    "first_will_notary": {False: 99, True: 1},
    "family_care_training": {False: 99, True: 1},
}
"""Of a hundred people so many have each value."""

KINDS = {"other": 85.0, "psychiatric": 9, "intellectual": 6}
SUPPORTED = {"dispersed": 70.0, "centralized": 30}
AT_HOME = 0.93
"""The share of people who live in the city where they are registered."""


def townsperson(dice: random.Random) -> Facts:
    """A complete person, drawn as they come."""
    hukou = dice.choice(CITIES)
    low, high = _drawn(AGES, dice)
    facts = {
        "hukou": hukou,
        "residence": hukou if dice.random() < AT_HOME else dice.choice([*(city for city in CITIES if city != hukou), "other"]),
        "age": dice.randint(low, high),
        **{name: _drawn(shares, dice) for name, shares in SHARES.items()},
    }
    if facts["disability_grade"]:
        facts["disability_kind"] = _drawn(KINDS, dice)
    if facts["hardship"] == "tekun":
        facts["support_mode"] = _drawn(SUPPORTED, dice)
    return facts


def _drawn(shares: dict[Any, float], dice: random.Random) -> Any:
    return dice.choices(list(shares), list(shares.values()))[0]
