// What was scanned and not yet answered. It is in the browser's database before it is sent and leaves
// it when the server has answered, so that a reload loses nothing. Codes only; no names.

import { openDB } from "../vendor/idb/index.js";

const STORE = "scans";

export class Outbox {
  static async open(fair) {
    const box = new Outbox();
    try {
      box.database = await openDB(`gate-${fair}`, 1, {
        upgrade: (database) => database.createObjectStore(STORE, { keyPath: "id" }),
      });
    } catch {
      box.memory = new Map(); // private windows may have no database
    }
    return box;
  }

  async add(scan) {
    if (this.memory) this.memory.set(scan.id, scan);
    else await this.database.put(STORE, scan);
  }

  async remove(ids) {
    if (this.memory) {
      ids.forEach((id) => this.memory.delete(id));
      return;
    }
    const change = this.database.transaction(STORE, "readwrite");
    await Promise.all([...ids.map((id) => change.store.delete(id)), change.done]);
  }

  async all() {
    return this.memory ? [...this.memory.values()] : this.database.getAll(STORE);
  }
}
