// The gate page: choose the gate once, then read badges until the evening.

import { Camera } from "./camera.js";
import { Display, meaningOf } from "./display.js";
import { newId } from "./ids.js";
import { listenToScanner } from "./keys.js";
import { Lookup } from "./lookup.js";
import { Outbox } from "./outbox.js";
import { allowSound } from "./sound.js";
import { Refused, Transport } from "./transport.js";

const LAST_SHOWN = 10;
const SLOW = 800; // ms without an answer before the page says that it waits
const STATUS_EVERY = 5000;

const root = document.querySelector("[data-gate-app]");
const { urls, words, fair, token, mayOverride, locale } = JSON.parse(document.getElementById("gate-setup").textContent);
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const clockText = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const number = new Intl.NumberFormat(locale);

const lane = { gate: "", gateName: "", direction: "entry" };
const display = new Display(part("result"), words, { mayOverride });
let last = null; // the scan on the screen, for an override
let busy = false;

const transport = new Transport({
  scansUrl: urls.scans,
  token,
  outbox: await Outbox.open(fair),
  onState: ({ online, waiting }) => {
    part("mode").dataset.online = online;
    part("mode-word").textContent = online ? words.online : words.offline;
    part("queue").textContent = waiting ? words.waiting_scans.replace("{n}", number.format(waiting)) : "";
    part("queue").hidden = !waiting;
  },
});

const camera = new Camera(part("video"), {
  onCode: (code) => scan({ code, method: "camera" }),
  onTrouble: (kind) => showTrouble(words.camera[kind]),
});

async function scan(what) {
  if (busy || !lane.gate || document.querySelector("dialog[open]")) return;
  busy = true;
  camera.paused = true;
  const entry = { id: newId(), gate: lane.gate, direction: lane.direction, at: new Date().toISOString(), ...what };
  const slow = setTimeout(() => display.waiting(), SLOW);
  try {
    const answer = await transport.decide(entry);
    clearTimeout(slow);
    last = entry;
    display.answer(answer);
    remember(answer);
    refreshStatus();
  } catch (error) {
    clearTimeout(slow);
    failed(error);
  } finally {
    busy = false;
    camera.paused = false;
  }
}

function failed(error) {
  if (!(error instanceof Refused)) return display.unanswered();
  display.refused(error.status === 401 ? words.signed_out : error.body?.code === "override_not_allowed" ? error.message : words.refused_reason);
}

function remember(answer) {
  const item = document.createElement("li");
  item.dataset.meaning = meaningOf(answer);
  const time = document.createElement("time");
  time.textContent = clockText.format(new Date(answer.at));
  const who = document.createElement("span");
  who.className = "gate-last-name";
  who.textContent = answer.name || words.no_name;
  const what = document.createElement("span");
  what.className = "gate-last-word";
  what.textContent = answer.admitted ? (answer.direction === "exit" ? words.out : words.in) : words.labels[answer.decision];
  item.append(time, who, what);
  const list = part("last");
  list.prepend(item);
  while (list.children.length > LAST_SHOWN) list.lastElementChild.remove();
  part("last-empty").hidden = true;
}

async function refreshStatus() {
  if (document.hidden) return;
  try {
    const answer = await fetch(urls.status, { signal: AbortSignal.timeout(4000) });
    if (answer.ok) showStatus(await answer.json());
  } catch {
    // the next scan will tell
  }
}

function showStatus({ inside, capacity, level, gates }) {
  part("inside").textContent = number.format(inside);
  part("capacity").textContent = capacity ? words.of.replace("{n}", number.format(capacity)) : "";
  part("crowd").dataset.level = level;
  const here = gates.find((gate) => gate.code === lane.gate);
  if (here) part("here").textContent = words.here.replace("{in}", number.format(here.entries)).replace("{out}", number.format(here.exits));
}

function showTrouble(text) {
  part("trouble").textContent = text ?? "";
  part("trouble").hidden = !text;
}

// ---- choosing the lane ----

const setup = part("setup");
const remembered = JSON.parse(localStorage.getItem(`gate-${fair}`) ?? "{}");
for (const [name, value] of Object.entries(remembered)) {
  const option = setup.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
  if (option) option.checked = true;
}

function fitDirections() {
  const gate = setup.querySelector("input[name=gate]:checked");
  for (const option of setup.querySelectorAll("input[name=direction]")) {
    option.disabled = Boolean(gate) && !["both", option.value].includes(gate.dataset.direction);
    if (option.disabled && option.checked) option.checked = false;
  }
  const left = setup.querySelector("input[name=direction]:checked") ?? setup.querySelector("input[name=direction]:not(:disabled)");
  if (left) left.checked = true;
}
setup.addEventListener("change", fitDirections);
fitDirections();

setup.addEventListener("submit", async (event) => {
  event.preventDefault();
  const gate = setup.querySelector("input[name=gate]:checked");
  if (!gate) return;
  Object.assign(lane, { gate: gate.value, gateName: gate.dataset.name, direction: setup.querySelector("input[name=direction]:checked").value });
  localStorage.setItem(`gate-${fair}`, JSON.stringify({ gate: lane.gate, direction: lane.direction }));
  part("lane-name").textContent = lane.gateName;
  part("lane-direction").textContent = words.directions[lane.direction];
  root.dataset.direction = lane.direction;
  setup.hidden = true;
  part("lane").hidden = false;
  allowSound();
  navigator.storage?.persist?.();
  navigator.wakeLock?.request("screen").catch(() => {});
  refreshStatus();
  if (event.submitter?.value === "camera") await startCamera();
  else part("change").focus();
});

async function startCamera() {
  allowSound();
  showTrouble("");
  await camera.start();
  root.dataset.camera = camera.running ? "on" : "off";
}

part("camera").addEventListener("click", () => {
  if (!camera.running) return startCamera();
  camera.stop();
  root.dataset.camera = "off";
});
part("change").addEventListener("click", () => {
  camera.stop();
  root.dataset.camera = "off";
  display.clear();
  lane.gate = "";
  setup.hidden = false;
  part("lane").hidden = true;
});

// ---- other ways in ----

listenToScanner((code) => {
  allowSound();
  scan({ code, method: "scanner" });
});
const lookup = new Lookup(part("lookup"), {
  url: urls.search,
  words,
  onChosen: (person) => scan({ badge: person.badge, method: "search" }),
});
part("search").addEventListener("click", () => lookup.open());

const override = part("override-dialog");
part("override").addEventListener("click", () => {
  override.querySelector("input[type=text]").value = "";
  override.showModal();
});
override.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = override.querySelector("input[type=text]").value.trim();
  if (reason.length < 3 || !last) return;
  override.close();
  const { code, badge, method } = last;
  scan({ ...(code ? { code } : { badge }), method, override_reason: reason });
});
for (const button of root.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && display.shown) display.clear();
});
setInterval(refreshStatus, STATUS_EVERY);
root.dataset.ready = "yes";
