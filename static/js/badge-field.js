// A field that reads badges: a button opens the camera, a code shown to it fills the field.
//   <div data-badge-field="ID OF THE INPUT"><button hidden data-badge-scan> <video hidden> <p hidden data-badge-trouble></div>

import { Camera } from "../scanner/camera.js";
import { query, queryAll } from "./dom.js";

const DECODER = new URL("../scanner/decoder.js", import.meta.url);

/** @param {HTMLElement} root */
function readBadges(root) {
  const input = query(document, `#${root.dataset.badgeField}`, HTMLInputElement);
  const button = query(root, "[data-badge-scan]", HTMLElement);
  const video = query(root, "video", HTMLVideoElement);
  const trouble = query(root, "[data-badge-trouble]", HTMLElement);

  const camera = new Camera(video, {
    decoder: DECODER,
    onCode(text) {
      close();
      input.value = text;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    },
    onTrouble() {
      close();
      trouble.hidden = false;
      input.focus();
    },
  });

  function close() {
    camera.stop();
    video.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    if (camera.running) return close();
    trouble.hidden = true;
    video.hidden = false;
    button.setAttribute("aria-pressed", "true");
    camera.start();
  });

  // A USB or Bluetooth scanner ends a code with Enter: that must not send the form half filled in.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    fieldAfter(input)?.focus();
  });
}

/**
 * The next field of its form that can be seen and filled in.
 * @param {HTMLInputElement} input
 */
function fieldAfter(input) {
  const fields = [...(input.form?.elements ?? [])].filter(
    (field) => field instanceof HTMLElement && field.offsetParent !== null && !field.matches(":disabled"),
  );
  const next = fields[fields.indexOf(input) + 1];
  return next instanceof HTMLElement ? next : undefined;
}

for (const root of queryAll(document, "[data-badge-field]", HTMLElement)) readBadges(root);
