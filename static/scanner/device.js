// A phone that was made a device of the fair: set up once, kept current, taken back at once.

import { Refused, Silence } from "./line.js";

const EVERY = 20_000; // ms between rounds while all is well
const FIRST_RETRY = 2000;
const LAST_RETRY = 30_000;
const QUICK = 800; // ms: a server slower than this does not decide at the door
const REVOKED = "device_revoked";

/** Change a set-up token (and PIN) for a device's own key. Throws Silence or Refused. */
export function enrol(line, url, { token, pin }) {
  return line.ask(url, { body: { token, ...(pin ? { pin } : {}), device_time: new Date().toISOString() } });
}

/** The token in a set-up link, in whatever of it was typed or scanned. */
export function setUpToken(text) {
  return /#set-up=([\w.~-]+)/.exec(text)?.[1] ?? (/^[\w.~-]{16,200}$/.test(text.trim()) ? text.trim() : "");
}

/** In percent; null where the browser does not say it at once: some never do, and a gate waits for nobody. */
async function batteryLevel() {
  const silent = new Promise((done) => setTimeout(done, 300, null));
  const battery = await Promise.race([navigator.getBattery?.().catch(() => null), silent]);
  return battery ? Math.round(battery.level * 100) : null;
}

export class Sync {
  /** `version()` of the app that is kept; `onState()` is called after every round, `onRevoked()` once. */
  constructor(parts) {
    const { urls, line, outbox, lane, knowledge, store, clock, version, onState, onRevoked } = parts;
    Object.assign(this, { urls, line, outbox, lane, knowledge, store, clock, version, onState, onRevoked });
    this.wait = EVERY;
    this.running = null;
    this.over = false;
    this.anew = null; // the whole load that runs: what it has seen so far
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
    if (await this.expired()) return this.revoked();
    try {
      const quick = await this.contact();
      this.unknown = false;
      await this.outbox.flush();
      await this.fetchList();
      if (quick) this.lane.turnTo("server");
      this.wait = EVERY;
      this.onState();
      await this.fetchRoster();
    } catch (error) {
      await this.failed(error);
    }
  }

  async failed(error) {
    if (error instanceof Refused && error.code === REVOKED) return this.revoked();
    if (!(error instanceof Silence) && !(error instanceof Refused)) throw error;
    this.unknown = error.status === 401; // set up again elsewhere, or the server is another one
    this.lane.turnTo("device");
    this.wait = this.wait === EVERY ? FIRST_RETRY : Math.min(LAST_RETRY, this.wait * 2);
  }

  /** Tell how this device is; whether the answer came quickly. */
  async contact() {
    const { waiting, refused } = await this.outbox.counts();
    const { list } = this.knowledge;
    const body = {
      battery: await batteryLevel(),
      queue: waiting + refused,
      list_version: list?.version ?? null,
      list_as_of: list?.as_of ?? null,
      device_time: new Date().toISOString(),
      version: await this.version(),
    };
    const started = performance.now();
    const { expires_at: expires } = await this.line.ask(this.urls.contact, { body, within: 5000 });
    await this.store.setFact("expires_at", expires);
    await this.store.setFact("offset", this.clock.offset);
    return performance.now() - started < QUICK;
  }

  /** A device ends with its fair, also one that lies in a drawer without a network. */
  async expired() {
    const end = await this.store.fact("expires_at");
    return Boolean(end) && this.clock.now() > Date.parse(end);
  }

  async fetchList() {
    if ((await this.outbox.counts()).waiting) return; // the list must know our own scans
    const since = this.knowledge.ready ? `?since=${encodeURIComponent(this.knowledge.list.version)}` : "";
    await this.knowledge.apply(await this.line.ask(this.urls.list + since, { within: 60_000 }));
  }

  /** Sealed names, page by page; once a day all of them, so that corrected names come and erased ones go. */
  async fetchRoster() {
    const { day } = this.knowledge;
    const kept = (await this.store.fact("roster")) ?? { cursor: "", complete: false, day };
    if (kept.day !== day) this.anew ??= { cursor: "", seen: new Set() };
    // a whole load that a reload of the page breaks off begins again: nothing may go that it did not see
    let { cursor } = this.anew ?? kept;
    for (let more = true; more; ) {
      const after = cursor ? `?after=${encodeURIComponent(cursor)}` : "";
      const page = await this.line.ask(this.urls.roster + after, { within: 60_000 });
      await this.store.putSealed(page.roster);
      for (const [hash] of page.roster) this.anew?.seen.add(hash);
      more = page.next !== null && page.next !== undefined;
      cursor = (more ? page.next : page.cursor) ?? cursor;
      if (this.anew && more) this.anew.cursor = cursor;
      else await this.store.setFact("roster", { cursor, complete: kept.complete || !more, day });
      if (more) this.onState();
    }
    if (this.anew) await this.store.keepSealed(this.anew.seen);
    this.anew = null;
  }

  /** Taken back: names and list go at once, what was scanned is handed in, then nothing is left. */
  async revoked() {
    this.over = true;
    await this.store.setFact("revoked_at", Date.now());
    await Promise.all(["roster", "inside", "own"].map((name) => this.store.clear(name)));
    await this.onRevoked();
  }
}
