"""What a list would change, row by row: pure, so that the preview and the import cannot disagree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from fairapp.exhibitors.companies import names as company_names
from fairapp.exhibitors.companies.names import plain_name
from fairapp.exhibitors.companies.profile import tidied
from fairapp.exhibitors.imports.columns import ListMapping
from fairapp.exhibitors.imports.hall_names import HallName, hall_name
from fairapp.exhibitors.imports.rows import Problem, booth_texts, hall_texts, only_hosts, values_of
from fairapp.exhibitors.models import ExhibitorStatus
from fairapp.fairs.booths.rules import booth_number

DECISIONS_WAIT = {
    ExhibitorStatus.APPLIED: "has_applied",
    ExhibitorStatus.REFUSED: "was_refused",
    ExhibitorStatus.WITHDRAWN: "has_withdrawn",
}


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class KnownBooth:
    """A booth the fair has: its hall's code, who has it or only holds it, whether it was taken off the plan."""

    hall: str
    holder_id: UUID | None = None
    holder_name: str = ""
    withdrawn: bool = False
    held: bool = False


@dataclass(frozen=True)
class KnownCompany:
    """An exhibitor the fair has; `values` are its columns."""

    id: UUID
    import_key: str
    status: str
    values: Mapping[str, Any]


@dataclass
class Known:
    """The fair as it is before the list: halls, booths by number, companies, and lists by name or code."""

    halls: list[HallName] = field(default_factory=list)
    booths: dict[str, KnownBooth] = field(default_factory=dict)
    companies: list[KnownCompany] = field(default_factory=list)
    zones: dict[str, UUID] = field(default_factory=dict)
    delegations: dict[str, UUID] = field(default_factory=dict)
    product_categories: dict[str, UUID] = field(default_factory=dict)


@dataclass
class RowPlan:
    """What becomes of one row; `number` counts from 1 as a spreadsheet does.

    `booths` are new for the company, or were only held for it.
    """

    number: int
    name: str
    outcome: Outcome = Outcome.REFUSED
    company_id: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)
    import_key: str = ""
    booths: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def problem_text(self) -> str:
        """Its problems in words."""
        return " ".join(map(str, self.problems))


@dataclass
class Plan:
    """All rows, the halls and booths to create (booth number → hall code)."""

    rows: list[RowPlan]
    halls: list[HallName]
    booths: dict[str, str]


def plan_import(rows: Sequence[Sequence[str]], mapping: ListMapping, known: Known) -> Plan:
    """What the list would do to the fair; rows without any text are not rows."""
    planner = _Planner(mapping, known)
    body = [(number, row) for number, row in enumerate(rows, 1) if number > mapping.heading_row + 1 and any(row)]
    planner.learn_halls(row for _, row in body)
    plans = [planner.plan(number, row) for number, row in body]
    used = set(planner.new_booths.values())
    return Plan(
        plans, [hall for hall in planner.halls.values() if hall.code in used - planner.known_halls], planner.new_booths
    )


@dataclass
class _Company:
    """One company of the fair or of the list: what the fair knows of it, its credit code, the first row that names it."""

    known: KnownCompany | None = None
    code: str = ""
    row: RowPlan | None = None


class _Planner:
    """Remembers what earlier rows of the list took."""

    def __init__(self, mapping: ListMapping, known: Known) -> None:
        self.mapping, self.known = mapping, known
        self.halls: dict[str, HallName] = {hall.code: hall for hall in known.halls}
        self.known_halls = set(self.halls)
        self.hall_words = {plain_name(word): hall.code for hall in known.halls for word in _words(hall)}
        self.new_booths: dict[str, str] = {}
        self.claims: dict[str, RowPlan] = {}
        self.by_key: dict[str, _Company] = {}
        self.by_code: dict[str, _Company] = {}
        self.by_names: dict[Any, _Company] = {}
        for company in known.companies:
            self.remember(_Company(company), company.import_key, company.values)

    # --- halls ---------------------------------------------------------------------------------

    def learn_halls(self, rows: Iterable[Sequence[str]]) -> None:
        """Every hall the list names, so that "H4" is known for a hall wherever it stands."""
        for row in rows:
            for text in hall_texts(self.mapping.cell(row, "halls")):
                if plain_name(text) not in self.hall_words:
                    hall = hall_name(text, self.halls)
                    self.halls[hall.code] = hall
                    self.hall_words |= {plain_name(word): hall.code for word in (text, *_words(hall))}

    def hall_of(self, number: str, named: str) -> str:
        """Code of the hall of a booth: as named, or as its number begins; '' when nobody knows."""
        if named:
            return self.hall_words.get(plain_name(named), "")
        return self.hall_words.get(plain_name(number.partition("-")[0]), "") if "-" in number else ""

    # --- rows ----------------------------------------------------------------------------------

    def plan(self, number: int, row: Sequence[str]) -> RowPlan:
        values, problems = values_of(row, self.mapping)
        plan = RowPlan(number, values.get("name_zh") or values.get("name_en") or "", problems=problems)
        if any(problem.fatal for problem in problems) or not self.has_a_name(plan, row):
            return plan
        self.drop_faults(plan, values)
        self.look_up(plan, values, row)
        plan.values = values
        plan.import_key = company_names.import_key(values["name_zh"], values["name_en"], values.get("credit_code", ""))
        found = self.company_of(plan)
        self.remember(found, plan.import_key, values)
        if found.row is not None:
            return self.again(plan, found, found.row, row)
        found.row, company = plan, found.known
        if refusal := self.why_not(plan, company):
            plan.problems.append(Problem(refusal, fatal=True))
            return plan
        plan.company_id = company.id if company else None
        plan.booths = self.free_booths(plan, row)
        plan.outcome = self.outcome(plan, company)
        return plan

    def has_a_name(self, plan: RowPlan, row: Sequence[str]) -> bool:
        booths = ", ".join(text for _, text in booth_texts(row, self.mapping))
        if not plan.name:
            plan.problems.append(Problem("no_name_booth" if booths else "no_name", {"booth": booths}, fatal=True))
        return bool(plan.name)

    def drop_faults(self, plan: RowPlan, values: dict[str, Any]) -> None:
        """Take what is good of a row: a wrong value is named and left out. A country is never guessed here."""
        given = dict(values)
        tidy, faults = tidied({"country": self.mapping.country, **given})
        for name, fault in faults.items():
            plan.problems.append(Problem("bad_value", {"value": str(given[name])[:60], "why": fault}))
            tidy[name] = ""
        if "country" not in given:
            del tidy["country"]
        values.clear()
        values.update(tidy)

    def look_up(self, plan: RowPlan, values: dict[str, Any], row: Sequence[str]) -> None:
        lists = {
            "zone": self.known.zones,
            "delegation": self.known.delegations,
            "product_category": self.known.product_categories,
        }
        for name, records in lists.items():
            text = self.mapping.cell(row, name)
            if text and plain_name(text) not in records:
                plan.problems.append(Problem(f"unknown_{name}", {"value": text[:60]}))
            elif text:
                values[f"{name}_id"] = records[plain_name(text)]
        if role := self.mapping.cell(row, "role"):
            values["is_host_only"] = only_hosts(role)

    def remember(self, company: _Company, key: str, values: Mapping[str, Any]) -> None:
        """Let later rows find the company by these; whoever came first is found first."""
        code = values.get("credit_code", "")
        company.code = company.code or code
        if key:
            self.by_key.setdefault(key, company)
        if code:
            self.by_code.setdefault(code, company)
        self.by_names.setdefault(_names(values), company)

    def company_of(self, plan: RowPlan) -> _Company:
        """The company that this row is: by its key, its credit code, or the same names where one has no code."""
        code = plan.values.get("credit_code", "")
        found = self.by_key.get(plan.import_key) or self.by_code.get(code)
        if found is None:
            named = self.by_names.get(_names(plan.values))
            found = named if named and not (code and named.code) else None
        return found or _Company()

    def why_not(self, plan: RowPlan, company: KnownCompany | None) -> str:
        """Why a row is not taken: its company waits for a decision, or is new and of a country nobody can read."""
        if company is not None:
            return DECISIONS_WAIT.get(ExhibitorStatus(company.status), "")
        lost = any("bad_country" in one.words.values() or one.words.get("field") == "country" for one in plan.problems)
        return "no_country" if lost else ""

    def again(self, plan: RowPlan, company: _Company, earlier: RowPlan, row: Sequence[str]) -> RowPlan:
        """The same company once more: its further booths go to the first row, and a code which that one lacks."""
        if earlier.outcome is Outcome.REFUSED:
            plan.problems.append(Problem("same_as_refused", {"row": earlier.number}, fatal=True))
            return plan
        more = self.free_booths(earlier, row, teller=plan)
        earlier.booths += more
        if (self.takes_code(plan, company, earlier) or more) and earlier.outcome is Outcome.UNCHANGED:
            earlier.outcome = Outcome.UPDATED
        plan.company_id, plan.values, plan.outcome = earlier.company_id, {}, Outcome.UNCHANGED
        plan.problems.append(Problem("same_as", {"row": earlier.number}))
        return plan

    def takes_code(self, plan: RowPlan, company: _Company, earlier: RowPlan) -> bool:
        """Whether the first row of a company gets the code that a later one names."""
        code = plan.values.get("credit_code", "")
        now = {**(company.known.values if company.known else {}), **earlier.values}
        wanted = bool(code) and not now.get("credit_code") and now["country"] == "CN"
        if wanted:
            earlier.values["credit_code"] = code
        return wanted

    def outcome(self, plan: RowPlan, company: KnownCompany | None) -> Outcome:
        if company is None:
            plan.values = {"kind": self.mapping.kind, "country": self.mapping.country, **plan.values}
            return Outcome.CREATED
        plan.values = {
            name: value
            for name, value in plan.values.items()
            if value not in ("", None) and value != company.values.get(name)
        }
        self.drop_code_abroad(plan, company)
        return Outcome.UPDATED if plan.values or plan.booths else Outcome.UNCHANGED

    def drop_code_abroad(self, plan: RowPlan, company: KnownCompany) -> None:
        """A credit code that would stand beside a country other than the mainland's: neither of the two is taken."""
        become = {**company.values, **plan.values}
        if become.get("credit_code") and become["country"] != "CN":
            wrong = [plan.values.pop(name) for name in ("country", "credit_code") if name in plan.values]
            plan.problems.append(Problem("bad_value", {"value": ", ".join(wrong), "why": "credit_code_abroad"}))

    # --- booths --------------------------------------------------------------------------------

    def free_booths(self, plan: RowPlan, row: Sequence[str], teller: RowPlan | None = None) -> list[str]:
        """The booths of a row that its company gets now; `teller` is the row that hears about the others."""
        teller = teller or plan
        wanted: dict[str, str] = {}
        for hall, text in booth_texts(row, self.mapping):
            number = self.number_of(teller, text)
            if number in wanted:
                teller.problems.append(Problem("booth_twice", {"booth": number}))
            elif number:
                wanted[number] = hall
        return [number for number, hall in wanted.items() if self.claim(plan, teller, number, hall)]

    def number_of(self, plan: RowPlan, text: str) -> str:
        if code := self.hall_words.get(plain_name(text)):
            plan.problems.append(Problem("hall_for_booth", {"booth": text[:60], "hall": code}))
            return ""
        try:
            return booth_number(text)
        except ValueError:
            plan.problems.append(Problem("bad_booth", {"booth": text[:60]}))
            return ""

    def claim(self, plan: RowPlan, teller: RowPlan, number: str, hall: str) -> bool:
        """Whether the company gets this booth now; why not is said to `teller`."""
        known = self.known.booths.get(number)
        problem = self.refusal(plan, number, known) or self.place(number, hall, known)
        if problem is not None:
            teller.problems.append(problem)
            return False
        self.claims.setdefault(number, plan)
        has_it = known and not known.held and known.holder_id and known.holder_id == plan.company_id
        return not has_it and number not in plan.booths

    def refusal(self, plan: RowPlan, number: str, known: KnownBooth | None) -> Problem | None:
        first = self.claims.get(number, plan)
        if first is not plan:
            return Problem("booth_wanted_by_two", {"booth": number, "row": first.number, "name": first.name})
        if known and known.withdrawn:
            return Problem("booth_withdrawn", {"booth": number})
        if known and known.holder_id and known.holder_id != plan.company_id:
            return Problem("booth_taken", {"booth": number, "name": known.holder_name})
        return None

    def place(self, number: str, hall: str, known: KnownBooth | None) -> Problem | None:
        if known is None and number not in self.new_booths:
            code = self.hall_of(number, hall)
            if not code:
                return Problem("no_hall", {"booth": number})
            self.new_booths[number] = code
        return None


def _words(hall: HallName) -> tuple[str, ...]:
    return tuple(filter(None, (hall.code, hall.name_zh, hall.name_en)))


def _names(values: Mapping[str, Any]) -> tuple[str, str]:
    return plain_name(values.get("name_zh") or ""), plain_name(values.get("name_en") or "")
