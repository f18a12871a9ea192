// The device's own decision: the code's signature, what the list says, and the same laws as the server's.

import { atTheFair, minutesOf } from "./clock.js";
import { prove } from "./code.js";
import { decide, level, OVERRIDABLE, PASSES } from "./rules.js";

export class Decider {
  constructor(knowledge) {
    this.knowledge = knowledge;
  }

  /** Decide on a scan {code, gate, direction, override_reason} at a moment (ms, server's time). */
  async answer(scan, now) {
    const { knowledge } = this;
    const { list } = knowledge;
    // a gate may be taken from the device while a lane stands there
    const gate = knowledge.gates.get(scan.gate) ?? { code: scan.gate, closed: true, admits: null };
    const { proof, code } = await prove(scan.code, { fairId: list.fair.id, keys: knowledge.keys });
    const hash = code && (await knowledge.hash(code.codeId));
    const { day, ...today } = atTheFair(now, list.fair);
    const facts = { proof, direction: scan.direction, gate_blocked: !leads(gate, scan.direction) };
    const decision = decide(code ? { ...facts, ...(await this.facts(code, hash, gate, { day, ...today })) } : facts);
    const admitted = PASSES.has(decision) || Boolean(scan.override_reason && OVERRIDABLE.has(decision));
    if (admitted) await knowledge.passed(hash, gate.code, scan.direction, day, now);
    return { ...(await this.shown(code, hash, gate, day)), id: scan.id, decision, admitted, direction: scan.direction, at: new Date(now).toISOString(), byDevice: true };
  }

  async facts(code, hash, gate, { day, minute, number }) {
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

  /** What the steward may see of the badge's holder; it is never stored. */
  async shown(code, hash, gate, day) {
    if (!code) return { name: "", company: "", number: "", category: "", level: 0 };
    const person = await this.knowledge.person(hash, code.codeId);
    const category = this.knowledge.categories.get(person.category ?? code.category);
    return {
      name: person.name ?? "",
      company: person.company ?? "",
      number: person.number ?? "",
      category: category ?? "",
      escort: category?.escort ?? false,
      level: Math.max(0, ...this.knowledge.rooms(gate.code, day).map(([here, capacity]) => level(here, capacity))),
    };
  }

  /** Remember what the server let pass, so that the device knows it when the network goes. */
  async learn(scan, answer) {
    if (!answer.admitted || !scan.code) return;
    const { knowledge } = this;
    const { code } = await prove(scan.code, { fairId: knowledge.list.fair.id, keys: knowledge.keys });
    if (!code) return;
    const at = Date.parse(answer.at);
    const { day } = atTheFair(at, knowledge.list.fair);
    await knowledge.passed(await knowledge.hash(code.codeId), scan.gate, scan.direction, day, at);
  }
}

const leads = (gate, direction) => !gate.closed && ["both", direction].includes(gate.direction);
