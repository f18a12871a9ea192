// A worker: pictures in, texts of QR codes out. The page stays free for the person at the door.

import { prepareZXingModule, readBarcodes } from "../vendor/zxing/reader/index.js";

const wasm = new URL("../vendor/zxing/zxing_reader.wasm", import.meta.url).href;
const options = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryRotate: true, tryInvert: false };

const ready = prepareZXingModule({ overrides: { locateFile: (path) => (path.endsWith(".wasm") ? wasm : path) }, fireImmediately: true });
ready.then(
  () => self.postMessage({ ready: true }),
  (error) => self.postMessage({ failed: String(error) }),
);

self.addEventListener("message", async ({ data }) => {
  try {
    await ready;
    const picture = new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height);
    const found = await readBarcodes(picture, options);
    self.postMessage({ text: found.find((code) => code.isValid)?.text ?? "" });
  } catch (error) {
    self.postMessage({ text: "", failed: String(error) });
  }
});
