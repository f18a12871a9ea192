// The verifiers' desk by keyboard. Every key does what a control of the page does; nothing works by keys alone,
// and the switch beside their list turns them off (single letters must not get in the way of speech input).

const SWITCH = "fairapp-keys-off";

function typing(target) {
  return target.closest("input:not([type=radio]), textarea, select, [contenteditable]") !== null;
}

function stored() {
  try {
    return localStorage.getItem(SWITCH) === "1";
  } catch {
    return false;
  }
}

function store(off) {
  try {
    localStorage.setItem(SWITCH, off ? "1" : "0");
  } catch {
    // a browser that keeps nothing: the switch holds for this page
  }
}

function moveInRows(step) {
  const links = [...document.querySelectorAll("[data-rows] tbody th a")];
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement);
  const next = links[at === -1 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus();
  return true;
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return link !== null;
}

function grade(place) {
  const choice = document.querySelectorAll("[data-accept] input[type=radio]")[place - 1];
  if (!choice) return false;
  choice.checked = true;
  choice.focus();
  return true;
}

function accept() {
  const form = document.querySelector("[data-accept]");
  form?.requestSubmit();
  return form !== null;
}

function sendBack() {
  const reason = document.querySelector("[data-return] select");
  reason?.focus();
  return reason !== null;
}

const KEYS = {
  j: () => moveInRows(1) || follow('[data-key="j"]'),
  k: () => moveInRows(-1) || follow('[data-key="k"]'),
  a: accept,
  r: sendBack,
};

function start(help) {
  const choice = help.querySelector("[data-keys-switch]");
  help.hidden = false;
  choice.checked = !stored();
  choice.addEventListener("change", () => store(!choice.checked));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?") {
      help.open = !help.open;
      help.querySelector("summary").focus();
      event.preventDefault();
    } else if (choice.checked && (KEYS[event.key]?.() || ("1234".includes(event.key) && grade(Number(event.key))))) {
      event.preventDefault();
    }
  });
}

const help = document.querySelector("[data-keys]");
if (help) start(help);
