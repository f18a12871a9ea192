// A fresh store for each test, on an IndexedDB in memory.

import "fake-indexeddb/auto";
import { Store } from "../../static/scanner/store.js";

/** A store of its own; `name` opens one that is there already, as a reload of the page does. */
export async function openStore(test, name = crypto.randomUUID()) {
  const store = await Store.open(name);
  test.after(() => store.database.close());
  return store;
}

export const makeScan = (id, more = {}) => ({
  id,
  at: "2021-03-18T02:00:00.000Z",
  code: "FA1:X.",
  gate: "G1",
  direction: "entry",
  method: "scanner",
  ...more,
});
