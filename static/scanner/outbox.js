// Scans on their way to the server. Each is kept before it is sent and leaves only when the server has
// acknowledged it, so a reload loses nothing; the same id goes out as often as needed and is stored once.

import { NoAnswer, Refused } from "./api.js";

/**
 * @import { Api } from "./api.js"
 * @import { Clock } from "./clock.js"
 * @import { MemoryStore, Store } from "./store.js"
 * @import { Answer, Counts, OwnDecision, Scan, StoredScan } from "../../types/gate.js"
 */

export const MAX_BATCH = 200; // scans sent together
const BATCH_TIMEOUT = 20_000; // ms
const SERVER_FAILED = 500; // the server itself failed; what stands before it answers 502 to 504
export const MAX_FAILURES = 5; // rounds in which the server failed over one scan
const REVOKED = "device_revoked";
export const CLOCK_TOLERANCE = 2000; // ms: a clock that ran on as before

export class Outbox {
  /**
   * @param {object} parts
   * @param {Store | MemoryStore} parts.store
   * @param {Api} parts.api
   * @param {Clock} parts.clock
   * @param {string} parts.url that takes scans
   * @param {(counts: Counts) => void} parts.onChange hears how many wait
   */
  constructor({ store, api, clock, url, onChange }) {
    this.store = store;
    this.api = api;
    this.clock = clock;
    this.url = url;
    this.onChange = onChange;
    /** @type {Set<string>} ids somebody waits for at the door */
    this.held = new Set();
    /** @type {Promise<void> | null} */
    this.sending = null;
    /** @type {number | null} how many the server will not take; not known before the first look */
    this.refused = null;
  }

  /**
   * From here until `release` nobody else sends this scan: somebody waits for it at the door.
   * @param {Scan} scan
   */
  hold(scan) {
    this.held.add(scan.id);
  }

  /** @param {Scan} scan */
  release(scan) {
    this.held.delete(scan.id);
    this.report();
  }

  /**
   * Keep a scan with the offset that the clock has now; null: no server was heard yet.
   * @param {Scan & { decided?: OwnDecision }} scan
   */
  async keep(scan) {
    const stored = await this.store.addScan({ ...scan, offset: this.clock.offset });
    this.report();
    return stored;
  }

  /**
   * The server's answer to one kept scan.
   * @param {StoredScan} scan
   * @param {number} timeout ms
   */
  async ask(scan, timeout) {
    const [answer] = await this.post([scan], timeout);
    return answer;
  }

  /**
   * @param {StoredScan[]} scans
   * @param {number} timeout ms
   */
  async post(scans, timeout) {
    const body = { scans: scans.map((scan) => this.toWire(scan)), sent_at: new Date().toISOString() };
    /** @type {{ scans: Answer[] }} */
    const { scans: answers } = await this.api.ask(this.url, { body, timeout });
    await this.store.removeScans(scans.map((scan) => scan.id));
    return answers;
  }

  /**
   * A scan as the API takes it. The server adds the clock's error of now: one put right since then is undone.
   * @param {StoredScan} scan
   */
  toWire({ id, code, badge, gate, direction, at, offset, method, counter, decided, override_reason }) {
    const shift = offset !== null && this.clock.offset !== null ? offset - this.clock.offset : 0;
    const moment = Date.parse(at) + (Math.abs(shift) > CLOCK_TOLERANCE ? shift : 0);
    const corrected = new Date(moment).toISOString();
    return { id, code, badge, gate, direction, at: corrected, method, counter, decided, override_reason };
  }

  /** Send what waits, oldest first. Throws NoAnswer, or a Refused that may pass. */
  flush() {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
      this.report();
    });
    return this.sending;
  }

  async sendAll() {
    const waiting = (await this.store.scans()).filter((scan) => !scan.refused && !this.held.has(scan.id));
    for (let start = 0; start < waiting.length; start += MAX_BATCH) {
      await this.sendBatch(waiting.slice(start, start + MAX_BATCH));
      this.report();
    }
  }

  /**
   * One wrong scan must not keep the others back: it is set aside, and still kept.
   * @param {StoredScan[]} scans
   * @returns {Promise<void>}
   */
  async sendBatch(scans) {
    try {
      await this.post(scans, BATCH_TIMEOUT);
    } catch (error) {
      if (isRevoked(error)) return this.sendDecided(scans, error);
      if (!isAboutScans(error)) throw error;
      if (scans.length > 1) return this.sendHalves(scans);
      if (error instanceof NoAnswer) return this.noteFailure(scans[0], error);
      await this.setAside(scans[0], error);
    }
  }

  /** @param {StoredScan[]} scans */
  async sendHalves(scans) {
    const half = Math.ceil(scans.length / 2);
    await this.sendBatch(scans.slice(0, half));
    await this.sendBatch(scans.slice(half));
  }

  /**
   * A withdrawn device hands in what it decided; what it only asked was no passage. Throws when it may not even that.
   * @param {StoredScan[]} scans
   * @param {Refused} error
   */
  async sendDecided(scans, error) {
    const decided = scans.filter((scan) => scan.decided);
    if (decided.length === scans.length) throw error;
    for (const scan of scans) if (!scan.decided) await this.setAside(scan, error);
    if (decided.length) await this.sendBatch(decided);
  }

  /**
   * The server broke over this scan: maybe over any, so the others wait for the next round; several times: over it.
   * @param {StoredScan} scan
   * @param {NoAnswer} error
   */
  async noteFailure(scan, error) {
    const failures = (scan.failures ?? 0) + 1;
    if (failures >= MAX_FAILURES) return this.setAside(scan, error);
    await this.store.putScans([{ ...scan, failures }]);
    throw error;
  }

  /** Send what was set aside once more. */
  async tryAgain() {
    const aside = (await this.store.scans()).filter((scan) => scan.refused);
    await this.store.putScans(aside.map(({ refused: _refused, failures: _failures, ...scan }) => scan));
    this.refused = null;
    await this.flush();
  }

  /**
   * @param {StoredScan} scan
   * @param {Refused | NoAnswer} error
   */
  async setAside(scan, error) {
    const code = error instanceof Refused ? error.code : "";
    await this.store.putScans([{ ...scan, refused: code || String(error.status) }]);
    this.refused = null;
  }

  /**
   * How many wait, and how many the server will not take.
   * @returns {Promise<Counts>}
   */
  async counts() {
    const refused = this.refused ?? (await this.store.scans()).filter((scan) => scan.refused).length;
    this.refused = refused;
    return { waiting: (await this.store.count("scans")) - refused, refused };
  }

  /** Say how many wait. A store that was closed meanwhile has nobody to tell; a broken one is noticed by who keeps a scan. */
  async report() {
    const counts = await this.counts().catch(() => null);
    if (counts) this.onChange(counts);
  }
}

/**
 * @param {unknown} error
 * @returns {error is Refused}
 */
const isRevoked = (error) => error instanceof Refused && error.code === REVOKED;

/**
 * Whether the scans themselves were not taken; else it is the way to the server, or who asks.
 * @param {unknown} error
 * @returns {error is Refused | NoAnswer}
 */
function isAboutScans(error) {
  if (error instanceof NoAnswer) return error.status === SERVER_FAILED;
  return error instanceof Refused && error.status !== 401;
}
