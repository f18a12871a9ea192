// The server's time by the device's clock, and what the clock at the fair shows then.

/** Device time is kept as it is; `offset` (ms, server minus device) was measured when the server last answered; null: never yet. */
export class Clock {
  constructor(offset = null) {
    this.offset = offset ?? null;
    this.best = Infinity;
  }

  /** Learn from an answer: `sent` and `received` by the device's clock, `serverTime` in between. */
  learn(sent, received, serverTime) {
    const trip = received - sent;
    const measured = Math.round(Date.parse(serverTime) - (sent + received) / 2);
    // a quick answer measures well; a slow one only tells when the clock was put right
    if (trip <= this.best || Math.abs(measured - this.offset) > trip + 1000) {
      this.offset = measured;
      this.best = Math.max(trip, 50);
    }
  }

  now() {
    return Date.now() + (this.offset ?? 0);
  }
}

const formats = new Map();

/** {day: "2021-03-18", minute: of the day, number: of the day among the fair's days or 0} at a moment. */
export function atTheFair(moment, fair) {
  const zone = fair.time_zone;
  if (!formats.has(zone)) {
    const numbers = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
    formats.set(zone, new Intl.DateTimeFormat("en", { timeZone: zone, hourCycle: "h23", ...numbers }));
  }
  const part = Object.fromEntries(formats.get(zone).formatToParts(moment).map(({ type, value }) => [type, value]));
  const day = `${part.year}-${part.month}-${part.day}`;
  const during = fair.starts_on <= day && day <= fair.ends_on;
  const number = during ? (Date.parse(day) - Date.parse(fair.starts_on)) / 86_400_000 + 1 : 0;
  return { day, minute: Number(part.hour) * 60 + Number(part.minute), number };
}

/** Minutes of the day of "09:30". */
export function minutesOf(text) {
  const [hours, minutes] = text.split(":").map(Number);
  return hours * 60 + minutes;
}
