// A filter form answers while one types: <form method="get" data-autosubmit> replaces <… id="results">.
// The address always says what is shown, so the page can be sent to a colleague.

const PAUSE = 300;

function addressOf(form) {
  const address = new URL(form.action || location.href, location.href);
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(filled).toString();
  return address;
}

async function load(form, state) {
  const address = addressOf(form);
  state.stop?.abort();
  state.stop = new AbortController();
  try {
    const answer = await fetch(address, { signal: state.stop.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error("not a list");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-results]")) {
      const fresh = page.getElementById(part.id);
      if (fresh) part.replaceChildren(...fresh.childNodes);
    }
    for (const link of document.querySelectorAll("a[hreflang]")) {
      link.href = page.querySelector("a[hreflang]")?.getAttribute("href") ?? link.href; // the other language of what is shown
    }
    history.replaceState(null, "", address);
    document.dispatchEvent(new CustomEvent("resultschange"));
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

export function followFilters() {
  for (const form of document.querySelectorAll("form[data-autosubmit]")) {
    const state = {};
    const soon = (pause) => {
      clearTimeout(state.timer);
      state.timer = setTimeout(() => load(form, state), pause);
    };
    form.addEventListener("input", (event) => {
      if (event.target.matches("input:not([type=checkbox], [type=radio], [type=date])")) soon(PAUSE);
    });
    form.addEventListener("change", () => soon(0));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      soon(0);
    });
  }
}
