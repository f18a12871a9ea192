// The way to the server: one place that asks, measures and tells a missing answer from a refusal.

/** @import { Clock } from "./clock.js" */

/** @typedef {{ body?: object, timeout?: number }} AskOptions `timeout` in ms */

// What no other sign-in will cure; the person at the door was told.
const FINAL = new Set(["not_your_gate", "override_not_allowed", "device_revoked"]);
const USUAL_TIMEOUT = 10_000; // ms

/** Nobody answered in time, or the server failed (`status`): not known whether it took what was sent. */
export class NoAnswer extends Error {
  /**
   * @param {string} text
   * @param {number} [status] 0: there was none
   */
  constructor(text, status = 0) {
    super(text);
    this.status = status;
  }
}

/** The server refused the request: no use in sending it again as it is. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {{ code?: string, detail?: string }} [problem] as RFC 9457 has it
   */
  constructor(status, problem) {
    super(problem?.detail || String(status));
    this.status = status;
    this.code = problem?.code ?? "";
  }

  /** Another sign-in or another minute may help, so what was sent is kept as it was. */
  get isPassing() {
    return (this.status === 401 || this.status === 403) && !FINAL.has(this.code);
  }
}

export class Api {
  /**
   * @param {object} parts
   * @param {Record<string, string>} parts.headers say who asks
   * @param {RequestCredentials} parts.credentials whether the browser's session goes along
   * @param {Clock} parts.clock learns the server's time
   * @param {string} [parts.language] of the answers
   */
  constructor({ headers, credentials, clock, language = document.documentElement.lang }) {
    this.headers = { Accept: "application/json", "Accept-Language": language, ...headers };
    this.credentials = credentials;
    this.clock = clock;
  }

  /**
   * The JSON answer, in the shape that the address promises; throws NoAnswer or Refused.
   * @template T
   * @param {string} url
   * @param {AskOptions} [options] with a body it is a POST
   * @returns {Promise<T>}
   */
  async ask(url, options = {}) {
    const sent = Date.now();
    const { status, answer } = await this.fetchJson(url, options);
    if (status >= 500 || status === 429) throw new NoAnswer(String(status), status);
    if (status >= 400) throw new Refused(status, answer);
    if (answer.server_time) this.clock.learn(sent, Date.now(), answer.server_time);
    return answer;
  }

  /**
   * @param {string} url
   * @param {AskOptions} options
   */
  async fetchJson(url, { body, timeout = USUAL_TIMEOUT }) {
    /** @type {RequestInit} */
    const request = {
      method: "GET",
      headers: this.headers,
      credentials: this.credentials,
      cache: "no-store",
      signal: AbortSignal.timeout(timeout),
    };
    if (body) {
      request.method = "POST";
      request.headers = { ...this.headers, "Content-Type": "application/json" };
      request.body = JSON.stringify(body);
    }
    let status = 0;
    try {
      const response = await fetch(url, request);
      status = response.status;
      return { status, answer: await response.json() };
    } catch (error) {
      // an error page in the place of JSON is a server that does not work, or one in between
      throw new NoAnswer(String(error), status);
    }
  }
}

/**
 * How a device asks: by its own key, never by the browser's session.
 * @param {string} token
 * @param {Clock} clock
 */
export function deviceApi(token, clock) {
  return new Api({ headers: { Authorization: `Bearer ${token}` }, credentials: "omit", clock });
}
