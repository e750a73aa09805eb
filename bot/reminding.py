"""Reminding: what comes with age is told again when the day is there, where the channel can speak of its own accord."""

from __future__ import annotations

from datetime import date, timedelta

from bot.items import come_of_age
from bot.replies import Reply
from bot.state import Reminder
from bot.turn import Turn
from bot.wording import amount_text, day_text, say
from eligibility.assessment import Assessment
from eligibility.change import upcoming
from eligibility.rules import ELIGIBLE


def remind(turn: Turn) -> Reply:
    """Says when something comes with age, and tells it again when the day is there, where the channel can."""
    if not turn.city():
        return turn.with_question(say("remind_city"))
    coming, undated = _reminders(turn.assessment(), turn.person.who)
    if not coming:
        return turn.with_question(say("remind_birthday" if undated else "remind_nothing"))
    lines = [say("reminder_item", day=day_text(one.due.isoformat()), text=one.text) for one in coming]
    if turn.reminds:
        others = [one for one in turn.state.reminders if one not in coming]
        turn.state.reminders = sorted([*others, *coming], key=lambda one: one.due)
    return turn.with_question("\n".join([say("reminded" if turn.reminds else "remind_yourself"), *lines]))


def remind_no_more(turn: Turn) -> Reply:
    """Nothing is said of its own accord."""
    had, turn.state.reminders = turn.state.reminders, []
    return turn.with_question(say("unreminded" if had else "unreminded_nothing"))


def _reminders(assessment: Assessment, who: str) -> tuple[list[Reminder], bool]:
    """What comes with age, to be told on the first of the month in which it comes; whether anything comes on no known day."""
    names = {result.rule.id: result.rule.name for result in assessment.results}
    today, found, undated = assessment.person.as_of, [], False
    for change in upcoming(assessment):
        if change["status"] != ELIGIBLE:
            continue
        if change["date"] is None:
            undated = True
            continue
        day = date.fromisoformat(change["date"])
        told = come_of_age(
            "upcoming_item", who, names[change["id"]], change["at_age"], change["date"], amount_text(change["amount"]),
        )
        found.append(Reminder(due=max(day.replace(day=1), min(day, today + timedelta(days=1))), text=told))
    return sorted(found, key=lambda one: one.due), undated
