"""Wishes: what people ask of the conversation itself, and what it does then, one function for each of :mod:`bot.commands`."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot import digression
from bot.caseload import cross_out, of_all, put_away, show_clients
from bot.commands import Name
from bot.findings import compare, draw, go_where, send_on
from bot.reminding import remind, remind_no_more
from bot.replies import Reply
from bot.report import reasons
from bot.state import State
from bot.turn import Turn
from bot.understanding.message import Understood
from bot.wording import day_text, say
from eligibility.planning import Question

MOST_MISSES = 2
"""After so many answers that were not understood a question is left open."""

MOST_NAMED = 4
"""So many of the entitlements that hang on a question are named."""

VARIANTS = 3
"""So many ways there are of saying that something was not understood."""

_MEANING = re.compile(
    r"(?:什么意思|啥意思|是啥|是什么|怎么讲|没听懂|不明白|咋回事|指的?(?:啥|什么))[啊呀呢]?[？?。.!！]*$"
    r"|^(?:啥叫|什么叫|啥是|什么是)"
)

Wish = Callable[[Turn], Reply | None]


def welcome(turn: Turn) -> Reply:
    """The greeting; to somebody who was here before what is known, and the question that is still open."""
    case = turn.state.case
    if not turn.state.greeted:
        turn.state.greeted = True
        _greet(turn)
    elif case.facts:
        turn.note("resumed_facts", who=case.who, facts=turn.told(case.facts))
    else:
        turn.note("hello")
    return turn.result() if case.finished else turn.go_on()


def _greet(turn: Turn) -> None:
    turn.note("greeting", cities=turn.cities)
    if turn.adviser:
        turn.note("adviser_greeting")


def opened(turn: Turn, link: str) -> Reply | None:
    """Begins, or goes on, with what a link names: a city (``benxi``), or an entitlement (``benxi-old_age_allowance``).

    The city is to be confirmed: who reads a city's poster need not be registered there. None where the link names nothing.
    """
    city, _, name = link.partition("-")
    rule = next((rule for rule in turn.casework.book.rules() if rule.id == f"{city}.{name}"), None)
    if city not in turn.casework.book.packs or (name and rule is None):
        return None
    if "hukou" not in turn.state.case.facts:
        turn.state.case.suggested = {"hukou": city}
    if rule is None:
        return welcome(turn)
    turn.state.greeted = True
    turn.note("hello")
    return digression.looked_up(turn, rule.name, Understood(city=city))


def restart(turn: Turn, started: bool = False) -> Reply:
    """Everything from the beginning."""
    greeted = turn.state.greeted
    if turn.adviser and started:
        put_away(turn)
    else:
        turn.state = turn.state.anew()
    _greet(turn) if started or not greeted else turn.note("restarted")
    return turn.go_on()


def clean_slate(turn: Turn) -> None:
    """Begins with whoever comes next; everything is forgotten, unless it is an adviser's."""
    if turn.adviser:
        put_away(turn)
    else:
        turn.state = turn.state.anew()
    turn.note("next_client" if turn.adviser else "next_person")


def next_person(turn: Turn) -> Reply:
    """Whoever comes next."""
    clean_slate(turn)
    return turn.go_on()


def another(turn: Turn) -> Reply:
    """Somebody else besides; who was called by a name is kept."""
    if turn.adviser:
        return next_person(turn)
    state = turn.state
    kept = state.case.about if state.case.facts else None
    state.switch("")
    state.case.about = None
    state.others = {about: case for about, case in state.others.items() if case.about}
    turn.note("another", who=kept) if kept else turn.note("next_person")
    return turn.go_on()


def what_is_wrong(turn: Turn) -> Reply:
    """不对, and nothing else."""
    return turn.with_question(say("what_is_wrong"))


def left_open(turn: Turn, question: Question) -> Reply:
    """不知道 is an answer; it is carried to the end."""
    turn.state.keep_step()
    turn.state.case.leave_open(question.facts)
    turn.note("noted_unknown")
    return turn.go_on()


def back(turn: Turn) -> Reply:
    """Takes the last step back, and asks again."""
    if not turn.state.steps:
        others = "、".join(turn.state.others)
        return turn.with_question(say("back_to_others", others=others) if others else say("back_at_start"))
    dropped, case = turn.state.case, turn.state.steps.pop().copied()
    gone = {name: value for name, value in dropped.facts.items() if case.facts.get(name) != value}
    turn.state.case, turn.state.misses = case, 0
    case.finished = False
    turn.note("back_without", facts=turn.told(gone)) if gone else turn.note("back")
    return turn.go_on()


def repeat(turn: Turn) -> Reply:
    """Says once more what was said last, with its buttons."""
    shown, question = turn.state.shown, turn.question()
    if shown is None:
        return turn.go_on()
    if question and shown.asked:
        return turn.ask(question, shown.text)
    return turn.say(shown.text)


def give_help(turn: Turn) -> Reply:
    """What can be said here."""
    return turn.with_question(say("help"))


def result(turn: Turn) -> Reply | None:
    """The result as it stands, whatever is still open."""
    return turn.result() if turn.city() else turn.with_question(say("city_first"))


def proceed(turn: Turn) -> Reply:
    """Goes on asking after a result that was wanted early."""
    turn.state.case.finished = False
    return turn.go_on()


def give_reasons(turn: Turn) -> Reply | None:
    """What the result rests on; before it, why the pending question is asked."""
    if turn.question() is not None:
        return why_asked(turn)
    return turn.say(reasons(turn.assessment(), turn.state.case.who)) if turn.city() else None


def why_asked(turn: Turn) -> Reply | None:
    """What depends on the pending question."""
    question = turn.question()
    if question is None:
        return None
    concerned = [r.rule for r in turn.assessment().results if set(r.missing) & set(question.facts)]
    all_names = list(dict.fromkeys(rule.name for rule in sorted(concerned, key=lambda rule: rule.kind != "cash")))
    names = "、".join(all_names[:MOST_NAMED])
    if len(all_names) > MOST_NAMED:
        names += say("why_asked_more", count=len(all_names))
    return turn.with_question(say("why_asked", names=names) if names else say("why_asked_city"))


def meaning(turn: Turn) -> Reply | None:
    """What the pending question means."""
    question = turn.question()
    return turn.with_question(question.help) if question and question.help else None


def meaning_of(turn: Turn, said: str) -> str | None:
    """What the word that is asked about means; None where the message asks about none that is known here."""
    if not _MEANING.search(said):
        return None
    for found in turn.language.phrases.find(said):
        name, value = found.meaning
        fact = turn.casework.book.vocabulary.facts[name]
        option = fact.options.get(value) if value is not None else None
        if option and (explained := option.means or fact.help):
            return f"{option.label}：{explained}"
    return None


def mine(turn: Turn) -> Reply:
    """What is kept."""
    people = of_all(turn.state)
    kept = [say("mine_item", who=case.who, facts=turn.told(case.facts)) for case in people]
    kept += [say("mine_reminder", day=day_text(one.due.isoformat()), text=one.text) for one in turn.state.reminders]
    return turn.aside("\n".join([say("mine_head"), *kept, say("mine_foot")]) if kept else say("mine_nothing"))


def forget(turn: Turn) -> Reply:
    """Nothing is kept any more."""
    turn.state = State()
    return Reply(text=say("forgotten"), forget=True)


def which_one(turn: Turn, question: Question) -> Reply:
    """有, where several can be had."""
    return turn.ask(question, say("which_one"))


def not_understood(turn: Turn) -> Reply:
    """Never the same words twice: first the question otherwise, with an example; then its choices; then somebody to call."""
    state, question = turn.state, turn.question()
    turn.keeps_shown = True
    state.missed += 1
    variant = state.missed % VARIANTS
    if question is None:
        return turn.say(say(f"not_understood_open_{variant}"))
    state.misses += 1
    if state.misses > MOST_MISSES:
        state.misses = 0
        state.case.leave_open(question.facts)
        turn.note("not_understood_3")
        return turn.go_on()
    if state.misses == 1:
        facts = turn.casework.book.vocabulary.facts
        titles = say("these_things") if question.multiple else "、".join(facts[name].title for name in question.facts[-1:])
        example = say("example_other", label=question.choices[0].label) if question.choices else say("example_age")
        return turn.ask(question, say(f"not_understood_1_{variant}", who=state.case.who, titles=titles, example=example))
    key = "not_understood_2" if question.choices else "not_understood_2_open"
    return turn.ask(question, say(key, count=len(question.choices)))


WISHES: dict[Name, Wish] = {
    "restart": restart, "next": next_person, "another": another, "wrong": what_is_wrong, "back": back, "repeat": repeat,
    "help": give_help, "result": result, "proceed": proceed, "reasons": give_reasons, "why_asked": why_asked,
    "meaning": meaning, "where": go_where, "page": send_on, "compare": compare, "mine": mine, "forget": forget,
    "picture": draw, "clients": show_clients, "cross_out": cross_out, "remind": remind, "remind_no_more": remind_no_more,
}
