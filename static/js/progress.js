// Long work: <div data-progress="/address"> asks until the state is done or failed.
// The answer: {"state": "waiting|running|done|failed", "done": 12, "total": 40, "text": "…", "url": "/file"}.

import { queryAll, queryOptional } from "./dom.js";

/**
 * @typedef {object} Task
 * @property {"waiting" | "running" | "done" | "failed"} state
 * @property {number} [done]
 * @property {number | null} [total]
 * @property {string} [text]
 * @property {string | null} [url] of what was made
 */

const PAUSE = 800; // ms

/** @param {string} [state] */
const isOver = (state) => state === "done" || state === "failed";

/**
 * @param {HTMLElement} root
 * @param {Task} task
 */
function showProgress(root, { done = 0, total, text }) {
  const bar = queryOptional(root, "progress", HTMLProgressElement);
  if (bar && total) {
    bar.max = total;
    bar.value = done;
  }
  const words = queryOptional(root, "[data-progress-text]", HTMLElement);
  if (words && text && words.textContent !== text) words.textContent = text;
}

/**
 * @param {HTMLElement} root
 * @param {Task} task
 */
function finish(root, task) {
  root.dataset.state = task.state;
  const wait = queryOptional(root, "[data-progress-wait]", HTMLElement);
  if (wait) wait.hidden = true;
  if (task.state !== "done" || !task.url) return;
  const link = queryOptional(root, "[data-progress-link]", HTMLAnchorElement);
  if (link) {
    link.href = task.url;
    link.hidden = false;
  }
  if ("progressGo" in root.dataset) location.assign(task.url);
}

/**
 * @param {HTMLElement} root
 * @returns {Promise<Task>}
 */
async function fetchTask(root) {
  const answer = await fetch(root.dataset.progress ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** @param {HTMLElement} root */
async function follow(root) {
  for (;;) {
    try {
      const task = await fetchTask(root);
      showProgress(root, task);
      if (isOver(task.state)) return finish(root, task);
    } catch {
      root.setAttribute("data-stale", "");
    }
    await new Promise((next) => setTimeout(next, PAUSE));
  }
}

/** Follow the long work that the page shows. */
export function followProgress() {
  for (const root of queryAll(document, "[data-progress]", HTMLElement)) {
    if (!isOver(root.dataset.state)) follow(root);
  }
}
