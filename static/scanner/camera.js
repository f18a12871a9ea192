// The camera: pictures go to a worker one at a time; the same code in view counts once.

const LONG_SIDE = 960; // pixels handed to the decoder: enough for a badge at arm's length
const PAUSE = 60; // ms between pictures
const FORGET = 3000; // ms out of view after which a code counts as shown again

export class Camera {
  /**
   * `onCode(text)` hears each code shown; `onTrouble(kind)` 'denied', 'none' or 'decoder'; `onTorch(able)`
   * whether there is a light. `decoder` is the worker's address, inside the app's own scope.
   */
  constructor(video, { decoder, onCode, onTrouble, onTorch = () => {} }) {
    Object.assign(this, { video, decoder, onCode, onTrouble, onTorch });
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.stream = null;
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
      return this.onTrouble(error.name === "NotAllowedError" ? "denied" : "none");
    }
    this.video.srcObject = this.stream;
    this.video.muted = true;
    await this.video.play();
    this.lit = false;
    this.track = this.stream.getVideoTracks()[0];
    this.onTorch(Boolean(this.track.getCapabilities?.().torch));
    this.schedule();
  }

  /** Turn the light on or off; whether it is on now. */
  toggleTorch() {
    this.lit = !this.lit;
    this.track.applyConstraints({ advanced: [{ torch: this.lit }] }).catch(() => {});
    return this.lit;
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
    if (!width || this.paused || document.hidden) {
      this.schedule();
      return;
    }
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.context.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const picture = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    const message = { pixels: picture.data.buffer, width: picture.width, height: picture.height };
    this.worker.postMessage(message, [message.pixels]);
  }

  answered({ ready, text, failed }) {
    if (ready) return;
    if (failed && text === undefined) return this.onTrouble("decoder");
    if (text) this.saw(text);
    this.schedule();
  }

  saw(text) {
    const now = performance.now();
    const again = text === this.last.text && now - this.last.seen < FORGET;
    this.last = { text, seen: now };
    if (!again) this.onCode(text);
  }
}
