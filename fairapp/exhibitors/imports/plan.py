"""What a list would change, row by row: pure, so that the preview and the import cannot disagree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from fairapp.exhibitors.companies import names as company_names
from fairapp.exhibitors.companies.names import plain_name
from fairapp.exhibitors.companies.profile import clean_details
from fairapp.exhibitors.imports.columns import ListMapping
from fairapp.exhibitors.imports.hall_names import HallName, hall_name
from fairapp.exhibitors.imports.rows import Problem, is_host_only, read_values, split_booths, split_halls
from fairapp.exhibitors.models import ExhibitorStatus
from fairapp.fairs.booths.rules import booth_number

UNDECIDED = {
    ExhibitorStatus.APPLIED: "has_applied",
    ExhibitorStatus.REFUSED: "was_refused",
    ExhibitorStatus.WITHDRAWN: "has_withdrawn",
}


class RowOutcome(StrEnum):
    """What an import does, or would do, with one row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class ExistingBooth:
    """A booth the fair has: its hall's code, who has it or only holds it, whether it was taken off the plan."""

    hall: str
    holder_id: UUID | None = None
    holder_name: str = ""
    withdrawn: bool = False
    held: bool = False


@dataclass(frozen=True)
class ExistingCompany:
    """An exhibitor the fair has; `values` are its columns."""

    id: UUID
    import_key: str
    status: str
    values: Mapping[str, Any]


@dataclass
class FairSnapshot:
    """The fair as it is before the list: halls, booths by number, companies, and lists by name or code."""

    halls: list[HallName] = field(default_factory=list)
    booths: dict[str, ExistingBooth] = field(default_factory=dict)
    companies: list[ExistingCompany] = field(default_factory=list)
    zones: dict[str, UUID] = field(default_factory=dict)
    delegations: dict[str, UUID] = field(default_factory=dict)
    product_categories: dict[str, UUID] = field(default_factory=dict)


@dataclass
class RowPlan:
    """What an import does with one row; `number` counts from 1 as a spreadsheet does.

    `booths` are new for the company, or were only held for it.
    """

    number: int
    name: str
    outcome: RowOutcome = RowOutcome.REFUSED
    company_id: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)
    import_key: str = ""
    booths: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def problem_text(self) -> str:
        """Return its problems as sentences."""
        return " ".join(map(str, self.problems))


@dataclass
class Plan:
    """What an import does: all rows, the halls and booths to create (booth number → hall code)."""

    rows: list[RowPlan]
    halls: list[HallName]
    booths: dict[str, str]


def plan_import(rows: Sequence[Sequence[str]], mapping: ListMapping, snapshot: FairSnapshot) -> Plan:
    """Return what the list would do to the fair; rows without any text are not rows."""
    planner = _Planner(mapping, snapshot)
    body = [(number, row) for number, row in enumerate(rows, 1) if number > mapping.heading_row + 1 and any(row)]
    planner.learn_halls(row for _, row in body)
    plans = [planner.plan(number, row) for number, row in body]
    used = set(planner.new_booths.values())
    return Plan(
        plans,
        [hall for hall in planner.halls.values() if hall.code in used - planner.existing_halls],
        planner.new_booths,
    )


@dataclass
class _Company:
    """One company of the fair or of the list: what the fair knows of it, its credit code, the first row that names it."""

    existing: ExistingCompany | None = None
    code: str = ""
    row: RowPlan | None = None


class _Planner:
    """Plans row after row, and remembers what earlier rows took."""

    def __init__(self, mapping: ListMapping, snapshot: FairSnapshot) -> None:
        self.mapping, self.snapshot = mapping, snapshot
        self.halls: dict[str, HallName] = {hall.code: hall for hall in snapshot.halls}
        self.existing_halls = set(self.halls)
        self.hall_words = {plain_name(word): hall.code for hall in snapshot.halls for word in _hall_words(hall)}
        self.new_booths: dict[str, str] = {}
        self.claims: dict[str, RowPlan] = {}
        self.by_key: dict[str, _Company] = {}
        self.by_code: dict[str, _Company] = {}
        self.by_names: dict[Any, _Company] = {}
        for company in snapshot.companies:
            self.remember(_Company(company), company.import_key, company.values)

    # --- halls ---------------------------------------------------------------------------------

    def learn_halls(self, rows: Iterable[Sequence[str]]) -> None:
        """Learn every hall the list names, so that "H4" is understood wherever it stands."""
        for row in rows:
            for text in split_halls(self.mapping.cell(row, "halls")):
                if plain_name(text) not in self.hall_words:
                    hall = hall_name(text, self.halls)
                    self.halls[hall.code] = hall
                    self.hall_words |= {plain_name(word): hall.code for word in (text, *_hall_words(hall))}

    def hall_code(self, number: str, hall: str) -> str:
        """Return the code of a booth's hall: as named, or as its number begins; '' when neither says."""
        if hall:
            return self.hall_words.get(plain_name(hall), "")
        return self.hall_words.get(plain_name(number.partition("-")[0]), "") if "-" in number else ""

    # --- rows ----------------------------------------------------------------------------------

    def plan(self, number: int, row: Sequence[str]) -> RowPlan:
        values, problems = read_values(row, self.mapping)
        plan = RowPlan(number, values.get("name_zh") or values.get("name_en") or "", problems=problems)
        if any(problem.fatal for problem in problems) or not self.has_a_name(plan, row):
            return plan
        self.drop_faults(plan, values)
        self.look_up(plan, values, row)
        plan.values = values
        plan.import_key = company_names.import_key(values["name_zh"], values["name_en"], values.get("credit_code", ""))
        match = self.find_company(plan)
        self.remember(match, plan.import_key, values)
        if match.row is not None:
            return self.plan_repeat(plan, match, match.row, row)
        match.row, company = plan, match.existing
        if refusal := self.refusal_code(plan, company):
            plan.problems.append(Problem(refusal, fatal=True))
            return plan
        plan.company_id = company.id if company else None
        plan.booths = self.free_booths(plan, row)
        plan.outcome = self.outcome(plan, company)
        return plan

    def has_a_name(self, plan: RowPlan, row: Sequence[str]) -> bool:
        booths = ", ".join(text for _, text in split_booths(row, self.mapping))
        if not plan.name:
            plan.problems.append(Problem("no_name_booth" if booths else "no_name", {"booth": booths}, fatal=True))
        return bool(plan.name)

    def drop_faults(self, plan: RowPlan, values: dict[str, Any]) -> None:
        """Take what is good of a row: a wrong value is named and left out. A country is never guessed here."""
        typed = dict(values)
        tidy, faults = clean_details({"country": self.mapping.country, **typed})
        for name, fault in faults.items():
            plan.problems.append(Problem("bad_value", {"value": str(typed[name])[:60], "why": fault}))
            tidy[name] = ""
        if "country" not in typed:
            del tidy["country"]
        values.clear()
        values.update(tidy)

    def look_up(self, plan: RowPlan, values: dict[str, Any], row: Sequence[str]) -> None:
        lists = {
            "zone": self.snapshot.zones,
            "delegation": self.snapshot.delegations,
            "product_category": self.snapshot.product_categories,
        }
        for name, records in lists.items():
            text = self.mapping.cell(row, name)
            if text and plain_name(text) not in records:
                plan.problems.append(Problem(f"unknown_{name}", {"value": text[:60]}))
            elif text:
                values[f"{name}_id"] = records[plain_name(text)]
        if role := self.mapping.cell(row, "role"):
            values["is_host_only"] = is_host_only(role)

    def remember(self, company: _Company, key: str, values: Mapping[str, Any]) -> None:
        """Let later rows find the company by these; the earliest company wins."""
        code = values.get("credit_code", "")
        company.code = company.code or code
        if key:
            self.by_key.setdefault(key, company)
        if code:
            self.by_code.setdefault(code, company)
        self.by_names.setdefault(_names(values), company)

    def find_company(self, plan: RowPlan) -> _Company:
        """Return the company of a row: by its key, its credit code, or the same names where one has no code."""
        code = plan.values.get("credit_code", "")
        match = self.by_key.get(plan.import_key) or self.by_code.get(code)
        if match is None:
            namesake = self.by_names.get(_names(plan.values))
            match = namesake if namesake and not (code and namesake.code) else None
        return match or _Company()

    def refusal_code(self, plan: RowPlan, company: ExistingCompany | None) -> str:
        """Return why a row is not taken: its company waits for a decision, or is new and its country is unreadable."""
        if company is not None:
            return UNDECIDED.get(ExhibitorStatus(company.status), "")
        is_unreadable = any(
            "bad_country" in problem.words.values() or problem.words.get("field") == "country"
            for problem in plan.problems
        )
        return "no_country" if is_unreadable else ""

    def plan_repeat(self, plan: RowPlan, company: _Company, earlier: RowPlan, row: Sequence[str]) -> RowPlan:
        """Plan the same company once more: the first row gets its further booths, and a code which that one lacks."""
        if earlier.outcome is RowOutcome.REFUSED:
            plan.problems.append(Problem("same_as_refused", {"row": earlier.number}, fatal=True))
            return plan
        further = self.free_booths(earlier, row, reporter=plan)
        earlier.booths += further
        if (self.adopts_code(plan, company, earlier) or further) and earlier.outcome is RowOutcome.UNCHANGED:
            earlier.outcome = RowOutcome.UPDATED
        plan.company_id, plan.values, plan.outcome = earlier.company_id, {}, RowOutcome.UNCHANGED
        plan.problems.append(Problem("same_as", {"row": earlier.number}))
        return plan

    def adopts_code(self, plan: RowPlan, company: _Company, earlier: RowPlan) -> bool:
        """Return whether the first row of a company gets the code that a later one names."""
        code = plan.values.get("credit_code", "")
        present = {**(company.existing.values if company.existing else {}), **earlier.values}
        adopts = bool(code) and not present.get("credit_code") and present["country"] == "CN"
        if adopts:
            earlier.values["credit_code"] = code
        return adopts

    def outcome(self, plan: RowPlan, company: ExistingCompany | None) -> RowOutcome:
        if company is None:
            plan.values = {"kind": self.mapping.kind, "country": self.mapping.country, **plan.values}
            return RowOutcome.CREATED
        plan.values = {
            name: value
            for name, value in plan.values.items()
            if value not in ("", None) and value != company.values.get(name)
        }
        self.drop_code_abroad(plan, company)
        return RowOutcome.UPDATED if plan.values or plan.booths else RowOutcome.UNCHANGED

    def drop_code_abroad(self, plan: RowPlan, company: ExistingCompany) -> None:
        """Drop country and code where a credit code would stand beside a country other than the mainland's."""
        after = {**company.values, **plan.values}
        if after.get("credit_code") and after["country"] != "CN":
            dropped = [plan.values.pop(name) for name in ("country", "credit_code") if name in plan.values]
            plan.problems.append(Problem("bad_value", {"value": ", ".join(dropped), "why": "credit_code_abroad"}))

    # --- booths --------------------------------------------------------------------------------

    def free_booths(self, plan: RowPlan, row: Sequence[str], reporter: RowPlan | None = None) -> list[str]:
        """Return the booths of a row that its company gets now; `reporter` is the row that hears about the others."""
        reporter = reporter or plan
        halls: dict[str, str] = {}
        for hall, text in split_booths(row, self.mapping):
            number = self.number_of(reporter, text)
            if number in halls:
                reporter.problems.append(Problem("booth_twice", {"booth": number}))
            elif number:
                halls[number] = hall
        return [number for number, hall in halls.items() if self.claim(plan, reporter, number, hall)]

    def number_of(self, plan: RowPlan, text: str) -> str:
        if code := self.hall_words.get(plain_name(text)):
            plan.problems.append(Problem("hall_for_booth", {"booth": text[:60], "hall": code}))
            return ""
        try:
            return booth_number(text)
        except ValueError:
            plan.problems.append(Problem("bad_booth", {"booth": text[:60]}))
            return ""

    def claim(self, plan: RowPlan, reporter: RowPlan, number: str, hall: str) -> bool:
        """Return whether the company gets this booth now; `reporter` hears why not."""
        existing = self.snapshot.booths.get(number)
        problem = self.booth_problem(plan, number, existing) or self.place_booth(number, hall, existing)
        if problem is not None:
            reporter.problems.append(problem)
            return False
        self.claims.setdefault(number, plan)
        has_it = existing and not existing.held and existing.holder_id and existing.holder_id == plan.company_id
        return not has_it and number not in plan.booths

    def booth_problem(self, plan: RowPlan, number: str, existing: ExistingBooth | None) -> Problem | None:
        first = self.claims.get(number, plan)
        if first is not plan:
            return Problem("booth_wanted_by_two", {"booth": number, "row": first.number, "name": first.name})
        if existing and existing.withdrawn:
            return Problem("booth_withdrawn", {"booth": number})
        if existing and existing.holder_id and existing.holder_id != plan.company_id:
            return Problem("booth_taken", {"booth": number, "name": existing.holder_name})
        return None

    def place_booth(self, number: str, hall: str, existing: ExistingBooth | None) -> Problem | None:
        if existing is None and number not in self.new_booths:
            code = self.hall_code(number, hall)
            if not code:
                return Problem("no_hall", {"booth": number})
            self.new_booths[number] = code
        return None


def _hall_words(hall: HallName) -> tuple[str, ...]:
    return tuple(filter(None, (hall.code, hall.name_zh, hall.name_en)))


def _names(values: Mapping[str, Any]) -> tuple[str, str]:
    return plain_name(values.get("name_zh") or ""), plain_name(values.get("name_en") or "")
