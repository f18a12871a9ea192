// The gate for a signed-in steward: the server decides; what it could not be asked is kept and sent.

import { part, query, queryOptional } from "../js/dom.js";
import { Api, Refused } from "./api.js";
import { Clock } from "./clock.js";
import { Gate } from "./gate.js";
import { Lane } from "./lane.js";
import { Outbox } from "./outbox.js";
import { MemoryStore, Store } from "./store.js";

/**
 * @import { Counts, Crowd } from "../../types/gate.js"
 * @import { StewardSetup } from "../../types/setup.js"
 */

const RETRY_EVERY = 5000; // ms
const STATUS_TIMEOUT = 4000; // ms

const root = query(document, "[data-gate-app]", HTMLElement);
/** @type {StewardSetup} */
const setup = JSON.parse(query(document, "#gate-setup", HTMLElement).textContent);
const { urls, words } = setup;

const store = await Store.open(`session-${setup.fair}`).catch(() => new MemoryStore());
const clock = new Clock();
const api = new Api({ headers: { "X-CSRFToken": setup.token }, credentials: "same-origin", clock });
/** @type {Counts} */
let counts = { waiting: 0, refused: 0 };
const outbox = new Outbox({
  store,
  api,
  clock,
  url: urls.scans,
  onChange: (changed) => {
    counts = changed;
    show();
  },
});
const lane = new Lane({ outbox, clock, onMode: show });
const gate = new Gate(root, setup, {
  lane,
  api,
  keeps: !store.forgets,
  onTryAgain: () => outbox.tryAgain().catch(() => {}),
});

function show() {
  gate.head.showMode(lane.mode, lane.mode === "server" ? words.online : words.offline, counts);
}

async function flush() {
  try {
    await outbox.flush();
    // an empty outbox asked nobody
    if (counts.waiting === 0 && lane.mode === "device") await refreshCrowd();
    lane.turnTo("server");
  } catch (error) {
    if (!(error instanceof Refused)) lane.turnTo("device");
  }
}

async function refreshCrowd() {
  /** @type {Crowd} */
  const crowd = await api.ask(urls.status, { timeout: STATUS_TIMEOUT });
  gate.showCrowd(crowd);
}

/**
 * One tap makes the phone in one's hand a device of the fair, which works without the network.
 * @param {HTMLButtonElement} button
 */
async function becomeDevice(button) {
  button.disabled = true;
  try {
    /** @type {{ link: string }} */
    const { link } = await api.ask(urls.mine, { body: {} });
    location.assign(link);
  } catch (error) {
    button.disabled = false;
    part(root, "device-note").textContent = error instanceof Refused ? error.message : words.no_answer;
  }
}

const button = queryOptional(root, '[data-part="become-device"]', HTMLButtonElement);
button?.addEventListener("click", () => becomeDevice(button));
addEventListener("online", flush);
document.addEventListener("visibilitychange", () => document.hidden || flush());
setInterval(flush, RETRY_EVERY);
gate.chooser.offer(setup.gates);
if (store.forgets) part(root, "device-note").textContent = words.no_storage;
flush();
root.dataset.ready = "yes";
