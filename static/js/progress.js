// Long work: <div data-progress="/address"> asks until the state is done or failed.
// The answer: {"state": "waiting|running|done|failed", "done": 12, "total": 40, "text": "…", "url": "/file"}.

const PAUSE = 800;

function finish(root, task) {
  root.dataset.state = task.state;
  const link = root.querySelector("[data-progress-link]");
  if (task.state === "done" && task.url && link) {
    link.href = task.url;
    link.hidden = false;
  }
  if (task.state === "done" && task.url && "progressGo" in root.dataset) location.assign(task.url);
  const wait = root.querySelector("[data-progress-wait]");
  if (wait) wait.hidden = true;
}

async function follow(root) {
  const bar = root.querySelector("progress");
  const text = root.querySelector("[data-progress-text]");
  for (;;) {
    try {
      const answer = await fetch(root.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const task = await answer.json();
      if (bar && task.total) {
        bar.max = task.total;
        bar.value = task.done;
      }
      if (text && task.text && text.textContent !== task.text) text.textContent = task.text;
      if (task.state === "done" || task.state === "failed") return finish(root, task);
    } catch {
      root.setAttribute("data-stale", "");
    }
    await new Promise((next) => setTimeout(next, PAUSE));
  }
}

export function followProgress() {
  for (const root of document.querySelectorAll("[data-progress]")) {
    if (!["done", "failed"].includes(root.dataset.state)) follow(root);
  }
}
