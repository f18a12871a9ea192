// Scans on their way to the server. Each is kept before it is sent and leaves only when the server has
// acknowledged it, so a reload loses nothing; the same id goes out as often as needed and is stored once.

import { Refused } from "./line.js";

const AT_ONCE = 200;
const BATCH_WITHIN = 20_000; // ms
const SAME = 2000; // ms: a clock that ran on as before

export class Outbox {
  /** `onChange(n)` hears how many wait. */
  constructor({ store, line, clock, url, onChange }) {
    Object.assign(this, { store, line, clock, url, onChange });
    this.asked = new Set(); // ids somebody waits for at the door
    this.sending = null;
    this.aside = null; // how many the server will not take; not known before the first look
  }

  /** Keep a scan with the offset that the clock has now. */
  async keep(scan) {
    const kept = await this.store.addScan({ ...scan, offset: this.clock.offset });
    this.tell();
    return kept;
  }

  /** The server's answer to one kept scan. */
  async ask(scan, within) {
    this.asked.add(scan.id);
    try {
      const [answer] = await this.post([scan], within);
      return answer;
    } finally {
      this.asked.delete(scan.id);
      this.tell();
    }
  }

  async post(scans, within) {
    const body = { scans: scans.map((scan) => this.wire(scan)), sent_at: new Date().toISOString() };
    const { scans: answers } = await this.line.ask(this.url, { body, within });
    await this.store.removeScans(scans.map((scan) => scan.id));
    return answers;
  }

  /** A scan as the API takes it. The server adds the clock's error of now: one put right since then is undone. */
  wire({ id, code, badge, gate, direction, at, offset, method, counter, decided, override_reason }) {
    const shift = Math.abs(offset - this.clock.offset) > SAME ? offset - this.clock.offset : 0;
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
      if (!(error instanceof Refused) || error.status === 401) throw error;
      if (scans.length === 1) return this.setAside(scans[0], error);
      const half = Math.ceil(scans.length / 2);
      await this.sendSome(scans.slice(0, half));
      return this.sendSome(scans.slice(half));
    }
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
