// Figures that move: <div data-live="/address" data-every="10"> asks for {"name": "text", …} and
// writes each text into [data-figure="name"]. What changed is marked for a moment, the rest stands still.
// <div data-live-part="/address" data-every="10"> is replaced by the HTML of that address.

const SLOWEST = 120;

function mark(element) {
  element.classList.remove("changed");
  void element.offsetWidth; // start the animation afresh
  element.classList.add("changed");
}

export function writeFigures(root, figures) {
  for (const element of root.querySelectorAll("[data-figure]")) {
    const text = figures[element.dataset.figure];
    if (text === undefined || text === null || element.textContent === String(text)) continue;
    element.textContent = text;
    mark(element);
  }
}

async function refresh(root) {
  const part = root.dataset.livePart;
  const answer = await fetch(part ?? root.dataset.live, { headers: { Accept: part ? "text/html" : "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); // signed out: the page stands as it is
  if (!part) {
    writeFigures(root, await answer.json());
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = (root.id && page.getElementById(root.id)) || page.body;
  root.replaceChildren(...fresh.childNodes);
  document.dispatchEvent(new CustomEvent("resultschange"));
}

function follow(root) {
  const every = Number(root.dataset.every ?? 15);
  let wait = every;
  const step = async () => {
    if (!document.hidden) {
      try {
        await refresh(root);
        wait = every;
        root.removeAttribute("data-stale");
      } catch {
        wait = Math.min(wait * 2, SLOWEST);
        root.setAttribute("data-stale", "");
      }
    }
    setTimeout(step, wait * 1000);
  };
  setTimeout(step, every * 1000);
}

export function followLive() {
  for (const root of document.querySelectorAll("[data-live], [data-live-part]")) follow(root);
}
