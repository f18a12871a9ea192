// The server's time by the device's clock, and what the clock at the fair shows then.

/** @import { FairDays } from "../../types/gate.js" */

const MIN_TRIP = 50; // ms: quicker answers measure no better
const CLOCK_SLACK = 1000; // ms beyond the trip by which a measurement may differ from the last

/** Device time is kept as it is; `offset` (ms, server minus device) was measured when the server last answered; null: never yet. */
export class Clock {
  /** @param {number | null} [offset] */
  constructor(offset = null) {
    /** @type {number | null} */
    this.offset = offset;
    this.shortestTrip = Number.POSITIVE_INFINITY;
  }

  /**
   * Learn from an answer: `sent` and `received` in ms by the device's clock, `serverTime` in between.
   * @param {number} sent
   * @param {number} received
   * @param {string} serverTime
   */
  learn(sent, received, serverTime) {
    const trip = received - sent;
    const measured = Math.round(Date.parse(serverTime) - (sent + received) / 2);
    // a quick answer measures well; a slow one only tells when the clock was put right
    if (trip <= this.shortestTrip || Math.abs(measured - (this.offset ?? 0)) > trip + CLOCK_SLACK) {
      this.offset = measured;
      this.shortestTrip = Math.max(trip, MIN_TRIP);
    }
  }

  /** The server's time in ms, as far as it is known. */
  now() {
    return Date.now() + (this.offset ?? 0);
  }
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} timeZone */
function formatFor(timeZone) {
  const existing = formats.get(timeZone);
  if (existing) return existing;
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

/**
 * {day: "2021-03-18", minute: of the day, number: of the day among the fair's days or 0} at a moment in ms.
 * @param {number} moment
 * @param {FairDays} fair
 */
export function atTheFair(moment, fair) {
  const parts = formatFor(fair.time_zone).formatToParts(moment);
  const { year, month, day: date, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const day = `${year}-${month}-${date}`;
  const isDuring = fair.starts_on <= day && day <= fair.ends_on;
  const number = isDuring ? (Date.parse(day) - Date.parse(fair.starts_on)) / 86_400_000 + 1 : 0;
  return { day, minute: Number(hour) * 60 + Number(minute), number };
}

/**
 * Minutes of the day of "09:30".
 * @param {string} text
 */
export function minutesOf(text) {
  const [hours, minutes] = text.split(":").map(Number);
  return hours * 60 + minutes;
}
