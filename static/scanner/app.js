// The gate as an app of its own: set up once, then it works with the network gone.

import { part, query, queryAll } from "../js/dom.js";
import { deviceApi } from "./api.js";
import { Clock } from "./clock.js";
import { Decider } from "./decider.js";
import { Sync } from "./device.js";
import { Gate } from "./gate.js";
import { Knowledge } from "./knowledge.js";
import { Lane } from "./lane.js";
import { Lock } from "./lock.js";
import { Outbox } from "./outbox.js";
import { checkPin } from "./pin.js";
import { level } from "./rules.js";
import { SetUp } from "./setup.js";
import { handInAndWipe, keepShell, keptVersion, shellKept } from "./shell.js";
import { Store } from "./store.js";

/**
 * @import { Counts } from "../../types/gate.js"
 * @import { DeviceSetup } from "../../types/setup.js"
 */

const MINUTE = 60_000;
const SHOW_EVERY = 15_000; // ms

const root = query(document, "[data-gate-app]", HTMLElement);
/** @type {DeviceSetup} */
const setup = JSON.parse(query(document, "#gate-setup", HTMLElement).textContent);
const { urls, words, fair } = setup;

const timeText = new Intl.DateTimeFormat(setup.locale, {
  timeZone: setup.time_zone,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const number = new Intl.NumberFormat(setup.locale);

/** @param {"enrol" | "setup" | "gone"} name */
function showOnly(name) {
  for (const other of ["enrol", "setup", "gone"]) part(root, other).hidden = other !== name;
}

async function begin() {
  keepShell(urls.worker);
  const store = await Store.open(`device-${fair}`).catch(() => null);
  if (!store) return cannotKeep();
  const token = await store.fact("token");
  if (await store.fact("revoked_at")) return gone(store, token);
  if (!token || location.hash.includes("set-up=")) {
    showOnly("enrol");
    const onDone = () => location.replace(location.pathname);
    new SetUp(part(root, "enrol"), { store, setup, enrolled: Boolean(token), onDone });
  } else {
    await new Work(store, token, await Knowledge.load(store), new Clock(await store.fact("offset"))).start();
  }
  root.dataset.ready = "yes";
}

/** A private window, or a full disk: what is scanned here would be lost. */
function cannotKeep() {
  showOnly("enrol");
  part(root, "enrol-note").textContent = words.no_storage;
  for (const field of queryAll(part(root, "enrol"), "input", HTMLInputElement)) field.disabled = true;
  for (const button of queryAll(part(root, "enrol"), "button", HTMLButtonElement)) button.disabled = true;
  root.dataset.ready = "yes";
}

/** A device at work: the gate, the list it decides by, and the rounds that keep it current. */
class Work {
  /**
   * @param {Store} store
   * @param {string} token
   * @param {Knowledge} knowledge
   * @param {Clock} clock
   */
  constructor(store, token, knowledge, clock) {
    this.store = store;
    this.knowledge = knowledge;
    this.clock = clock;
    /** @type {Counts} */
    this.counts = { waiting: 0, refused: 0 };
    const api = deviceApi(token, clock);
    const outbox = new Outbox({ store, api, clock, url: urls.scans, onChange: (counts) => this.counted(counts) });
    const lane = new Lane({ outbox, clock, decider: new Decider(knowledge), onMode: () => this.modeTurned() });
    this.api = api;
    this.outbox = outbox;
    this.lane = lane;
    this.lock = new Lock(query(root, '[data-part="lock"]', HTMLDialogElement), {
      store,
      words,
      onLock: () => this.gate?.clear(),
    });
    this.sync = new Sync({
      urls,
      api,
      outbox,
      lane,
      knowledge,
      store,
      clock,
      version: () => keptVersion(fair),
      onState: () => this.refresh(),
      onRevoked: () => this.revoked(token),
    });
    /** @type {Gate | null} */
    this.gate = null;
  }

  async start() {
    const device = await this.store.fact("device");
    const isGuarded = (await this.store.fact("pin")) !== undefined;
    this.gate = this.makeGate(device?.role === "supervisor", isGuarded);
    showOnly("setup");
    part(root, "device-name").textContent = device?.name ?? "";
    await this.refresh();
    await this.outbox.report();
    await this.lock.start();
    setInterval(() => this.show(), SHOW_EVERY);
    shellKept().then(() => this.refresh());
    const firstRound = this.sync.start();
    if (!this.knowledge.ready) await firstRound;
  }

  /**
   * @param {boolean} mayOverride
   * @param {boolean} isGuarded by a PIN
   */
  makeGate(mayOverride, isGuarded) {
    const { knowledge, store, sync } = this;
    return new Gate(
      root,
      { ...setup, mayOverride },
      {
        lane: this.lane,
        api: this.api,
        source: () => words.by_device.replace("{time}", timeText.format(knowledge.asOf)),
        checkPin: isGuarded ? (pin) => checkPin(store, pin) : null,
        onScan: () => this.lock.touched(),
        onRefused: () => sync.now(),
        onTryAgain: () => this.outbox.tryAgain().catch(() => sync.soon()),
      },
    );
  }

  /** @param {Counts} counts */
  counted(counts) {
    this.counts = counts;
    this.show();
  }

  modeTurned() {
    if (this.lane.mode === "device") this.sync.soon();
    this.show();
  }

  show() {
    const { gate, lane, knowledge } = this;
    if (!gate) return;
    const aloneText = this.sync.unknown ? words.unknown_device : this.modeText();
    gate.head.showMode(lane.mode, lane.mode === "server" ? words.online : aloneText, this.counts);
    if (lane.mode === "server" || !knowledge.ready) return;
    const { capacity } = knowledge.list;
    gate.showCrowd({ inside: knowledge.crowd, capacity, level: level(knowledge.crowd, capacity) });
  }

  async refresh() {
    const { knowledge } = this;
    if (this.sync.over) return;
    if (knowledge.ready) {
      const offered = knowledge.list.gates.map((gate) => ({
        ...gate,
        zone_names: knowledge.zones.get(gate.zone ?? ""),
      }));
      this.gate?.chooser.offer(offered);
    }
    await this.showReadiness();
    this.show();
  }

  /** "This phone decides by the list of 10:32 (4 min old)". */
  modeText() {
    const { knowledge } = this;
    if (!knowledge.ready) return words.offline;
    const age = Math.max(0, Math.round((this.clock.now() - knowledge.asOf) / MINUTE));
    return words.device_mode.replace("{time}", timeText.format(knowledge.asOf)).replace("{n}", number.format(age));
  }

  /** Whether this phone may lose the network now. */
  async showReadiness() {
    const { knowledge, store } = this;
    const people = await store.count("roster");
    const isComplete = (await store.fact("roster"))?.complete ?? false;
    const isReady = Boolean(await keptVersion(fair)) && knowledge.ready && isComplete;
    const text = isReady ? words.ready_offline : words.getting_ready;
    const time = knowledge.ready ? timeText.format(knowledge.asOf) : "–";
    part(root, "readiness").dataset.ready = isReady ? "yes" : "no";
    part(root, "readiness-word").textContent = text.replace("{time}", time).replace("{n}", number.format(people));
  }

  /** @param {string} token */
  async revoked(token) {
    this.gate?.end();
    this.lock.end();
    await gone(this.store, token);
  }
}

/**
 * @param {Store} store
 * @param {string} [token]
 */
async function gone(store, token = "") {
  showOnly("gone");
  part(root, "lane").hidden = true;
  part(root, "result").hidden = true;
  const clock = new Clock(await store.fact("offset"));
  /** @param {Counts} counts */
  const onChange = ({ waiting }) => {
    part(root, "gone-queue").textContent = waiting ? words.handing_in.replace("{n}", number.format(waiting)) : "";
  };
  const outbox = new Outbox({ store, api: deviceApi(token, clock), clock, url: urls.scans, onChange });
  await handInAndWipe({ store, outbox, fair });
}

await begin();
