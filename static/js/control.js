// The control desk: asks for its moving part with a ticket that all who watch share, and puts it in place
// when something changed. A screen that nobody looks at asks for nothing.

import { Backoff } from "./backoff.js";
import { query, queryOptional } from "./dom.js";

const MAX_WAIT = 60_000; // ms
const TICKET_LASTS = 100_000; // ms; it is good for two minutes at least

class ControlDesk {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.asOf = query(document, "#control-as-of", HTMLElement);
    this.stale = query(document, "#control-stale", HTMLElement);
    this.backoff = new Backoff(Number(root.dataset.every ?? 5) * 1000, MAX_WAIT);
    this.ticket = root.dataset.ticket ?? "";
    this.ticketSince = Date.now();
    this.etag = "";
  }

  start() {
    setTimeout(() => this.step(), this.backoff.wait);
  }

  async step() {
    if (!document.hidden) {
      try {
        await this.refresh();
        this.backoff.succeeded();
        this.stale.hidden = true;
      } catch {
        this.backoff.failed();
        this.stale.hidden = false;
      }
    }
    this.start();
  }

  async refresh() {
    if (Date.now() - this.ticketSince > TICKET_LASTS) await this.renewTicket();
    const answer = await this.fetchPart();
    if (answer.status === 304 || answer.ok) {
      this.asOf.textContent = answer.headers.get("X-As-Of") ?? this.asOf.textContent;
    }
    if (answer.status === 304) return;
    if (!answer.ok || answer.redirected) {
      this.ticketSince = 0; // the next try asks for a new one
      throw new Error(String(answer.status));
    }
    this.etag = answer.headers.get("ETag") ?? "";
    this.replace(await answer.text());
  }

  fetchPart() {
    /** @type {Record<string, string>} */
    const headers = { Authorization: `Bearer ${this.ticket}`, Accept: "text/html" };
    if (this.etag) headers["If-None-Match"] = this.etag;
    return fetch(this.root.dataset.control ?? "", { headers, cache: "no-store", credentials: "omit" });
  }

  async renewTicket() {
    const answer = await fetch(this.root.dataset.ticketUrl ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    /** @type {{ ticket: string }} */
    const { ticket } = await answer.json();
    this.ticket = ticket;
    this.ticketSince = Date.now();
  }

  /**
   * Put the part in place; who stood on a link stands on it still.
   * @param {string} html
   */
  replace(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const focused = document.activeElement;
    const href = focused && this.root.contains(focused) ? focused.getAttribute("href") : null;
    this.root.replaceChildren(...page.body.childNodes);
    if (href) queryOptional(this.root, `a[href="${CSS.escape(href)}"]`, HTMLElement)?.focus();
  }
}

const root = queryOptional(document, "[data-control]", HTMLElement);
if (root) new ControlDesk(root).start();
