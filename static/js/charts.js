// Charts drawn from the table beside them: one source for eyes, screen readers and the picture.
// The markup comes from templates/components/chart.html.

import { chartOptions } from "./chart-options.js";
import { query, queryAll } from "./dom.js";

/**
 * @import { EChartsType } from "echarts"
 * @import { ChartKind, Look, Table } from "./chart-options.js"
 */
/** @typedef {typeof import("echarts")} Library */

const PALETTE = ["--accent", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];

/**
 * @param {string} address
 * @returns {Promise<Library>}
 */
function loadLibrary(address) {
  return new Promise((resolve, reject) => {
    if (window.echarts) return resolve(window.echarts);
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => (window.echarts ? resolve(window.echarts) : reject(new Error(address)));
    script.onerror = reject;
    document.head.append(script);
  });
}

/** @param {Element} cell */
const textOf = (cell) => cell.textContent.trim();

/**
 * @param {HTMLElement} figure
 * @returns {Table}
 */
function readTable(figure) {
  const table = query(figure, "table", HTMLTableElement);
  const names = queryAll(table, "thead th", HTMLTableCellElement).slice(1).map(textOf);
  const rows = queryAll(table, "tbody tr", HTMLTableRowElement);
  const labels = rows.map((row) => textOf(query(row, "th", HTMLTableCellElement)));
  const cells = rows.map((row) => queryAll(row, "td", HTMLTableCellElement));
  const series = names.map((name, column) => ({
    name,
    values: cells.map((row) => {
      const { value } = row[column].dataset;
      return { value: value === "" ? null : Number(value), text: textOf(row[column]) };
    }),
  }));
  return { labels, series };
}

/**
 * @param {HTMLElement} canvas
 * @returns {Look}
 */
function lookOf(canvas) {
  const styles = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const token = (name) => styles.getPropertyValue(name).trim();
  // A token may be made of other tokens: let the browser work it out.
  const probe = document.createElement("span");
  probe.style.transition = "none"; // a transition would answer with the colour before
  document.body.append(probe);
  /** @param {string} name */
  const colour = (name) => {
    probe.style.color = token(name);
    return getComputedStyle(probe).color;
  };
  const look = {
    palette: PALETTE.map(colour),
    ink: colour("--ink"),
    quiet: colour("--ink-2"),
    line: colour("--line"),
    paper: colour("--paper"),
    font: token("--font"),
    size: Number.parseFloat(getComputedStyle(canvas).fontSize),
  };
  probe.remove();
  return look;
}

/** @param {HTMLElement} figure */
const canvasOf = (figure) => query(figure, ".chart-canvas", HTMLElement);

/**
 * @param {Library} echarts
 * @param {HTMLElement} figure
 */
function draw(echarts, figure) {
  const canvas = canvasOf(figure);
  figure.classList.add("chart-drawn");
  const chart = echarts.getInstanceByDom(canvas) ?? echarts.init(canvas, null, { renderer: "canvas" });
  const kind = /** @type {ChartKind} */ (figure.dataset.chart);
  const { lang: language } = document.documentElement;
  const options = { kind, table: readTable(figure), look: lookOf(canvas), width: figure.clientWidth, language };
  chart.setOption(chartOptions(options), true);
  return chart;
}

/** Draw the figures of the page, and draw them anew with each change of what they show. */
export async function drawCharts() {
  const [first] = queryAll(document, "[data-chart]", HTMLElement);
  if (!first) return;
  const echarts = await loadLibrary(first.dataset.library ?? "");
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target instanceof HTMLElement) echarts.getInstanceByDom(target)?.resize();
    }
  });
  /** @type {Set<EChartsType>} */
  const charts = new Set();
  const drawAll = () => {
    disposeReplaced(charts);
    for (const figure of queryAll(document, "[data-chart]", HTMLElement)) {
      const wasDrawn = figure.classList.contains("chart-drawn");
      charts.add(draw(echarts, figure));
      if (wasDrawn) continue;
      watch.observe(canvasOf(figure));
      query(figure, "details", HTMLDetailsElement).open = false;
    }
  };
  drawAll();
  document.addEventListener("themechange", drawAll);
  document.addEventListener("resultschange", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}

/**
 * Let go of the charts whose figures were replaced.
 * @param {Set<EChartsType>} charts
 */
function disposeReplaced(charts) {
  for (const chart of charts) {
    if (chart.getDom().isConnected) continue;
    charts.delete(chart);
    chart.dispose();
  }
}
