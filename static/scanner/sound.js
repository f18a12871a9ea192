// Three sounds for three meanings, made by the browser itself; they follow the answer, never the scan.

let context = null;

/** Call from a tap: browsers keep a page silent until then. */
export function allowSound() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

function tone(frequency, start, length, shape = "sine") {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  const at = context.currentTime + start;
  oscillator.type = shape;
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.5, at + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + length);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}

/** A device's own answer ends on a second, lower tone: one hears who decided. */
export function play(meaning, byDevice = false) {
  if (!context) return;
  if (meaning === "good") tone(1320, 0, 0.16);
  if (meaning === "good" && byDevice) tone(880, 0.18, 0.22);
  if (meaning === "attention") [0, 0.18].forEach((start) => tone(740, start, 0.14, "triangle"));
  if (meaning === "attention" && byDevice) tone(494, 0.36, 0.24, "triangle");
  if (meaning === "stop") [0, 0.22, 0.44].forEach((start) => tone(196, start, 0.2, "square"));
  if (meaning === "stop" && byDevice) tone(131, 0.66, 0.3, "square");
  navigator.vibrate?.({ good: 60, attention: [80, 60, 80], stop: [250, 80, 250] }[meaning]);
}
