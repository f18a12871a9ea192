// What the gate's pages are served with: fairapp/gates/scanner_views.py and scanner_words.py.

import type { Decision, Direction, Level, OfferedGate } from "./gate.js";

export type PlainWord =
  | "in"
  | "out"
  | "goodbye"
  | "waiting"
  | "no_answer"
  | "no_answer_reason"
  | "not_kept_reason"
  | "badge_as_reason"
  | "by_device"
  | "escort"
  | "refused"
  | "refused_reason"
  | "signed_out"
  | "overridden"
  | "no_name"
  | "nobody"
  | "no_search"
  | "of"
  | "here"
  | "online"
  | "offline"
  | "device_mode"
  | "unknown_device"
  | "no_storage"
  | "waiting_scans"
  | "refused_scans"
  | "handing_in"
  | "ready_offline"
  | "getting_ready"
  | "bad_pin"
  | "wrong_pin"
  | "dead_link"
  | "no_set_up_code"
  | "no_answer_enrol"
  | "enrol_again"
  | "hand_in_first";

export type CameraTrouble = "denied" | "none" | "decoder";

/** As fairapp/gates/scanner_words.py writes them. */
export interface Words extends Record<PlainWord, string> {
  camera: Record<CameraTrouble, string>;
  directions: Record<Direction, string>;
  labels: Record<Decision, string>;
  reasons: Partial<Record<Decision, string>>;
  levels: Record<Exclude<Level, 0>, string>;
}

/** As fairapp/gates/scanner_views.py writes it. */
export interface Setup {
  fair: string;
  time_zone: string;
  locale: string;
  words: Words;
  urls: { scans: string; status: string; search: string; decoder: string };
}

export interface StewardSetup extends Setup {
  urls: Setup["urls"] & { mine: string };
  token: string;
  mayOverride: boolean;
  gates: OfferedGate[];
}

export interface DeviceSetup extends Setup {
  urls: Setup["urls"] & { enrol: string; contact: string; list: string; roster: string; worker: string };
}
