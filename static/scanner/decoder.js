// A worker: pictures in, texts of QR codes out. The page stays free for the person at the door.

import { prepareZXingModule, readBarcodes } from "../vendor/zxing/reader/index.js";

/** @import { ReaderOptions } from "zxing-wasm/reader" */
/** @typedef {{ pixels: ArrayBuffer, width: number, height: number }} Picture as camera.js posts it */

/** In a worker `self` is this; TypeScript knows only of workers in general. */
const worker = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const wasm = new URL("../vendor/zxing/zxing_reader.wasm", import.meta.url).href;
/** @type {ReaderOptions} */
const options = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryRotate: true, tryInvert: false };

/** @type {(path: string) => string} */
const locateFile = (path) => (path.endsWith(".wasm") ? wasm : path);
const ready = prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
ready.then(
  () => worker.postMessage({ ready: true }),
  (error) => worker.postMessage({ failed: String(error) }),
);

worker.addEventListener("message", async ({ data }) => {
  /** @type {Picture} */
  const { pixels, width, height } = data;
  try {
    await ready;
    const picture = new ImageData(new Uint8ClampedArray(pixels), width, height);
    const codes = await readBarcodes(picture, options);
    worker.postMessage({ text: codes.find((code) => code.isValid)?.text ?? "" });
  } catch (error) {
    worker.postMessage({ text: "", failed: String(error) });
  }
});
