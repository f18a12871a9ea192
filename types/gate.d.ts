// What the gate's modules, its pages and the server tell each other: docs/offline-list.md and fairapp/gates/answers.py.

export type Bytes = Uint8Array<ArrayBuffer>;
export type Direction = "entry" | "exit";
/** Who decides. */
export type Mode = "server" | "device";
export type Proof = "genuine" | "unknown" | "bad_signature";
export type Reader = "camera" | "scanner" | "search";
export type Meaning = "good" | "attention" | "stop";
/** Per cent of the approved capacity, in the steps that warn. */
export type Level = 0 | 80 | 90 | 100;
export type Decision =
  | "admitted"
  | "re_entry"
  | "already_inside"
  | "wrong_day"
  | "wrong_zone"
  | "revoked"
  | "unknown"
  | "bad_signature"
  | "not_open"
  | "capacity"
  | "blocked";

// --- scans and answers ---

/** What was read at the door: a code, or a badge chosen from a search. */
export interface Reading {
  code?: string;
  badge?: string;
  method: Reader;
  override_reason?: string;
}

/** A reading at a gate. */
export interface Request extends Reading {
  gate: string;
  direction: Direction;
}

/** A request with its own id and the device's time. */
export interface Scan extends Request {
  id: string;
  at: string;
}

/** What a device decided by itself. */
export interface OwnDecision {
  decision: Decision;
  admitted: boolean;
  mode: "device";
  list_version: string;
}

/** A scan in the store: with the device's running number and the error its clock had, in ms; null: not known yet. */
export interface StoredScan extends Scan {
  counter: number;
  offset: number | null;
  decided?: OwnDecision;
  /** the code of the refusal for which it was set aside */
  refused?: string;
  /** rounds in which the server failed over it */
  failures?: number;
}

export interface Category {
  code: string;
  name_zh: string;
  name_en: string;
  kind: string;
  escort: boolean;
  vip: boolean;
}

export interface Named {
  name_zh: string | null;
  name_en: string | null;
}

/** The answer to one scan, by the server or (`byDevice`) by this device. */
export interface Answer {
  id: string;
  decision: Decision;
  admitted: boolean;
  direction: Direction;
  at: string;
  name: string;
  company: string;
  number: string;
  category: string | Category;
  level: Level;
  escort?: boolean;
  reason?: string;
  byDevice?: boolean;
}

export interface Counts {
  waiting: number;
  refused: number;
}

export interface Crowd {
  inside: number;
  capacity: number | null;
  level: Level;
  gates?: { code: string; entries: number; exits: number }[];
}

/** One line of a search. */
export interface FoundPerson {
  badge: string;
  name: string;
  company: string;
  category: string;
  number: string;
}

// --- the list a device decides by ---

/** [hash of a badge, code of a gate, minute of the day] */
export type InsideRow = [string, string, number];
/** [hash of a badge, code of a zone or "" for the whole fair, minute of the day] */
export type ScopeRow = [string, string, number];
/** [people inside, how many may be, hard stop] */
export type Room = [number, number, boolean];

export interface FairDays {
  time_zone: string;
  starts_on: string;
  ends_on: string;
}

export interface Fair extends FairDays {
  id: number;
  opens_at: string;
  closes_at: string;
  exits_are_scanned: boolean;
}

export interface Door {
  code: string;
  zone: string | null;
  outer: boolean;
}

export interface Gate extends Door, Named {
  direction: Direction | "both";
  closed: boolean;
  admits: string[] | null;
  opens: string | null;
  closes: string | null;
}

/** A gate as it is offered: with the names of its zone. */
export interface OfferedGate extends Named {
  code: string;
  zone: string | null;
  direction: Direction | "both";
  closed: boolean;
  zone_names?: Named | null;
}

export interface Zone extends Named {
  code: string;
  capacity: number | null;
  hard_stop: boolean;
  inside: number;
}

export interface GateList {
  version: string;
  as_of: string;
  fair: Fair;
  capacity: number | null;
  hard_stop: boolean;
  inside_count: number;
  roster_key: string;
  keys: { id: number; public: string }[];
  gates: Gate[];
  doors?: Door[];
  zones: Zone[];
  categories: Category[];
}

export interface WholeList extends GateList {
  full: true;
  revoked: string[];
  inside: InsideRow[];
}

export interface ListChanges extends GateList {
  full: false;
  revoked: { add: string[]; remove: string[] };
  inside: { add: InsideRow[]; remove: string[] };
}

export interface RosterPage {
  roster: [hash: string, sealed: string][];
  next: string | null;
  cursor?: string;
}

/** A passage that this device saw itself, at a moment in ms. */
export interface OwnPassage {
  inside: boolean;
  day: string;
  at: number;
}

/** What the law is asked about: see DEFAULT_FACTS in static/scanner/rules.js. */
export interface DecisionFacts {
  proof: Proof;
  holder: "active" | "revoked" | "blocked";
  kind: string;
  category: string;
  vip: boolean;
  /** one bit a day of the fair */
  days: number;
  /** of the fair, from 1; 0: none of its days */
  day: number;
  /** of the day, as are `opens` and `closes` */
  minute: number;
  opens: number;
  closes: number;
  admits: string[] | null;
  gate_blocked: boolean;
  direction: Direction;
  inside: boolean;
  entered_today: boolean;
  /** crowds with a limit that one joins here */
  rooms: Room[];
}

/** What a badge code says. */
export interface BadgeCode {
  fair: number;
  key: number;
  codeId: Bytes;
  days: number;
  issue: number;
  category: string;
  signed: Bytes;
  signature: Bytes;
}

export type Proved = { proof: "genuine"; code: BadgeCode } | { proof: "unknown" | "bad_signature"; code: null };

// --- what a device keeps ---

export interface Device {
  id: string;
  name: string;
  role: "steward" | "supervisor";
}

export interface Enrolment {
  device: Device;
  token: string;
  expires_at: string | null;
}

/** Single facts in the store, by name. Moments are in ms, except `expires_at`. */
export interface Facts {
  token: string;
  device: Device;
  offset: number | null;
  counter: number;
  expires_at: string | null;
  revoked_at: number;
  pin: { salt: Bytes; hash: string };
  pin_failures: { count: number; until: number };
  list: GateList;
  revoked: string[];
  roster: { cursor: string; complete: boolean; day: string };
}
