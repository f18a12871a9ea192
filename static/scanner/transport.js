// Sends scans and keeps what has no answer yet. The same scan goes out with the same id as often as
// needed: the server stores it once.

const ANSWER_WITHIN = 4000; // ms for one attempt
const ATTEMPTS = 3;
const RETRY_EVERY = 5000;
const AT_ONCE = 100;

/** The server refused the whole request: no use in sending it again as it is. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.detail || String(status));
    this.status = status;
    this.body = body;
  }
}

export class Transport {
  /** `onState({online, waiting})` hears every change. */
  constructor({ scansUrl, token, outbox, onState }) {
    Object.assign(this, { scansUrl, token, outbox, onState });
    this.online = true;
    this.inFlight = new Set();
    this.flushing = false;
    setInterval(() => this.flush(), RETRY_EVERY);
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    this.flush();
  }

  /** The server's answer to one scan; throws Refused, or the last error when there is no answer. */
  async decide(scan) {
    await this.outbox.add(scan);
    this.inFlight.add(scan.id);
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return (await this.post([scan]))[0];
        } catch (error) {
          if (error instanceof Refused || attempt === ATTEMPTS) throw error;
        }
      }
    } finally {
      this.inFlight.delete(scan.id);
      this.tell();
    }
  }

  async post(scans) {
    let answer;
    try {
      answer = await fetch(this.scansUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ scans: scans.map(({ id, code, badge, gate, direction, at, method, override_reason }) => ({ id, code, badge, gate, direction, at, method, override_reason })), sent_at: new Date().toISOString() }),
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
    } catch (error) {
      this.online = false;
      throw error;
    }
    if (answer.status >= 500 || answer.status === 429) {
      this.online = false;
      throw new Error(String(answer.status));
    }
    this.online = true;
    const body = await answer.json().catch(() => null);
    const ids = scans.map((scan) => scan.id);
    // What is wrong by itself will never be right; someone signed out may sign in again.
    if (answer.status !== 401 && answer.status !== 403) await this.outbox.remove(ids);
    if (!answer.ok) throw new Refused(answer.status, body);
    return body.scans;
  }

  /** Send what is left from before, oldest first. */
  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    try {
      const left = (await this.outbox.all()).filter((scan) => !this.inFlight.has(scan.id));
      left.sort((a, b) => a.at.localeCompare(b.at));
      for (let start = 0; start < left.length; start += AT_ONCE) await this.post(left.slice(start, start + AT_ONCE));
    } catch {
      // stays in the outbox until the next round
    } finally {
      this.flushing = false;
      this.tell();
    }
  }

  async tell() {
    this.onState({ online: this.online, waiting: (await this.outbox.all()).length });
  }
}
