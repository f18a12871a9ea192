// Scans on their way to the server. Each is kept before it is sent and leaves only when the server has
// acknowledged it, so a reload loses nothing; the same id goes out as often as needed and is stored once.

import { Refused } from "./line.js";

const AT_ONCE = 200;
const BATCH_WITHIN = 20_000; // ms
const BROKEN = 500; // the server itself failed; what stands before it answers 502 to 504
const SEVERAL = 5; // rounds in which the server failed over one scan
const REVOKED = "device_revoked";
const SAME = 2000; // ms: a clock that ran on as before

export class Outbox {
  /** `onChange(n)` hears how many wait. */
  constructor({ store, line, clock, url, onChange }) {
    Object.assign(this, { store, line, clock, url, onChange });
    this.asked = new Set(); // ids somebody waits for at the door
    this.sending = null;
    this.aside = null; // how many the server will not take; not known before the first look
  }

  /** From here until `release` nobody else sends this scan: somebody waits for it at the door. */
  hold(scan) {
    this.asked.add(scan.id);
  }

  release(scan) {
    this.asked.delete(scan.id);
    this.tell();
  }

  /** Keep a scan with the offset that the clock has now; null: no server was heard yet. */
  async keep(scan) {
    const kept = await this.store.addScan({ ...scan, offset: this.clock.offset });
    this.tell();
    return kept;
  }

  /** The server's answer to one kept scan. */
  async ask(scan, within) {
    const [answer] = await this.post([scan], within);
    return answer;
  }

  async post(scans, within) {
    const body = { scans: scans.map((scan) => this.wire(scan)), sent_at: new Date().toISOString() };
    const { scans: answers } = await this.line.ask(this.url, { body, within });
    await this.store.removeScans(scans.map((scan) => scan.id));
    return answers;
  }

  /** A scan as the API takes it. The server adds the clock's error of now: one put right since then is undone. */
  wire({ id, code, badge, gate, direction, at, offset, method, counter, decided, override_reason }) {
    const known = offset !== null && this.clock.offset !== null;
    const shift = known && Math.abs(offset - this.clock.offset) > SAME ? offset - this.clock.offset : 0;
    const moment = new Date(Date.parse(at) + shift).toISOString();
    return { id, code, badge, gate, direction, at: moment, method, counter, decided, override_reason };
  }

  /** Send what waits, oldest first. Throws Silence, or a Refused that may pass. */
  flush() {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
      this.tell();
    });
    return this.sending;
  }

  async sendAll() {
    const waiting = (await this.store.scans()).filter((scan) => !this.asked.has(scan.id));
    const left = waiting.filter((scan) => !scan.refused);
    for (let start = 0; start < left.length; start += AT_ONCE) {
      await this.sendSome(left.slice(start, start + AT_ONCE));
      this.tell();
    }
  }

  /** One wrong scan must not keep the others back: it is set aside, and still kept. */
  async sendSome(scans) {
    try {
      return await this.post(scans, BATCH_WITHIN);
    } catch (error) {
      if (error.code === REVOKED) return this.decidedOf(scans, error);
      const broken = error.status === BROKEN;
      if (!broken && (!(error instanceof Refused) || error.status === 401)) throw error;
      if (scans.length === 1) return broken ? this.broke(scans[0], error) : this.setAside(scans[0], error);
      const half = Math.ceil(scans.length / 2);
      await this.sendSome(scans.slice(0, half));
      return this.sendSome(scans.slice(half));
    }
  }

  /** A withdrawn device hands in what it decided; what it only asked was no passage. Throws when it may not even that. */
  async decidedOf(scans, error) {
    const decided = scans.filter((scan) => scan.decided);
    if (decided.length === scans.length) throw error;
    for (const scan of scans) if (!scan.decided) await this.setAside(scan, error);
    if (decided.length) await this.sendSome(decided);
  }

  /** The server broke over this scan: maybe over any, so the others wait for the next round; several times: over it. */
  async broke(scan, error) {
    const failures = (scan.failures ?? 0) + 1;
    if (failures >= SEVERAL) return this.setAside(scan, error);
    await this.store.putScans([{ ...scan, failures }]);
    throw error;
  }

  /** Send what was set aside once more. */
  async tryAgain() {
    const aside = (await this.store.scans()).filter((scan) => scan.refused);
    await this.store.putScans(aside.map(({ refused, failures, ...scan }) => scan));
    this.aside = null;
    await this.flush();
  }

  async setAside(scan, error) {
    await this.store.putScans([{ ...scan, refused: error.code || String(error.status) }]);
    this.aside = null;
  }

  /** How many wait, and how many the server will not take. */
  async counts() {
    this.aside ??= (await this.store.scans()).filter((scan) => scan.refused).length;
    return { waiting: (await this.store.count("scans")) - this.aside, refused: this.aside };
  }

  async tell() {
    this.onChange(await this.counts());
  }
}
