"""The states an edition passes through, and the acts they allow or forbid."""

import enum


class FairState(enum.StrEnum):
    """Where an edition stands, in the order of time."""

    DRAFT = "draft"
    OPEN = "open"
    RUNNING = "running"
    CLOSED = "closed"
    REPORTED = "reported"
    ARCHIVED = "archived"


class FairAct(enum.StrEnum):
    """What people do in an edition, as far as its state has a word in it. A scan at a gate is always taken."""

    REGISTER = "register"  # the public, online
    REGISTER_AT_DESK = "register_at_desk"  # desk, kiosk, stand staff, lists, machines
    APPLY = "apply"
    ADD_EXHIBITORS = "add_exhibitors"  # desk, lists, approval
    MEET = "meet"
    CHANGE_MEETINGS = "change_meetings"
    PRINT_SLIPS = "print_slips"
    DECLARE = "declare"
    DECLARE_LATE = "declare_late"  # from a paper slip that was printed in time
    CHANGE_DEALS = "change_deals"
    PUBLISH = "publish"
    CHANGE_SETTINGS = "change_settings"


class LimitSource(enum.StrEnum):
    """Which of several limits decides: the narrowest."""

    EDITION = "edition"  # the dates of the fair
    WINDOW = "window"  # dates of its own
    LATE = "late"  # the days after closing in which slips are still entered
    SWITCH = "switch"  # turned off by hand
    ORGANISER = "organiser"  # a state that an organiser set
