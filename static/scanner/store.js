// All that a device keeps: scans not yet acknowledged, the list it decides by, sealed names, who is inside.
// Codes, hashes and sealed text only: never a name, a mail address, a phone or an ID number that could be read.

import { deleteDB, openDB } from "../vendor/idb/index.js";

const STORES = ["scans", "facts", "roster", "inside", "own"];

export class Store {
  static async open(name) {
    const store = new Store();
    store.name = name;
    store.database = await openDB(name, 1, {
      upgrade(database) {
        database.createObjectStore("scans", { keyPath: "id" });
        for (const other of STORES.slice(1)) database.createObjectStore(other);
      },
      blocking: () => store.database.close(),
    });
    return store;
  }

  fact(name) {
    return this.database.get("facts", name);
  }

  setFact(name, value) {
    return this.database.put("facts", value, name);
  }

  /** Keep a scan, on the disk before this resolves, under the device's next running number. */
  async addScan(scan) {
    const change = this.database.transaction(["scans", "facts"], "readwrite", { durability: "strict" });
    const facts = change.objectStore("facts");
    const counter = ((await facts.get("counter")) ?? 0) + 1;
    const counted = { ...scan, counter };
    await Promise.all([facts.put(counter, "counter"), change.objectStore("scans").put(counted), change.done]);
    return counted;
  }

  putScans(scans) {
    return this.write("scans", (put) => scans.map((scan) => put.put(scan)));
  }

  removeScans(ids) {
    return this.write("scans", (put) => ids.map((id) => put.delete(id)));
  }

  /** Unacknowledged scans, oldest first. */
  async scans() {
    return (await this.database.getAll("scans")).sort((a, b) => a.counter - b.counter);
  }

  sealed(hash) {
    return this.database.get("roster", hash);
  }

  putSealed(rows) {
    return this.write("roster", (put) => rows.map(([hash, text]) => put.put(text, hash)));
  }

  /** Drop the sealed names that are not among these. */
  async keepSealed(hashes) {
    const gone = (await this.database.getAllKeys("roster")).filter((hash) => !hashes.has(hash));
    await this.write("roster", (put) => gone.map((hash) => put.delete(hash)));
  }

  /** Where somebody stands in a scope, by the list (`inside`) and by this device's own passages (`own`). */
  async standing(hash, scope) {
    const read = this.database.transaction(["inside", "own"]);
    const [listed, own] = await Promise.all([read.objectStore("inside").get([hash, scope]), read.objectStore("own").get([hash, scope])]);
    return { listed, own };
  }

  putOwn(hash, scopes, value) {
    return this.write("own", (put) => scopes.map((scope) => put.put(value, [hash, scope])));
  }

  async forgetOwnBefore(moment) {
    const change = this.database.transaction("own", "readwrite");
    for await (const cursor of change.store) if (cursor.value.at < moment) cursor.delete();
    await change.done;
  }

  /** `rows` of [hash, scope, minute]; first all of `remove` go, or everything when it is null. */
  putInside(rows, remove) {
    return this.write("inside", (put) => [
      ...(remove === null ? [put.clear()] : remove.map((hash) => put.delete(IDBKeyRange.bound([hash], [hash, []])))),
      ...rows.map(([hash, scope, minute]) => put.put(minute, [hash, scope])),
    ]);
  }

  count(name) {
    return this.database.count(name);
  }

  clear(name) {
    return this.database.clear(name);
  }

  async write(name, changes) {
    const change = this.database.transaction(name, "readwrite");
    await Promise.all([...changes(change.store), change.done]);
  }

  /** Nothing is left. */
  async wipe() {
    await Promise.all(STORES.map((name) => this.database.clear(name)));
    this.database.close();
    await deleteDB(this.name);
  }
}

/** For private windows without a database: the same for scans and facts, until the page is closed. */
export class MemoryStore {
  forgets = true;

  constructor() {
    this.kept = new Map();
    this.facts = new Map();
  }

  async fact(name) {
    return this.facts.get(name);
  }

  async setFact(name, value) {
    this.facts.set(name, value);
  }

  async addScan(scan) {
    const counted = { ...scan, counter: this.kept.size + 1 };
    this.kept.set(scan.id, counted);
    return counted;
  }

  async putScans(scans) {
    for (const scan of scans) this.kept.set(scan.id, scan);
  }

  async removeScans(ids) {
    for (const id of ids) this.kept.delete(id);
  }

  async scans() {
    return [...this.kept.values()];
  }

  async count() {
    return this.kept.size;
  }
}
