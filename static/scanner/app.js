// The gate as an app of its own: set up once, then it works with the network gone.

import { Clock } from "./clock.js";
import { Decider } from "./decider.js";
import { Sync } from "./device.js";
import { Gate } from "./gate.js";
import { Knowledge } from "./knowledge.js";
import { Lane } from "./lane.js";
import { Line } from "./line.js";
import { Lock } from "./lock.js";
import { Outbox } from "./outbox.js";
import { level } from "./rules.js";
import { SetUp } from "./setup.js";
import { Store } from "./store.js";
import { handInAndWipe, keepShell, keptVersion } from "./shell.js";

const MINUTE = 60_000;

const root = document.querySelector("[data-gate-app]");
const setup = JSON.parse(document.getElementById("gate-setup").textContent);
const { urls, words, fair } = setup;
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const only = (name) => ["enrol", "setup", "gone"].forEach((other) => (part(other).hidden = other !== name));

const timeText = new Intl.DateTimeFormat(setup.locale, { timeZone: setup.time_zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const number = new Intl.NumberFormat(setup.locale);

async function begin() {
  keepShell(urls.worker);
  const store = await Store.open(`device-${fair}`).catch(() => null);
  if (!store) return cannotKeep();
  const token = await store.fact("token");
  if (await store.fact("revoked_at")) return gone(store, token);
  const wanted = location.hash.includes("set-up=");
  if (!token || wanted) {
    only("enrol");
    new SetUp(part("enrol"), { store, setup, enrolled: Boolean(token), onDone: () => location.replace(location.pathname) });
  } else {
    await work(store, token);
  }
  root.dataset.ready = "yes";
}

/** A private window, or a full disk: what is scanned here would be lost. */
function cannotKeep() {
  only("enrol");
  part("enrol-note").textContent = words.no_storage;
  for (const field of part("enrol").querySelectorAll("input, button")) field.disabled = true;
  root.dataset.ready = "yes";
}

async function work(store, token) {
  const device = await store.fact("device");
  const clock = new Clock(await store.fact("offset"));
  const line = new Line({ headers: { Authorization: `Bearer ${token}` }, credentials: "omit", clock });
  const knowledge = await Knowledge.load(store);
  const state = { counts: {}, roster: 0 };
  const outbox = new Outbox({ store, line, clock, url: urls.scans, onChange: (counts) => ((state.counts = counts), show()) });
  const lane = new Lane({ outbox, clock, decider: new Decider(knowledge), onMode: (mode) => turned(mode) });
  const lock = new Lock(part("lock"), { store, words, onLock: () => gate.clear() });
  const mayOverride = device.role === "supervisor";
  const guard = (await store.fact("pin")) ? (pin) => lock.check(pin) : null;
  const gate = new Gate(root, { ...setup, mayOverride }, { lane, line, source: () => source(knowledge), checkPin: guard, onScan: () => lock.touched(), onRefused: () => sync.now(), onTryAgain: () => outbox.tryAgain().catch(() => sync.soon()) });
  const sync = new Sync({ urls, line, outbox, lane, knowledge, store, clock, version: () => keptVersion(fair), onState: () => refresh(), onRevoked: () => (gate.end(), lock.end(), gone(store, token)) });

  function turned(mode) {
    if (mode === "device") sync.soon();
    show();
  }
  function show() {
    const alone = sync.unknown ? words.unknown_device : modeText(knowledge, clock);
    const text = lane.mode === "server" ? words.online : alone;
    gate.showMode(lane.mode, text, state.counts);
    if (lane.mode === "device" && knowledge.ready) showCrowd(gate, knowledge);
  }
  async function refresh() {
    if (sync.over) return;
    if (knowledge.ready) gate.chooser.offer(knowledge.list.gates.map((one) => ({ ...one, zone_names: knowledge.zones.get(one.zone) })));
    state.roster = await store.count("roster");
    await showReadiness(knowledge, state.roster, (await store.fact("roster"))?.complete);
    show();
  }

  only("setup");
  part("device-name").textContent = device.name;
  await refresh();
  await outbox.tell();
  await lock.start();
  setInterval(show, MINUTE / 4);
  const first = sync.start();
  if (!knowledge.ready) await first;
}

/** "This phone decides by the list of 10:32 (4 min old)". */
function modeText(knowledge, clock) {
  if (!knowledge.ready) return words.offline;
  const age = Math.max(0, Math.round((clock.now() - knowledge.asOf) / MINUTE));
  return words.device_mode.replace("{time}", timeText.format(knowledge.asOf)).replace("{n}", number.format(age));
}

const source = (knowledge) => words.by_device.replace("{time}", timeText.format(knowledge.asOf));

function showCrowd(gate, knowledge) {
  const { inside_count: inside, capacity } = knowledge.list;
  const now = Math.max(0, inside + (knowledge.moved.get("") ?? 0));
  gate.showStatus({ inside: now, capacity, level: level(now, capacity) });
}

/** Whether this phone may lose the network now. */
async function showReadiness(knowledge, people, complete) {
  const ready = (await keptVersion(fair)) && knowledge.ready && complete;
  part("readiness").dataset.ready = ready ? "yes" : "no";
  const text = ready ? words.ready_offline : words.getting_ready;
  const time = knowledge.ready ? timeText.format(knowledge.asOf) : "–";
  part("readiness-word").textContent = text.replace("{time}", time).replace("{n}", number.format(people));
}

async function gone(store, token) {
  only("gone");
  part("lane").hidden = true;
  part("result").hidden = true;
  const clock = new Clock(await store.fact("offset"));
  const line = new Line({ headers: { Authorization: `Bearer ${token}` }, credentials: "omit", clock });
  const outbox = new Outbox({ store, line, clock, url: urls.scans, onChange: ({ waiting }) => (part("gone-queue").textContent = waiting ? words.handing_in.replace("{n}", number.format(waiting)) : "") });
  await handInAndWipe({ store, outbox, fair });
}

await begin();
