// What a device knows without the server: gates, keys, withdrawn badges, who is inside, sealed names.

import { atTheFair } from "./clock.js";
import { fromBase64, toBase64 } from "./code.js";

/**
 * @import { Store } from "./store.js"
 * @import {
 *   Bytes, Category, Direction, Door, Gate, GateList, InsideRow, ListChanges, Room, ScopeRow, WholeList, Zone,
 * } from "../../types/gate.js"
 */

/** @typedef {{ name?: string, company?: string, category?: string, number?: string }} Person */

const WHOLE_FAIR = ""; // stands where a zone's code could stand
export const OVERLAP = 5000; // ms: a passage of our own this young may be missing in a list
const HASH_LENGTH = 8; // bytes
const NONCE_LENGTH = 12; // bytes
const utf8 = new TextEncoder();

export class Knowledge {
  /** @type {GateList | null} */
  #list = null;
  /** @type {CryptoKey | null} */
  #hashKey = null;

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Map<string, number>} how crowds changed by this device since the list, by scope */
    this.moved = new Map();
    this.asOf = 0; // ms
    this.day = "";
    /** @type {Set<string>} hashes of withdrawn badges */
    this.revoked = new Set();
    /** @type {Map<number, Bytes>} */
    this.keys = new Map();
    /** @type {Map<string, Gate>} the device's own */
    this.gates = new Map();
    /** @type {Map<string, Door>} all of the fair */
    this.doors = new Map();
    /** @type {Map<string, Category>} */
    this.categories = new Map();
    /** @type {Map<string, Zone>} */
    this.zones = new Map();
    /** @type {Bytes} */
    this.salt = new Uint8Array();
  }

  /**
   * What the store has from before: the last list, and how the scans that wait changed the crowds since.
   * @param {Store} store
   */
  static async load(store) {
    const knowledge = new Knowledge(store);
    const list = await store.fact("list");
    if (!list) return knowledge;
    await knowledge.use(list, (await store.fact("revoked")) ?? []);
    for (const { decided, gate, direction } of await store.scans()) {
      if (decided?.admitted) knowledge.moveAll(gate, direction === "entry");
    }
    return knowledge;
  }

  get ready() {
    return this.#list !== null;
  }

  /** The last list; throws before there is one. */
  get list() {
    if (!this.#list) throw new Error("this device has no list yet");
    return this.#list;
  }

  /**
   * Decide by this list from now on.
   * @param {GateList} list
   * @param {Iterable<string>} revoked
   */
  async use(list, revoked) {
    const salt = fromBase64(list.roster_key);
    this.#hashKey = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    // the rest at once: a badge may be shown meanwhile
    this.salt = salt;
    this.asOf = Date.parse(list.as_of);
    this.day = atTheFair(this.asOf, list.fair).day;
    this.revoked = new Set(revoked);
    this.keys = new Map(list.keys.map((key) => [key.id, fromBase64(key.public)]));
    this.gates = new Map(list.gates.map((gate) => [gate.code, gate]));
    this.doors = doorsOf(list);
    this.categories = new Map(list.categories.map((category) => [category.code, category]));
    this.zones = new Map(list.zones.map((zone) => [zone.code, zone]));
    this.#list = list;
  }

  /**
   * Take in an answer of `devices/me/list`: a whole list or the differences to the last one.
   * @param {WholeList | ListChanges} answer
   */
  async apply(answer) {
    const { revoked: _revoked, inside: _inside, ...list } = answer;
    const doors = doorsOf(list);
    const revoked = answer.full ? answer.revoked : this.changeRevoked(answer.revoked);
    if (answer.full) await this.store.putInside(scopeRows(answer.inside, doors), null);
    else await this.store.putInside(scopeRows(answer.inside.add, doors), answer.inside.remove);
    await this.store.setFact("revoked", revoked);
    await this.store.setFact("list", list);
    await this.store.forgetOwnBefore(Date.parse(list.as_of) - OVERLAP);
    this.moved.clear();
    await this.use(list, revoked);
  }

  /** @param {ListChanges["revoked"]} changes */
  changeRevoked({ add, remove }) {
    const changed = new Set(this.revoked);
    for (const hash of remove) changed.delete(hash);
    for (const hash of add) changed.add(hash);
    return [...changed];
  }

  /**
   * The short hash by which lists name a badge.
   * @param {Bytes} codeId
   */
  async hash(codeId) {
    if (!this.#hashKey) throw new Error("this device has no list yet");
    const full = await crypto.subtle.sign("HMAC", this.#hashKey, codeId);
    return toBase64(new Uint8Array(full, 0, HASH_LENGTH));
  }

  /**
   * Who holds a badge: its own code is the only key. {} when the list does not have it yet.
   * @param {string} hash
   * @param {Bytes} codeId
   * @returns {Promise<Person>}
   */
  async person(hash, codeId) {
    const sealed = await this.store.sealed(hash);
    if (!sealed) return {};
    try {
      const bytes = fromBase64(sealed);
      const key = await this.nameKey(codeId);
      const cipher = { name: "AES-GCM", iv: bytes.subarray(0, NONCE_LENGTH) };
      const text = await crypto.subtle.decrypt(cipher, key, bytes.subarray(NONCE_LENGTH));
      const [name, company, category, number] = JSON.parse(new TextDecoder().decode(text));
      return { name, company, category, number };
    } catch {
      return {}; // damaged on the way: the decision does not need it
    }
  }

  /** @param {Bytes} codeId */
  async nameKey(codeId) {
    const secret = await crypto.subtle.importKey("raw", codeId, "HKDF", false, ["deriveKey"]);
    const derivation = { name: "HKDF", hash: "SHA-256", salt: this.salt, info: utf8.encode("fairapp roster") };
    return crypto.subtle.deriveKey(derivation, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  }

  /**
   * {inside, entered} today in a scope; a day begins with nobody inside.
   * @param {string} hash
   * @param {string} scope
   * @param {string} day
   */
  async standing(hash, scope, day) {
    const { listed, own } = await this.store.standing(hash, scope);
    const ownToday = own?.day === day ? own : null;
    const isListed = listed !== undefined && this.day === day;
    if (ownToday && ownToday.at >= this.asOf - OVERLAP) return { inside: ownToday.inside, entered: true };
    return { inside: isListed, entered: isListed || ownToday !== null };
  }

  /**
   * Remember a passage, whoever decided it.
   * @param {string} hash
   * @param {string} gate
   * @param {Direction} direction
   * @param {string} day
   * @param {number} at ms
   */
  async passed(hash, gate, direction, day, at) {
    const scopes = scopesOf(this.doors.get(gate));
    const inside = direction === "entry";
    for (const scope of scopes) {
      if ((await this.standing(hash, scope, day)).inside !== inside) this.move(scope, inside);
    }
    await this.store.putOwn(hash, scopes, { inside, day, at });
  }

  /**
   * @param {string} gate
   * @param {boolean} inwards
   */
  moveAll(gate, inwards) {
    for (const scope of scopesOf(this.doors.get(gate))) this.move(scope, inwards);
  }

  /**
   * @param {string} scope
   * @param {boolean} inwards
   */
  move(scope, inwards) {
    this.moved.set(scope, (this.moved.get(scope) ?? 0) + (inwards ? 1 : -1));
  }

  /**
   * The crowds with a limit that one joins behind a gate: [people inside, how many may be, hard stop].
   * @param {string} gate
   * @param {string} day
   * @returns {Room[]}
   */
  rooms(gate, day) {
    /** @type {Room[]} */
    const rooms = [];
    for (const scope of scopesOf(this.doors.get(gate))) {
      const place = this.place(scope);
      if (!place || place.capacity === null) continue;
      rooms.push([this.insideNow(scope, place.inside, day), place.capacity, place.hard_stop]);
    }
    return rooms;
  }

  /** @param {string} scope */
  place(scope) {
    const { inside_count: inside, capacity, hard_stop } = this.list;
    return scope === WHOLE_FAIR ? { inside, capacity, hard_stop } : this.zones.get(scope);
  }

  /**
   * @param {string} scope
   * @param {number} listed how many were inside by the list
   * @param {string} day
   */
  insideNow(scope, listed, day) {
    return Math.max(0, (this.day === day ? listed : 0) + (this.moved.get(scope) ?? 0));
  }

  /** How many are inside the whole fair, by the list and by what this device saw since. */
  get crowd() {
    return this.insideNow(WHOLE_FAIR, this.list.inside_count, this.day);
  }
}

/** @param {Pick<GateList, "gates" | "doors">} list */
function doorsOf(list) {
  return new Map([...(list.doors ?? []), ...list.gates].map((door) => [door.code, door]));
}

/**
 * A row for each scope that a listed gate leads into.
 * @param {InsideRow[]} inside
 * @param {Map<string, Door>} doors
 * @returns {ScopeRow[]}
 */
function scopeRows(inside, doors) {
  return inside.flatMap(([hash, gate, minute]) =>
    scopesOf(doors.get(gate)).map((scope) => /** @type {ScopeRow} */ ([hash, scope, minute])),
  );
}

/**
 * @param {Door} [door]
 * @returns {string[]}
 */
function scopesOf(door) {
  if (!door) return [];
  const scopes = door.outer ? [WHOLE_FAIR] : [];
  return door.zone ? [...scopes, door.zone] : scopes;
}
