// Three sounds for three meanings, made by the browser itself; they follow the answer, never the scan.

/** @import { Meaning } from "../../types/gate.js" */

/** @typedef {{ frequency: number, start: number, length: number, shape: OscillatorType }} Tone Hz and seconds */

/** @type {AudioContext | null} */
let audio = null;

/** @type {Record<Meaning, Tone[]>} */
const TONES = {
  good: [{ frequency: 1320, start: 0, length: 0.16, shape: "sine" }],
  attention: [0, 0.18].map((start) => ({ frequency: 740, start, length: 0.14, shape: "triangle" })),
  stop: [0, 0.22, 0.44].map((start) => ({ frequency: 196, start, length: 0.2, shape: "square" })),
};
/** @type {Record<Meaning, Tone>} a device's own answer ends on a second, lower tone: one hears who decided */
const DEVICE_TONE = {
  good: { frequency: 880, start: 0.18, length: 0.22, shape: "sine" },
  attention: { frequency: 494, start: 0.36, length: 0.24, shape: "triangle" },
  stop: { frequency: 131, start: 0.66, length: 0.3, shape: "square" },
};
/** @type {Record<Meaning, VibratePattern>} */
const VIBRATIONS = { good: 60, attention: [80, 60, 80], stop: [250, 80, 250] };

/** Call from a tap: browsers keep a page silent until then. */
export function allowSound() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

/**
 * @param {AudioContext} context
 * @param {Tone} tone
 */
function sound(context, { frequency, start, length, shape }) {
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

/**
 * @param {Meaning} meaning
 * @param {boolean} [byDevice]
 */
export function play(meaning, byDevice = false) {
  if (!audio) return;
  for (const tone of TONES[meaning]) sound(audio, tone);
  if (byDevice) sound(audio, DEVICE_TONE[meaning]);
  navigator.vibrate?.(VIBRATIONS[meaning]);
}
