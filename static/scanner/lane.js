// One lane's answers: the server's when it comes in time, else the device's own where it can decide.

import { NoAnswer, Refused } from "./api.js";
import { newId } from "./ids.js";

/**
 * @import { Clock } from "./clock.js"
 * @import { Decider } from "./decider.js"
 * @import { Outbox } from "./outbox.js"
 * @import { Answer, Mode, OwnDecision, Request, Scan, StoredScan } from "../../types/gate.js"
 */

/** @typedef {{ scan: Scan & { code: string }, decider: Decider }} Decidable what the device could decide itself */

export const DECIDABLE_TIMEOUT = 800; // ms at the door before the device decides by itself
export const UNDECIDABLE_TIMEOUT = 4000; // ms where only the server can decide

export class Lane {
  /**
   * @param {object} parts
   * @param {Outbox} parts.outbox
   * @param {Clock} parts.clock
   * @param {Decider | null} [parts.decider] null where the device has no list
   * @param {(mode: Mode) => void} parts.onMode hears who decides
   */
  constructor({ outbox, clock, decider = null, onMode }) {
    this.outbox = outbox;
    this.clock = clock;
    this.decider = decider;
    this.onMode = onMode;
    /** @type {Mode} */
    this.mode = "server";
  }

  /** @param {Mode} mode */
  turnTo(mode) {
    if (this.mode === mode) return;
    this.mode = mode;
    this.onMode(mode);
  }

  /**
   * The answer to what was read; throws NoAnswer when nobody can say, Refused when the server will not.
   * @param {Request} request
   * @returns {Promise<Answer>}
   */
  async answer(request) {
    const scan = { id: newId(), at: new Date().toISOString(), ...request };
    const decidable = this.decidable(scan);
    if (decidable && this.mode === "device")
      return this.decide(decidable, (decided) => this.keepDecided(scan, decided));
    this.outbox.hold(scan);
    try {
      const answer = await this.ask(scan, decidable);
      // the answer stands, also where the phone has no room to remember it
      if (decidable && !answer.byDevice) await decidable.decider.learn(scan, answer).catch(() => {});
      return answer;
    } finally {
      this.outbox.release(scan);
    }
  }

  /**
   * @param {Scan} scan
   * @returns {Decidable | null} null: only the server can decide
   */
  decidable(scan) {
    const { code } = scan;
    if (!this.decider?.knowledge.ready || !code) return null;
    return { scan: { ...scan, code }, decider: this.decider };
  }

  /**
   * The server's answer to a scan, or the device's own: then the decision is kept before anybody else may send it.
   * @param {Scan} scan
   * @param {Decidable | null} decidable
   */
  async ask(scan, decidable) {
    const stored = await this.outbox.keep(scan);
    try {
      const answer = await this.outbox.ask(stored, decidable ? DECIDABLE_TIMEOUT : UNDECIDABLE_TIMEOUT);
      this.turnTo("server");
      return answer;
    } catch (error) {
      if (!(error instanceof NoAnswer)) await this.drop(stored, error);
      this.turnTo("device");
      if (!decidable) throw error;
      return this.decide(decidable, (decided) => this.outbox.store.putScans([{ ...stored, decided }]));
    }
  }

  /**
   * A refused request is no scan: the person at the door is told and tries again, signed in or at the right gate.
   * @param {StoredScan} stored
   * @param {unknown} error thrown again
   */
  async drop(stored, error) {
    if (error instanceof Refused && !error.isPassing) await this.outbox.store.removeScans([stored.id]);
    throw error;
  }

  /**
   * @param {Decidable} decidable
   * @param {(decided: OwnDecision) => Promise<unknown>} keep
   */
  async decide({ scan, decider }, keep) {
    const answer = await decider.answer(scan, this.clock.now());
    const { version } = decider.knowledge.list;
    await keep({ decision: answer.decision, admitted: answer.admitted, mode: "device", list_version: version });
    this.outbox.report();
    return answer;
  }

  /**
   * @param {Scan} scan
   * @param {OwnDecision} decided
   */
  keepDecided(scan, decided) {
    return this.outbox.keep({ ...scan, decided });
  }
}
