// A phone that was made a device of the fair: set up once, kept current, taken back at once.

import { NoAnswer, Refused } from "./api.js";

/**
 * @import { Api } from "./api.js"
 * @import { Clock } from "./clock.js"
 * @import { Knowledge } from "./knowledge.js"
 * @import { Lane } from "./lane.js"
 * @import { Outbox } from "./outbox.js"
 * @import { Store } from "./store.js"
 * @import { Enrolment, Facts, ListChanges, RosterPage, WholeList } from "../../types/gate.js"
 * @import { DeviceSetup } from "../../types/setup.js"
 */

/** @typedef {{ cursor: string, seen: Set<string> }} Reload how far a whole load of the roster came, and whom it saw */

export const USUAL_WAIT = 20_000; // ms between rounds while all is well
export const FIRST_RETRY = 2000; // ms
export const MAX_RETRY = 30_000; // ms
const QUICK = 800; // ms: a server slower than this does not decide at the door
const CONTACT_TIMEOUT = 5000; // ms
const LIST_TIMEOUT = 60_000; // ms
const BATTERY_TIMEOUT = 300; // ms
const REVOKED = "device_revoked";

/**
 * Change a set-up token (and PIN) for a device's own key. Throws NoAnswer or Refused.
 * @param {Api} api
 * @param {string} url
 * @param {{ token: string, pin: string }} secret
 * @returns {Promise<Enrolment>}
 */
export function enrol(api, url, { token, pin }) {
  return api.ask(url, { body: { token, ...(pin ? { pin } : {}), device_time: new Date().toISOString() } });
}

/**
 * The token in a set-up link, in whatever of it was typed or scanned; "" when there is none.
 * @param {string} text
 */
export function setUpToken(text) {
  const bare = text.trim();
  return /#set-up=([\w.~-]+)/.exec(text)?.[1] ?? (/^[\w.~-]{16,200}$/.test(bare) ? bare : "");
}

/** In percent; null where the browser does not say it at once: some never do, and a gate waits for nobody. */
async function batteryLevel() {
  /** @type {Promise<null>} */
  const silent = new Promise((done) => setTimeout(done, BATTERY_TIMEOUT, null));
  const battery = await Promise.race([navigator.getBattery?.().catch(() => null), silent]);
  return battery ? Math.round(battery.level * 100) : null;
}

export class Sync {
  /**
   * @param {object} parts
   * @param {DeviceSetup["urls"]} parts.urls
   * @param {Api} parts.api
   * @param {Outbox} parts.outbox
   * @param {Lane} parts.lane
   * @param {Knowledge} parts.knowledge
   * @param {Store} parts.store
   * @param {Clock} parts.clock
   * @param {() => Promise<string>} parts.version of the app that is kept
   * @param {() => void} parts.onState called after every round
   * @param {() => unknown} parts.onRevoked called once
   */
  constructor({ urls, api, outbox, lane, knowledge, store, clock, version, onState, onRevoked }) {
    this.urls = urls;
    this.api = api;
    this.outbox = outbox;
    this.lane = lane;
    this.knowledge = knowledge;
    this.store = store;
    this.clock = clock;
    this.version = version;
    this.onState = onState;
    this.onRevoked = onRevoked;
    this.wait = USUAL_WAIT;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.again = false;
    this.over = false;
    this.unknown = false; // the server does not know this device
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Reload | null} */
    this.reload = null;
  }

  start() {
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
    return this.now();
  }

  /** A round at once, or right after the one that runs: what it asked may have been asked in vain. */
  now() {
    if (this.over) return Promise.resolve();
    clearTimeout(this.timer);
    this.again = this.running !== null;
    this.running ??= this.round().finally(() => {
      this.running = null;
      if (!this.over) this.timer = setTimeout(() => this.now(), this.again ? 0 : this.wait);
      this.again = false;
      this.onState();
    });
    return this.running;
  }

  /** A round in a moment: the server did not answer at the door. */
  soon() {
    if (this.running || this.over) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), FIRST_RETRY);
  }

  async round() {
    if (await this.hasExpired()) return this.end();
    try {
      const isQuick = await this.contact();
      this.unknown = false;
      await this.outbox.flush();
      await this.fetchList();
      if (isQuick) this.lane.turnTo("server");
      this.wait = USUAL_WAIT;
      this.onState();
      await this.fetchRoster();
    } catch (error) {
      await this.failed(error);
    }
  }

  /** @param {unknown} error */
  async failed(error) {
    if (error instanceof Refused && error.code === REVOKED) return this.end();
    if (!(error instanceof NoAnswer) && !(error instanceof Refused)) throw error;
    this.unknown = error.status === 401; // set up again elsewhere, or the server is another one
    this.lane.turnTo("device");
    this.wait = this.wait === USUAL_WAIT ? FIRST_RETRY : Math.min(MAX_RETRY, this.wait * 2);
  }

  /** Tell how this device is; whether the answer came quickly. */
  async contact() {
    const { waiting, refused } = await this.outbox.counts();
    const list = this.knowledge.ready ? this.knowledge.list : null;
    const body = {
      battery: await batteryLevel(),
      queue: waiting + refused,
      list_version: list?.version ?? null,
      list_as_of: list?.as_of ?? null,
      device_time: new Date().toISOString(),
      version: await this.version(),
    };
    const started = performance.now();
    /** @type {{ expires_at: string | null }} */
    const { expires_at: expires } = await this.api.ask(this.urls.contact, { body, timeout: CONTACT_TIMEOUT });
    await this.store.setFact("expires_at", expires);
    await this.store.setFact("offset", this.clock.offset);
    return performance.now() - started < QUICK;
  }

  /** A device ends with its fair, also one that lies in a drawer without a network. */
  async hasExpired() {
    const end = await this.store.fact("expires_at");
    return Boolean(end && this.clock.now() > Date.parse(end));
  }

  async fetchList() {
    if ((await this.outbox.counts()).waiting) return; // the list must know our own scans
    const since = this.knowledge.ready ? `?since=${encodeURIComponent(this.knowledge.list.version)}` : "";
    /** @type {WholeList | ListChanges} */
    const list = await this.api.ask(this.urls.list + since, { timeout: LIST_TIMEOUT });
    await this.knowledge.apply(list);
  }

  /** Sealed names, page by page; once a day all of them, so that corrected names come and erased ones go. */
  async fetchRoster() {
    const { day } = this.knowledge;
    const stored = (await this.store.fact("roster")) ?? { cursor: "", complete: false, day };
    if (stored.day !== day) this.reload ??= { cursor: "", seen: new Set() };
    // a whole load that a reload of the page breaks off begins again: nothing may go that it did not see
    const state = { cursor: (this.reload ?? stored).cursor, complete: stored.complete, day };
    while (await this.fetchRosterPage(state)) this.onState();
    if (this.reload) await this.store.keepSealed(this.reload.seen);
    this.reload = null;
  }

  /**
   * Take in the page after the cursor, which moves on; whether another one follows.
   * @param {Facts["roster"]} state
   */
  async fetchRosterPage(state) {
    const after = state.cursor ? `?after=${encodeURIComponent(state.cursor)}` : "";
    /** @type {RosterPage} */
    const page = await this.api.ask(this.urls.roster + after, { timeout: LIST_TIMEOUT });
    await this.store.putSealed(page.roster);
    for (const [hash] of page.roster) this.reload?.seen.add(hash);
    const hasMore = (page.next ?? null) !== null;
    state.cursor = page.next ?? page.cursor ?? state.cursor;
    state.complete ||= !hasMore;
    if (this.reload && hasMore) this.reload.cursor = state.cursor;
    else await this.store.setFact("roster", { ...state });
    return hasMore;
  }

  /** Taken back or expired: names and list go at once, what was scanned is handed in, then nothing is left. */
  async end() {
    this.over = true;
    await this.store.setFact("revoked_at", Date.now());
    await this.store.clear("roster", "inside", "own");
    await this.onRevoked();
  }
}
