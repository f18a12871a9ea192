// The decision at a door, as fairapp/gates/rules.py makes it. tests/gates/cases.json holds both to the same cases.

/** @import { Decision, DecisionFacts, Level } from "../../types/gate.js" */

export const EVERY_DAY = 0x7fffffff;
/** @type {Set<Decision>} */
export const PASSES = new Set(["admitted", "re_entry"]);
// Without a known person there is nobody to admit.
/** @type {Set<Decision>} */
export const OVERRIDABLE = new Set([
  "already_inside",
  "wrong_day",
  "wrong_zone",
  "revoked",
  "not_open",
  "capacity",
  "blocked",
]);
export const BOUND_BY_HOURS = new Set(["visitor", "guest", "press", "speaker"]);
export const PAST_CAPACITY = new Set(["organiser", "service"]);
/** @type {Exclude<Level, 0>[]} */
export const LEVELS = [100, 90, 80];

/** @type {DecisionFacts} */
const DEFAULT_FACTS = {
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
  rooms: [],
};

/**
 * The first law that refuses gives the reason; leaving is always allowed.
 * @param {Partial<DecisionFacts>} given
 * @returns {Decision}
 */
export function decide(given) {
  const facts = { ...DEFAULT_FACTS, ...given };
  if (facts.proof !== "genuine") return facts.proof === "bad_signature" ? "bad_signature" : "unknown";
  if (facts.direction === "exit") return facts.gate_blocked ? "blocked" : "admitted";
  const refusal = badgeRefusal(facts) ?? timeRefusal(facts) ?? placeRefusal(facts);
  return refusal ?? (facts.entered_today ? "re_entry" : "admitted");
}

/**
 * @param {DecisionFacts} facts
 * @returns {Decision | null}
 */
function badgeRefusal(facts) {
  if (facts.gate_blocked || facts.holder === "blocked") return "blocked";
  return facts.holder === "revoked" ? "revoked" : null;
}

/**
 * @param {DecisionFacts} facts
 * @returns {Decision | null}
 */
function timeRefusal(facts) {
  const isBound = BOUND_BY_HOURS.has(facts.kind) && !facts.vip;
  if (isBound && !isOpen(facts.day, facts.minute, facts.opens, facts.closes)) return "not_open";
  const isValid = facts.day === 0 ? facts.days === EVERY_DAY : ((facts.days >>> (facts.day - 1)) & 1) === 1;
  return isValid ? null : "wrong_day";
}

/**
 * @param {DecisionFacts} facts
 * @returns {Decision | null}
 */
function placeRefusal(facts) {
  if (facts.admits !== null && !facts.admits.includes(facts.category)) return "wrong_zone";
  if (facts.inside) return "already_inside";
  const isFull = facts.rooms.some(([inside, capacity, hardStop]) => hardStop && inside >= capacity);
  const mustWait = !PAST_CAPACITY.has(facts.kind) && !facts.vip;
  return isFull && mustWait ? "capacity" : null;
}

/**
 * Whether visitors may come in: on a day of the fair, from opening until closing.
 * @param {number} day of the fair; 0: none of its days
 * @param {number} minute of the day, as are the next two
 * @param {number} opens
 * @param {number} closes
 */
export const isOpen = (day, minute, opens, closes) => day > 0 && opens <= minute && minute < closes;

/**
 * 0, 80, 90 or 100: the share of the approved capacity that is reached, in the steps that warn.
 * @param {number} inside
 * @param {number | null} capacity
 * @returns {Level}
 */
export const level = (inside, capacity) =>
  capacity ? (LEVELS.find((step) => inside * 100 >= capacity * step) ?? 0) : 0;
