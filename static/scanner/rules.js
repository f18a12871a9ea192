// The decision at a door, as fairapp/gates/rules.py makes it. tests/gates/cases.json holds both to the same cases.

export const EVERY_DAY = 0x7fffffff;
export const PASSES = new Set(["admitted", "re_entry"]);
// Without a known person there is nobody to admit.
export const OVERRIDABLE = new Set(["already_inside", "wrong_day", "wrong_zone", "revoked", "not_open", "capacity", "blocked"]);
const BOUND_BY_HOURS = new Set(["visitor", "guest", "press", "speaker"]);
const PAST_CAPACITY = new Set(["organiser", "service"]);
const LEVELS = [100, 90, 80];

const USUAL = {
  proof: "genuine",
  holder: "active",
  kind: "visitor",
  category: "",
  vip: false,
  days: EVERY_DAY,
  day: 1,
  minute: 600,
  opens: 540,
  closes: 1020,
  admits: null,
  gate_blocked: false,
  direction: "entry",
  inside: false,
  entered_today: false,
  rooms: [], // crowds with a limit that one joins here: [people inside, how many may be, hard stop]
};

/** The first law that refuses gives the reason; leaving is always allowed. */
export function decide(some) {
  const facts = { ...USUAL, ...some };
  if (facts.proof !== "genuine") return facts.proof === "bad_signature" ? "bad_signature" : "unknown";
  if (facts.direction === "exit") return facts.gate_blocked ? "blocked" : "admitted";
  const refusal = badge(facts) ?? time(facts) ?? place(facts);
  return refusal ?? (facts.entered_today ? "re_entry" : "admitted");
}

function badge(facts) {
  if (facts.gate_blocked || facts.holder === "blocked") return "blocked";
  return facts.holder === "revoked" ? "revoked" : null;
}

function time(facts) {
  const bound = BOUND_BY_HOURS.has(facts.kind) && !facts.vip;
  if (bound && !isOpen(facts.day, facts.minute, facts.opens, facts.closes)) return "not_open";
  const valid = facts.day === 0 ? facts.days === EVERY_DAY : ((facts.days >>> (facts.day - 1)) & 1) === 1;
  return valid ? null : "wrong_day";
}

function place(facts) {
  if (facts.admits !== null && !facts.admits.includes(facts.category)) return "wrong_zone";
  if (facts.inside) return "already_inside";
  const full = facts.rooms.some(([here, capacity, hardStop]) => hardStop && here >= capacity);
  const waits = !PAST_CAPACITY.has(facts.kind) && !facts.vip;
  return full && waits ? "capacity" : null;
}

/** Whether visitors may come in: on a day of the fair, from opening until closing. */
export const isOpen = (day, minute, opens, closes) => day > 0 && opens <= minute && minute < closes;

/** 0, 80, 90 or 100: the share of the approved capacity that is reached, in the steps that warn. */
export const level = (here, capacity) => (capacity ? (LEVELS.find((step) => here * 100 >= capacity * step) ?? 0) : 0);
