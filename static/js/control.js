// The control desk: asks for its moving part with a ticket that all who watch share, and puts it in place
// when something changed. A screen that nobody looks at asks for nothing.

const root = document.querySelector("[data-control]");
const asOf = document.getElementById("control-as-of");
const stale = document.getElementById("control-stale");
const EVERY = Number(root?.dataset.every ?? 5) * 1000;
const SLOWEST = 60_000;
const TICKET_LASTS = 100_000; // it is good for two minutes at least

let ticket = root?.dataset.ticket ?? "";
let ticketSince = Date.now();
let etag = "";
let wait = EVERY;

async function renewTicket() {
  const answer = await fetch(root.dataset.ticketUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  ({ ticket } = await answer.json());
  ticketSince = Date.now();
}

async function refresh() {
  if (Date.now() - ticketSince > TICKET_LASTS) await renewTicket();
  const headers = { Authorization: `Bearer ${ticket}`, Accept: "text/html" };
  if (etag) headers["If-None-Match"] = etag;
  const answer = await fetch(root.dataset.control, { headers, cache: "no-store", credentials: "omit" });
  if (answer.status === 304 || answer.ok) asOf.textContent = answer.headers.get("X-As-Of") ?? asOf.textContent;
  if (answer.status === 304) return;
  if (!answer.ok || answer.redirected) {
    ticketSince = 0; // the next try asks for a new one
    throw new Error(String(answer.status));
  }
  etag = answer.headers.get("ETag") ?? "";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.closest("[data-control]") ? document.activeElement.getAttribute("href") : null;
  root.replaceChildren(...page.body.childNodes);
  if (focused) root.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

async function follow() {
  if (!document.hidden) {
    try {
      await refresh();
      wait = EVERY;
      stale.hidden = true;
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
      stale.hidden = false;
    }
  }
  setTimeout(follow, wait);
}

if (root) setTimeout(follow, EVERY);
