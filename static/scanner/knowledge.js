// What a device knows without the server: gates, keys, withdrawn badges, who is inside, sealed names.

import { atTheFair } from "./clock.js";
import { fromBase64, toBase64 } from "./code.js";

const WHOLE_FAIR = ""; // stands where a zone's code could stand
const OVERLAP = 5000; // ms: a passage of our own this young may be missing in a list
const utf8 = new TextEncoder();

export class Knowledge {
  static async load(store) {
    const known = new Knowledge();
    known.store = store;
    known.moved = new Map(); // how crowds changed by this device since the list, by scope
    const list = await store.fact("list");
    if (list) await known.use(list, (await store.fact("revoked")) ?? []);
    for (const { decided, gate, direction } of list ? await store.scans() : []) {
      if (decided?.admitted) for (const scope of scopesOf(known.doors.get(gate))) known.move(scope, direction === "entry");
    }
    return known;
  }

  get ready() {
    return this.list !== undefined;
  }

  async use(list, revoked) {
    this.list = list;
    this.asOf = Date.parse(list.as_of);
    this.day = atTheFair(this.asOf, list.fair).day;
    this.revoked = new Set(revoked);
    this.keys = new Map(list.keys.map((key) => [key.id, fromBase64(key.public)]));
    this.gates = new Map(list.gates.map((gate) => [gate.code, gate]));
    this.doors = new Map([...(list.doors ?? []), ...list.gates].map((door) => [door.code, door]));
    this.categories = new Map(list.categories.map((category) => [category.code, category]));
    this.zones = new Map(list.zones.map((zone) => [zone.code, zone]));
    this.salt = fromBase64(list.roster_key);
    this.hmac = await crypto.subtle.importKey("raw", this.salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  }

  /** Take in an answer of `devices/me/list`: a whole list or the differences to the last one. */
  async apply({ revoked, inside, ...list }) {
    const whole = list.full !== false;
    const withdrawn = whole ? revoked : this.changed(revoked);
    await this.store.putInside(this.rows(whole ? inside : inside.add, list), whole ? null : inside.remove);
    await this.store.setFact("revoked", withdrawn);
    await this.store.setFact("list", list);
    await this.store.forgetOwnBefore(Date.parse(list.as_of) - OVERLAP);
    this.moved.clear();
    await this.use(list, withdrawn);
  }

  changed({ add, remove }) {
    const left = new Set(this.revoked);
    for (const hash of remove) left.delete(hash);
    for (const hash of add) left.add(hash);
    return [...left];
  }

  /** [hash, scope, minute] for each scope that a listed gate leads into. */
  rows(inside, list) {
    const doors = new Map([...(list.doors ?? []), ...list.gates].map((door) => [door.code, door]));
    return inside.flatMap(([hash, gate, minute]) => scopesOf(doors.get(gate)).map((scope) => [hash, scope, minute]));
  }

  /** The short hash by which lists name a badge. */
  async hash(codeId) {
    const whole = await crypto.subtle.sign("HMAC", this.hmac, codeId);
    return toBase64(new Uint8Array(whole, 0, 8));
  }

  /** Who holds a badge: its own code is the only key. {} when the list does not have it yet. */
  async person(hash, codeId) {
    const sealed = await this.store.sealed(hash);
    if (!sealed) return {};
    try {
      const bytes = fromBase64(sealed);
      const secret = await crypto.subtle.importKey("raw", codeId, "HKDF", false, ["deriveKey"]);
      const how = { name: "HKDF", hash: "SHA-256", salt: this.salt, info: utf8.encode("fairapp roster") };
      const key = await crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.subarray(0, 12) }, key, bytes.subarray(12));
      const [name, company, category, number] = JSON.parse(new TextDecoder().decode(text));
      return { name, company, category, number };
    } catch {
      return {}; // damaged on the way: the decision does not need it
    }
  }

  /** {inside, entered} today in a scope; a day begins with nobody inside. */
  async standing(hash, scope, day) {
    const { listed, own } = await this.store.standing(hash, scope);
    const mine = own?.day === day ? own : undefined;
    const theirs = listed !== undefined && this.day === day;
    if (mine && mine.at >= this.asOf - OVERLAP) return { inside: mine.inside, entered: true };
    return { inside: theirs, entered: theirs || mine !== undefined };
  }

  /** Remember a passage, whoever decided it. */
  async passed(hash, gate, direction, day, at) {
    const scopes = scopesOf(this.doors.get(gate));
    const inside = direction === "entry";
    for (const scope of scopes) if ((await this.standing(hash, scope, day)).inside !== inside) this.move(scope, inside);
    await this.store.putOwn(hash, scopes, { inside, day, at });
  }

  move(scope, inside) {
    this.moved.set(scope, (this.moved.get(scope) ?? 0) + (inside ? 1 : -1));
  }

  /** The crowds with a limit that one joins behind a gate: [people inside, how many may be, hard stop]. */
  rooms(gate, day) {
    const { list } = this;
    const fair = { inside: list.inside_count, capacity: list.capacity, hard_stop: list.hard_stop };
    const places = scopesOf(this.doors.get(gate)).map((scope) => [scope, scope === WHOLE_FAIR ? fair : this.zones.get(scope)]);
    return places
      .filter(([, place]) => Number.isInteger(place?.capacity))
      .map(([scope, place]) => [this.here(scope, place, day), place.capacity, place.hard_stop]);
  }

  here(scope, { inside }, day) {
    return Math.max(0, (this.day === day ? inside : 0) + (this.moved.get(scope) ?? 0));
  }
}

const scopesOf = (door) => (door ? [...(door.outer ? [WHOLE_FAIR] : []), ...(door.zone ? [door.zone] : [])] : []);
