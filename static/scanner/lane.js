// One lane's answers: the server's when it comes in time, else the device's own where it can decide.

import { newId } from "./ids.js";
import { Silence } from "./line.js";

const PATIENCE = 800; // ms at the door before the device decides by itself
const WITHOUT_OWN = 4000; // ms where only the server can decide

export class Lane {
  /** `decider` is null where the device has no list; `onMode("server" | "device")` hears who decides. */
  constructor({ outbox, clock, decider = null, onMode }) {
    Object.assign(this, { outbox, clock, decider, onMode });
    this.mode = "server";
  }

  turnTo(mode) {
    if (this.mode === mode) return;
    this.mode = mode;
    this.onMode(mode);
  }

  /** The answer to what was read; throws Silence when nobody can say, Refused when the server will not. */
  async answer(what) {
    const scan = { id: newId(), at: new Date().toISOString(), ...what };
    const able = this.decider?.knowledge.ready && scan.code;
    if (able && this.mode === "device") return this.decide(scan, (counted) => this.outbox.keep(counted));
    this.outbox.hold(scan);
    try {
      const answer = await this.asked(scan, able);
      // the answer stands, also where the phone has no room to remember it
      if (able && !answer.byDevice) await this.decider.learn(scan, answer).catch(() => {});
      return answer;
    } finally {
      this.outbox.release(scan);
    }
  }

  /** The server's answer to a scan, or the device's own: then the decision is kept before anybody else may send it. */
  async asked(scan, able) {
    const kept = await this.outbox.keep(scan);
    try {
      const answer = await this.outbox.ask(kept, able ? PATIENCE : WITHOUT_OWN);
      this.turnTo("server");
      return answer;
    } catch (error) {
      if (!(error instanceof Silence)) await this.drop(kept, error);
      this.turnTo("device");
      if (!able) throw error;
      return this.decide(kept, (decided) => this.outbox.store.putScans([decided]));
    }
  }

  /** A refused request is no scan: the person at the door is told and tries again, signed in or at the right gate. */
  async drop(kept, error) {
    if (!error.passing) await this.outbox.store.removeScans([kept.id]);
    throw error;
  }

  async decide(scan, keep) {
    const answer = await this.decider.answer(scan, this.clock.now());
    const { version } = this.decider.knowledge.list;
    const decided = { decision: answer.decision, admitted: answer.admitted, mode: "device", list_version: version };
    await keep({ ...scan, decided });
    this.outbox.tell();
    return answer;
  }
}
