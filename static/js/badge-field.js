// A field that reads badges: a button opens the camera, a code shown to it fills the field.
//   <div data-badge-field="ID OF THE INPUT"><button hidden data-badge-scan> <video hidden> <p hidden data-badge-trouble></div>

import { Camera } from "../scanner/camera.js";

for (const part of document.querySelectorAll("[data-badge-field]")) {
  const input = document.getElementById(part.dataset.badgeField);
  const button = part.querySelector("[data-badge-scan]");
  const picture = part.querySelector("video");
  const trouble = part.querySelector("[data-badge-trouble]");

  const camera = new Camera(picture, {
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
    picture.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    if (camera.running) return close();
    trouble.hidden = true;
    picture.hidden = false;
    button.setAttribute("aria-pressed", "true");
    camera.start();
  });

  // A USB or Bluetooth scanner ends a code with Enter: that must not send the form half filled in.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const fields = [...input.form.elements].filter((field) => field.offsetParent !== null && !field.disabled);
    fields[fields.indexOf(input) + 1]?.focus();
  });
}
