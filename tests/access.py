"""Who may open what: cases that each feature states in tests/<feature>/access_cases.py, and the people who try.

from tests.access import Case, Side

def make_deal(side: Side): ...                       # a record of that side, made by services
RECORDS = {"deal": make_deal}                        # made once for every side, in this order
CASES = {
    "deals.deals": Case("organiser verifier viewer"),
    "deals.my_deal": Case("exhibitor", args=lambda side: {"deal_id": side["deal"].id}),
    "deals.apply": Case("everyone"),                 # people of no role and of other fairs too
    "accounts.security": Case("signed_in"),
}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fairapp.accounts.models import Organisation, User
from fairapp.accounts.permissions import Role
from fairapp.app import FEATURES
from fairapp.fairs.models import Fair
from tests.factories.fairs import make_ground
from tests.factories.foundation import make_organisation, make_person

EVERYONE, SIGNED_IN, NOBODY = "everyone", "signed_in", ""


@dataclass
class Side:
    """An organisation in a fair: its records (`side["deal"]`) and who acts there (`side.people["organiser"]`)."""

    name: str
    ground: Any
    organisation: Organisation
    people: dict[str, User] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)

    @property
    def fair(self) -> Fair:
        return self.ground.fair

    def __getitem__(self, name: str) -> Any:
        return self.records[name]


Arguments = Callable[[Side], Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """Who may use one endpoint.

    `roles`: role names, or "everyone", or "signed_in". `args`: the parts of the address that name a record;
    `fixed`: those that name none.
    `shared`: exhibitors may see the record of another organisation too. `status`: what GET answers to those
    who may, where it must be exact. `data`: what is posted (a JSON body for the API). `key`: the token of a
    machine that may although no role does.
    """

    roles: str
    args: Arguments = lambda _side: {}
    shared: bool = False
    fixed: Mapping[str, Any] = field(default_factory=dict)
    status: int | None = None
    data: Arguments = lambda _side: {}
    key: Callable[[Side], str] | None = None

    def __post_init__(self) -> None:
        unknown = set(self.roles.split()) - {EVERYONE, SIGNED_IN, *Role, "creator"}
        if unknown:
            raise ValueError(f"no such roles: {unknown}")

    def admits(self, persona: "Persona") -> bool:
        """Whether the persona may open it with records of its own side."""
        named = self.roles.split()
        if EVERYONE in named:
            return True
        if persona.user is None:
            return False
        return SIGNED_IN in named or persona.role in named


@dataclass(frozen=True)
class Persona:
    """Somebody who tries: a role at a side, or nobody."""

    name: str
    side: Side | None = None
    role: str = ""
    user: User | None = None


@dataclass
class World:
    """Two fairs; in the first, two organisations."""

    own: Side
    rival: Side
    foreign: Side
    personas: list[Persona]


def stated(name: str) -> dict[str, Any]:
    """All that the features' access_cases.py say under `name`, left to right."""
    found: dict[str, Any] = {}
    for feature in ("core", *FEATURES):
        if find_spec(f"tests.{feature}") and find_spec(f"tests.{feature}.access_cases"):
            found |= getattr(import_module(f"tests.{feature}.access_cases"), name, {})
    return found


def make_world() -> World:
    """Both fairs with every record that a feature knows how to make."""
    first, second = make_ground(code="own-fair"), make_ground(code="other-fair")
    own = Side("own", first, make_organisation("Blue Harbour"))
    rival = Side("rival", first, make_organisation("Red River"))
    foreign = Side("foreign", second, make_organisation("Green Field"))
    personas = make_personas(own, rival, foreign)
    for side in (own, rival, foreign):
        for name, make in stated("RECORDS").items():
            side.records[name] = make(side)
    return World(own, rival, foreign, personas)


def make_personas(own: Side, rival: Side, foreign: Side) -> list[Persona]:
    """Nobody, people without a role, and each role at its side (the rival has exhibitors only)."""
    people = [Persona("anonymous"), Persona("stranger", None, "", make_person())]
    people.append(Persona("creator", None, "creator", make_person(may_create_fairs=True)))
    for side, prefix in ((own, ""), (rival, "rival "), (foreign, "foreign ")):
        for role in Role:
            organisation = side.organisation if role is Role.EXHIBITOR else None
            side.people[role] = make_person(side.fair, role, organisation)
            if side is not rival or role is Role.EXHIBITOR:
                people.append(Persona(f"{prefix}{role}", side, role, side.people[role]))
    return people
