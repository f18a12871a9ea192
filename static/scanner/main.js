// The gate for a signed-in steward: the server decides; what it could not be asked is kept and sent.

import { Clock } from "./clock.js";
import { Gate } from "./gate.js";
import { Lane } from "./lane.js";
import { Line, Refused } from "./line.js";
import { Outbox } from "./outbox.js";
import { MemoryStore, Store } from "./store.js";

const RETRY_EVERY = 5000;

const root = document.querySelector("[data-gate-app]");
const setup = JSON.parse(document.getElementById("gate-setup").textContent);
const { urls, words } = setup;
const session = { "X-CSRFToken": setup.token };

const store = await Store.open(`session-${setup.fair}`).catch(() => new MemoryStore());
const clock = new Clock();
const line = new Line({ headers: session, credentials: "same-origin", clock });
let counts = {};
const show = () => gate.showMode(lane.mode, lane.mode === "server" ? words.online : words.offline, counts);
const outbox = new Outbox({ store, line, clock, url: urls.scans, onChange: (changed) => ((counts = changed), show()) });
const lane = new Lane({ outbox, clock, onMode: () => show() });
const gate = new Gate(root, setup, { lane, line, keeps: !store.forgets, onTryAgain: () => outbox.tryAgain().catch(() => {}) });

async function flush() {
  try {
    await outbox.flush();
    // an empty outbox asked nobody
    if (counts.waiting === 0 && lane.mode === "device") await line.ask(urls.status, { within: 4000 }).then((status) => gate.showStatus(status));
    lane.turnTo("server");
  } catch (error) {
    if (!(error instanceof Refused)) lane.turnTo("device");
  }
}

/** One tap makes the phone in one's hand a device of the fair, which works without the network. */
async function becomeDevice(button) {
  button.disabled = true;
  try {
    const { link } = await line.ask(urls.mine, { body: {} });
    location.assign(link);
  } catch (error) {
    button.disabled = false;
    document.querySelector("[data-part=device-note]").textContent = error instanceof Refused ? error.message : words.no_answer;
  }
}

const button = root.querySelector("[data-part=become-device]");
button?.addEventListener("click", () => becomeDevice(button));
addEventListener("online", flush);
document.addEventListener("visibilitychange", () => document.hidden || flush());
setInterval(flush, RETRY_EVERY);
gate.chooser.offer(setup.gates);
if (store.forgets) root.querySelector("[data-part=device-note]").textContent = words.no_storage;
flush();
root.dataset.ready = "yes";
