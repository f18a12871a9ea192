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
  }

  start() {
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
    return this.now();
  }

  /** A round at once, or right after the one that runs: what it asked may have been asked in vain. */
  now() {
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
    await this.line.ask(this.urls.contact, { body, within: 5000 });
    await this.store.setFact("offset", this.clock.offset);
    return performance.now() - started < QUICK;
  }

  async fetchList() {
    if ((await this.outbox.counts()).waiting) return; // the list must know our own scans
    const since = this.knowledge.ready ? `?since=${encodeURIComponent(this.knowledge.list.version)}` : "";
    await this.knowledge.apply(await this.line.ask(this.urls.list + since, { within: 60_000 }));
  }

  /** Sealed names, page by page; once a day all of them, so that corrected names come too. */
  async fetchRoster() {
    const kept = (await this.store.fact("roster")) ?? {};
    let { cursor = "", complete = false } = kept;
    if (kept.day !== this.knowledge.day) cursor = "";
    for (let more = true; more; ) {
      const after = cursor ? `?after=${encodeURIComponent(cursor)}` : "";
      const page = await this.line.ask(this.urls.roster + after, { within: 60_000 });
      await this.store.putSealed(page.roster);
      more = page.next !== null && page.next !== undefined;
      cursor = (more ? page.next : page.cursor) ?? cursor;
      complete ||= !more;
      await this.store.setFact("roster", { cursor, complete, day: this.knowledge.day });
      if (more) this.onState();
    }
  }

  /** Taken back: names and list go at once, what was scanned is handed in, then nothing is left. */
  async revoked() {
    this.over = true;
    await this.store.setFact("revoked_at", Date.now());
    await Promise.all(["roster", "inside", "own"].map((name) => this.store.clear(name)));
    await this.onRevoked();
  }
}
