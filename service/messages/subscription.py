"""How Strava's push subscription stands, in the operator's words: on the page, on the command line and in messages."""

from __future__ import annotations

from service.language import _, ngettext
from service.silence import SILENT_DAYS
from service.subscription_record import State, SubscriptionStatus


def state_words(status: SubscriptionStatus) -> str:
    """What is the case, in a sentence."""
    somewhere = status.host or _("an address that cannot be read")
    words = {
        State.NOT_WANTED: _("Pushes are not set up: no public address is set (AFTERRUN_PUBLIC_URL)."),
        State.ACTIVE: _("Strava tells us of new runs at once."),
        State.SILENT: _("Strava lists our subscription, but runs of the last %(days)d days came without any push.")
        % {"days": SILENT_DAYS},
        State.MISSING: _("Strava has no subscription of ours."),
        State.STALE: _("Strava sends its pushes to an earlier address of ours: %(host)s.") % {"host": somewhere},
        State.FOREIGN: _("Strava sends this application's pushes to somebody else: %(host)s.") % {"host": somewhere},
        State.UNREACHABLE: _("Strava could not reach our address and made no subscription."),
        State.UNKNOWN: _("Strava does not say at the moment how the subscription stands."),
    }
    if status.state is State.NOT_WANTED and status.reason:
        return _("Pushes were ended by the operator.")
    return words[status.state]


def cures(status: SubscriptionStatus) -> tuple[str, ...]:
    """What to do about it, the likeliest first; nothing where all is well."""
    if status.state is State.NOT_WANTED and status.reason:
        return (_("To have them again: afterrun webhooks create"),)
    if status.state is State.UNREACHABLE:
        return (*_ways_to_reach(status.reason), _("Then: afterrun webhooks repair"))
    if status.state is State.FOREIGN:
        return (
            _("Strava gives an application one subscription, and another installation uses the same client id."),
            _("Give this installation an application of its own, or take the subscription over:"),
            _("afterrun webhooks repair --replace-foreign"),
        )
    if status.state is State.SILENT:
        return (
            _("Look whether a firewall, a sign-in or a bot protection now stands before our address."),
            _("Then have Strava try the address anew: afterrun webhooks repair"),
        )
    if status.state in (State.MISSING, State.STALE):
        return (_("It is made again by itself; to have it now: afterrun webhooks repair"),)
    if status.state is State.UNKNOWN:
        return (_("Nothing to do yet: it is asked again by itself."),)
    return ()


def by_schedule_alone(late_minutes: int) -> str:
    """What it means for runners."""
    return ngettext(
        "No run is lost: all are read by schedule alone, up to %(count)d minute late.",
        "No run is lost: all are read by schedule alone, up to %(count)d minutes late.",
        late_minutes,
    ) % {"count": late_minutes}


def _ways_to_reach(reason: str) -> tuple[str, ...]:
    """By what Strava said; what it says when one exists already is not known for certain."""
    if "does not return 200" in reason:
        return (
            _("Something before Afterrun answers in its place: let the path /strava/push/ pass without a sign-in,"),
            _("and without a bot protection such as Cloudflare's Bot Fight Mode."),
        )
    if "exist" in reason:
        return (_("Strava says that there is a subscription already: look for another installation of yours."),)
    return (
        _("The address has to be reachable from the internet, by https and with a valid certificate,"),
        _("and `afterrun serve` has to run and to answer within two seconds."),
    )
