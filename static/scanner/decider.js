// The device's own decision: the code's signature, what the list says, and the same laws as the server's.

import { atTheFair, minutesOf } from "./clock.js";
import { prove } from "./code.js";
import { decide, level, OVERRIDABLE, PASSES } from "./rules.js";

/**
 * @import { Knowledge } from "./knowledge.js"
 * @import { Answer, BadgeCode, DecisionFacts, Direction, Gate, Level, Scan } from "../../types/gate.js"
 */

/** @typedef {{ code: BadgeCode, hash: string }} Badge a genuine code and its hash in the lists */
/** @typedef {ReturnType<typeof atTheFair>} FairTime */

/** @type {Omit<Gate, "code">} a gate may be taken from the device while a lane stands there */
const MISSING_GATE = {
  name_zh: null,
  name_en: null,
  zone: null,
  outer: false,
  direction: "both",
  closed: true,
  admits: null,
  opens: null,
  closes: null,
};

export class Decider {
  /** @param {Knowledge} knowledge */
  constructor(knowledge) {
    this.knowledge = knowledge;
  }

  /**
   * Decide on a scan at a moment (ms, server's time).
   * @param {Scan & { code: string }} scan
   * @param {number} now
   * @returns {Promise<Answer & { byDevice: true }>}
   */
  async answer(scan, now) {
    const { knowledge } = this;
    const gate = knowledge.gates.get(scan.gate) ?? { ...MISSING_GATE, code: scan.gate };
    const { proof, badge } = await this.read(scan.code);
    const time = atTheFair(now, knowledge.list.fair);
    const facts = { proof, direction: scan.direction, gate_blocked: !leads(gate, scan.direction) };
    const decision = decide(badge ? { ...facts, ...(await this.facts(badge, gate, time)) } : facts);
    const admitted = PASSES.has(decision) || Boolean(scan.override_reason && OVERRIDABLE.has(decision));
    if (admitted && badge) await knowledge.passed(badge.hash, gate.code, scan.direction, time.day, now);
    return {
      ...(await this.describe(badge, gate, time.day)),
      id: scan.id,
      decision,
      admitted,
      direction: scan.direction,
      at: new Date(now).toISOString(),
      byDevice: true,
    };
  }

  /** @param {string} text */
  async read(text) {
    const { knowledge } = this;
    const { proof, code } = await prove(text, { fairId: knowledge.list.fair.id, keys: knowledge.keys });
    return { proof, badge: code && { code, hash: await knowledge.hash(code.codeId) } };
  }

  /**
   * @param {Badge} badge
   * @param {Gate} gate
   * @param {FairTime} time
   * @returns {Promise<Partial<DecisionFacts>>}
   */
  async facts({ code, hash }, gate, { day, minute, number }) {
    const { knowledge } = this;
    const { fair } = knowledge.list;
    const category = knowledge.categories.get(code.category);
    const standing = await knowledge.standing(hash, gate.zone || "", day);
    return {
      holder: knowledge.revoked.has(hash) ? "revoked" : "active",
      kind: category?.kind ?? "visitor",
      category: code.category,
      vip: category?.vip ?? false,
      days: code.days,
      day: number,
      minute,
      opens: minutesOf(gate.opens ?? fair.opens_at),
      closes: minutesOf(gate.closes ?? fair.closes_at),
      admits: gate.admits,
      inside: standing.inside && fair.exits_are_scanned,
      entered_today: standing.entered,
      rooms: knowledge.rooms(gate.code, day),
    };
  }

  /**
   * What the steward may see of the badge's holder; it is never stored.
   * @param {Badge | null} badge
   * @param {Gate} gate
   * @param {string} day
   */
  async describe(badge, gate, day) {
    if (!badge) return { name: "", company: "", number: "", category: "", level: /** @type {const} */ (0) };
    const person = await this.knowledge.person(badge.hash, badge.code.codeId);
    const category = this.knowledge.categories.get(person.category ?? badge.code.category);
    return {
      name: person.name ?? "",
      company: person.company ?? "",
      number: person.number ?? "",
      category: category ?? "",
      escort: category?.escort ?? false,
      level: this.highestLevel(gate, day),
    };
  }

  /**
   * @param {Gate} gate
   * @param {string} day
   */
  highestLevel(gate, day) {
    const levels = this.knowledge.rooms(gate.code, day).map(([inside, capacity]) => level(inside, capacity));
    return /** @type {Level} */ (Math.max(0, ...levels));
  }

  /**
   * Remember what the server let pass, so that the device knows it when the network goes.
   * @param {Scan} scan
   * @param {Answer} answer
   */
  async learn(scan, answer) {
    if (!answer.admitted || !scan.code) return;
    const { badge } = await this.read(scan.code);
    if (!badge) return;
    const at = Date.parse(answer.at);
    const { day } = atTheFair(at, this.knowledge.list.fair);
    await this.knowledge.passed(badge.hash, scan.gate, scan.direction, day, at);
  }
}

/**
 * Whether a gate is open in a direction.
 * @param {Gate} gate
 * @param {Direction} direction
 */
const leads = (gate, direction) => !gate.closed && ["both", direction].includes(gate.direction);
