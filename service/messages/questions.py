"""What the digest asks and offers: why there were no runs, how it feels after a pause, and to hear less of a rule."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list

from integrations.channels.message import Link, Section
from rules.absence import AbsenceQuestion, ReturnState
from rules.diary import AbsenceKind
from service.language import _, ngettext
from service.messages.pages import Pages
from service.messages.units import average, present_locale
from service.messages.verdicts import verdict_of


def absence_section(question: AbsenceQuestion, pages: Pages) -> Section:
    """The one question about a gap, and where to answer it."""
    days = ngettext("No run for %(count)d day.", "No run for %(count)d days.", question.days) % {"count": question.days}
    if question.other_sport:
        given = {"hours": average(question.other_hours)}
        days += " " + _("About %(hours)s hours of other sport in 7 days were read in that time.") % given
    return Section(
        heading=_("What kept you from running?"),
        lines=(days + " " + _answers(question.kinds), _("Your answer decides what comes next. You are asked once.")),
        links=(Link(text=_("Answer"), url=pages.check_in),),
    )


def return_section(returning: ReturnState, pages: Pages) -> Section:
    """To a runner who is or was injured or ill: a question about pain, none about a distance."""
    if returning.kind is AbsenceKind.ILL:
        line = _("You told us that you were ill. How you are comes before any distance.")
    else:
        line = _("You told us of an injury. How it feels comes before any distance.")
    return Section(heading=_("Does anything hurt?"), lines=(line,), links=(Link(text=_("Answer"), url=pages.check_in),))


def offers_section(offers: Sequence[str], pages: Pages) -> Section:
    """To mute rules, by code, that were twice not useful, or to raise their thresholds."""
    titles = [_("“%(title)s”") % {"title": _(verdict_of(code).rule.title)} for code in offers]
    line = _("You said twice that this did not help you: %(rules)s. You can mute it or raise its threshold.")
    return Section(
        heading=_("Hear less of it"),
        lines=(line % {"rules": format_list(titles, locale=present_locale(), style="unit")},),
        links=(Link(text=_("Settings"), url=pages.settings),),
    )


def absence_words(kind: AbsenceKind) -> str:
    """An answer to the question, for pages too."""
    return {
        AbsenceKind.INJURED: _("injured"),
        AbsenceKind.ILL: _("ill"),
        AbsenceKind.HOLIDAY: _("on holiday"),
        AbsenceKind.OTHER_SPORT: _("another sport"),
        AbsenceKind.BUSY: _("just busy"),
    }[kind]


def _answers(kinds: Sequence[AbsenceKind]) -> str:
    answers = format_list([absence_words(kind) for kind in kinds], locale=present_locale(), style="or")
    return _("Was it: %(answers)s?") % {"answers": answers}
