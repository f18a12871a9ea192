// The camera: pictures go to a worker one at a time; the same code in view counts once.

/** @import { CameraTrouble } from "../../types/setup.js" */
/** @typedef {{ ready?: boolean, text?: string, failed?: string }} DecoderMessage as decoder.js posts it */

const LONG_SIDE = 960; // pixels handed to the decoder: enough for a badge at arm's length
const PAUSE = 60; // ms between pictures
const FORGET = 3000; // ms out of view after which a code counts as shown again

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {object} parts
   * @param {string | URL} parts.decoder the worker's address; for the app of a device inside its own scope
   * @param {(text: string) => void} parts.onCode hears each code shown
   * @param {(kind: CameraTrouble) => void} parts.onTrouble
   * @param {(hasTorch: boolean) => void} [parts.onTorch] whether there is a light
   */
  constructor(video, { decoder, onCode, onTrouble, onTorch = () => {} }) {
    this.video = video;
    this.decoder = decoder;
    this.onCode = onCode;
    this.onTrouble = onTrouble;
    this.onTorch = onTorch;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {Worker | null} */
    this.worker = null;
    this.isLit = false;
    this.last = { text: "", seen: 0 };
    this.paused = false;
  }

  get running() {
    return this.stream !== null;
  }

  /** Must be called from a tap: phones ask for it. */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) return this.onTrouble("none");
    this.startWorker();
    try {
      const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch (error) {
      const isDenied = error instanceof DOMException && error.name === "NotAllowedError";
      return this.onTrouble(isDenied ? "denied" : "none");
    }
    this.video.srcObject = this.stream;
    this.video.muted = true;
    await this.video.play();
    this.isLit = false;
    this.onTorch(Boolean(this.track?.getCapabilities?.().torch));
    this.schedule();
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  /** Turn the light on or off; whether it is on now. */
  toggleTorch() {
    this.isLit = !this.isLit;
    this.track?.applyConstraints({ advanced: [{ torch: this.isLit }] }).catch(() => {});
    return this.isLit;
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
    this.stream = null;
    this.worker?.terminate();
    this.worker = null;
  }

  startWorker() {
    if (this.worker) return;
    this.worker = new Worker(this.decoder, { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.answered(data));
    this.worker.addEventListener("error", () => this.onTrouble("decoder"));
  }

  schedule() {
    setTimeout(() => this.look(), PAUSE);
  }

  look() {
    if (!this.stream) return;
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!this.context || !width || this.paused || document.hidden) {
      this.schedule();
      return;
    }
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.context.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const picture = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    const message = { pixels: picture.data.buffer, width: picture.width, height: picture.height };
    this.worker?.postMessage(message, [message.pixels]);
  }

  /** @param {DecoderMessage} message */
  answered({ ready, text, failed }) {
    if (ready) return;
    if (failed && text === undefined) return this.onTrouble("decoder");
    if (text) this.saw(text);
    this.schedule();
  }

  /** @param {string} text */
  saw(text) {
    const now = performance.now();
    const isSame = text === this.last.text && now - this.last.seen < FORGET;
    this.last = { text, seen: now };
    if (!isSame) this.onCode(text);
  }
}
