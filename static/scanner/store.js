// All that a device keeps: scans not yet acknowledged, the list it decides by, sealed names, who is inside.
// Codes, hashes and sealed text only: never a name, a mail address, a phone or an ID number that could be read.

import { deleteDB, openDB } from "../vendor/idb/index.js";

/**
 * @import { DBSchema, IDBPDatabase, IDBPObjectStore } from "idb"
 * @import { Facts, OwnPassage, Scan, ScopeRow, StoredScan } from "../../types/gate.js"
 */

/**
 * What stands in the database: sealed names by hash; who is inside by hash and scope, by the list and by this device.
 * @typedef {object} Tables
 * @property {{ key: string, value: StoredScan }} scans
 * @property {{ key: keyof Facts, value: Facts[keyof Facts] }} facts
 * @property {{ key: string, value: string }} roster
 * @property {{ key: [string, string], value: number }} inside
 * @property {{ key: [string, string], value: OwnPassage }} own
 */
/** @typedef {Tables & DBSchema} Schema */
/** @typedef {keyof Tables} TableName */

/** @type {TableName[]} */
const TABLES = ["scans", "facts", "roster", "inside", "own"];

export class Store {
  /** Whether what it holds is gone with the page. */
  forgets = false;

  /**
   * @param {string} name
   * @param {IDBPDatabase<Schema>} database
   */
  constructor(name, database) {
    this.name = name;
    this.database = database;
  }

  /**
   * Open the database of that name, made new where there is none; rejects where the browser keeps nothing.
   * @param {string} name
   */
  static async open(name) {
    /** @type {IDBPDatabase<Schema>} */
    const database = await openDB(name, 1, {
      upgrade(created) {
        created.createObjectStore("scans", { keyPath: "id" });
        for (const table of TABLES.slice(1)) created.createObjectStore(table);
      },
      blocking: () => database.close(),
    });
    return new Store(name, database);
  }

  /**
   * One fact; undefined where it was never set.
   * @template {keyof Facts} K
   * @param {K} name
   * @returns {Promise<Facts[K] | undefined>}
   */
  async fact(name) {
    const value = await this.database.get("facts", name);
    return /** @type {Facts[K] | undefined} */ (value); // only `setFact` and `addScan` write here
  }

  /**
   * @template {keyof Facts} K
   * @param {K} name
   * @param {Facts[K]} value
   */
  async setFact(name, value) {
    await this.database.put("facts", value, name);
  }

  /**
   * Keep a scan, on the disk before this resolves, under the device's next running number.
   * @param {Scan & Pick<StoredScan, "offset" | "decided">} scan
   * @returns {Promise<StoredScan>}
   */
  async addScan(scan) {
    const change = this.database.transaction(["scans", "facts"], "readwrite", { durability: "strict" });
    const facts = change.objectStore("facts");
    const counter = Number((await facts.get("counter")) ?? 0) + 1;
    const counted = { ...scan, counter };
    await Promise.all([facts.put(counter, "counter"), change.objectStore("scans").put(counted), change.done]);
    return counted;
  }

  /** @param {StoredScan[]} scans */
  putScans(scans) {
    return this.write("scans", (table) => scans.map((scan) => table.put(scan)));
  }

  /** @param {string[]} ids */
  removeScans(ids) {
    return this.write("scans", (table) => ids.map((id) => table.delete(id)));
  }

  /** Unacknowledged scans, oldest first. */
  async scans() {
    return (await this.database.getAll("scans")).sort((a, b) => a.counter - b.counter);
  }

  /**
   * The sealed name of a badge.
   * @param {string} hash
   */
  sealed(hash) {
    return this.database.get("roster", hash);
  }

  /** @param {[hash: string, sealed: string][]} rows */
  putSealed(rows) {
    return this.write("roster", (table) => rows.map(([hash, text]) => table.put(text, hash)));
  }

  /**
   * Drop the sealed names that are not among these.
   * @param {Set<string>} hashes
   */
  async keepSealed(hashes) {
    const dropped = (await this.database.getAllKeys("roster")).filter((hash) => !hashes.has(hash));
    await this.write("roster", (table) => dropped.map((hash) => table.delete(hash)));
  }

  /**
   * Where somebody stands in a scope, by the list (the minute) and by this device's own passages.
   * @param {string} hash
   * @param {string} scope
   */
  async standing(hash, scope) {
    const tables = this.database.transaction(["inside", "own"]);
    const [listed, own] = await Promise.all([
      tables.objectStore("inside").get([hash, scope]),
      tables.objectStore("own").get([hash, scope]),
    ]);
    return { listed, own };
  }

  /**
   * @param {string} hash
   * @param {string[]} scopes
   * @param {OwnPassage} passage
   */
  putOwn(hash, scopes, passage) {
    return this.write("own", (table) => scopes.map((scope) => table.put(passage, [hash, scope])));
  }

  /** @param {number} moment in ms */
  async forgetOwnBefore(moment) {
    const change = this.database.transaction("own", "readwrite");
    for await (const cursor of change.store) if (cursor.value.at < moment) cursor.delete();
    await change.done;
  }

  /**
   * First all rows of the hashes in `remove` go, or everything when it is null; then these come.
   * @param {ScopeRow[]} rows
   * @param {string[] | null} remove
   */
  putInside(rows, remove) {
    return this.write("inside", (table) => [
      ...(remove === null
        ? [table.clear()]
        : remove.map((hash) => table.delete(IDBKeyRange.bound([hash], [hash, []])))),
      ...rows.map(([hash, scope, minute]) => table.put(minute, [hash, scope])),
    ]);
  }

  /**
   * How many rows a table has.
   * @param {TableName} name
   */
  count(name) {
    return this.database.count(name);
  }

  /** @param {TableName[]} names */
  async clear(...names) {
    await Promise.all(names.map((name) => this.database.clear(name)));
  }

  /**
   * @template {TableName} N
   * @param {N} name
   * @param {(table: IDBPObjectStore<Schema, [N], N, "readwrite">) => Promise<unknown>[]} changes
   */
  async write(name, changes) {
    const change = this.database.transaction(name, "readwrite");
    await Promise.all([...changes(change.store), change.done]);
  }

  /** Nothing is left. */
  async wipe() {
    await this.clear(...TABLES);
    this.database.close();
    await deleteDB(this.name);
  }
}

/** For private windows without a database: the scans alone, until the page is closed. */
export class MemoryStore {
  forgets = true;

  constructor() {
    /** @type {Map<string, StoredScan>} */
    this.byId = new Map();
    this.counter = 0;
  }

  /**
   * @param {Scan & Pick<StoredScan, "offset" | "decided">} scan
   * @returns {Promise<StoredScan>}
   */
  async addScan(scan) {
    this.counter += 1;
    const counted = { ...scan, counter: this.counter };
    this.byId.set(scan.id, counted);
    return counted;
  }

  /** @param {StoredScan[]} scans */
  async putScans(scans) {
    for (const scan of scans) this.byId.set(scan.id, scan);
  }

  /** @param {string[]} ids */
  async removeScans(ids) {
    for (const id of ids) this.byId.delete(id);
  }

  /** Unacknowledged scans, oldest first. */
  async scans() {
    return [...this.byId.values()];
  }

  /** @param {"scans"} _table it has no other */
  async count(_table) {
    return this.byId.size;
  }
}
