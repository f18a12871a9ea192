// The line to the server: one place that asks, measures and tells silence from refusal.

// What no other sign-in will cure; the person at the door was told.
const FINAL = new Set(["not_your_gate", "override_not_allowed", "device_revoked"]);

/** Nobody answered in time, or the server failed (`status`): not known whether it took what was sent. */
export class Silence extends Error {
  constructor(text, status = 0) {
    super(text);
    this.status = status;
  }
}

/** The server refused the request: no use in sending it again as it is. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.detail || String(status));
    this.status = status;
    this.body = body;
    this.code = body?.code ?? "";
  }

  /** Another sign-in or another minute may help, so what was sent is kept as it was. */
  get passing() {
    return (this.status === 401 || this.status === 403) && !FINAL.has(this.code);
  }
}

export class Line {
  /** `headers` say who asks; `credentials` whether the browser's session goes along. */
  constructor({ headers, credentials, clock }) {
    Object.assign(this, { headers, credentials, clock });
  }

  /** The JSON answer; throws Silence or Refused. `within` in ms. */
  async ask(url, { body, within = 10_000 } = {}) {
    const sent = Date.now();
    const wanted = {
      method: body ? "POST" : "GET",
      headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...this.headers },
      credentials: this.credentials,
      cache: "no-store",
      signal: AbortSignal.timeout(within),
    };
    if (body) Object.assign(wanted, { body: JSON.stringify(body), headers: { ...wanted.headers, "Content-Type": "application/json" } });
    let status;
    let answer;
    try {
      const response = await fetch(url, wanted);
      status = response.status;
      answer = await response.json();
    } catch (error) {
      // an error page in the place of JSON is a server that does not work, or one in between
      throw new Silence(String(error), status);
    }
    if (status >= 500 || status === 429) throw new Silence(String(status), status);
    if (status >= 400) throw new Refused(status, answer);
    if (answer.server_time) this.clock.learn(sent, Date.now(), answer.server_time);
    return answer;
  }
}
