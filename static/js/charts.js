// Charts drawn from the table beside them: one source for eyes, screen readers and the picture.
// The markup comes from templates/components/chart.html. Drawn on a canvas with a canvas tooltip,
// because a tooltip made of HTML would need inline styles, which the content security policy refuses.

const NARROW = 480;

function loadLibrary(address) {
  return new Promise((resolve, reject) => {
    if (window.echarts) return resolve(window.echarts);
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
}

function readTable(figure) {
  const table = figure.querySelector("table");
  const heads = [...table.querySelectorAll("thead th")].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.querySelectorAll("tbody tr")];
  const labels = rows.map((row) => row.querySelector("th").textContent.trim());
  const series = heads.map((name, column) => ({
    name,
    values: rows.map((row) => {
      const cell = row.querySelectorAll("td")[column];
      const value = cell.dataset.value;
      return { value: value === "" ? null : Number(value), text: cell.textContent.trim() };
    }),
  }));
  return { labels, series };
}

function lookOf(canvas) {
  const styles = getComputedStyle(document.documentElement);
  const token = (name) => styles.getPropertyValue(name).trim();
  // A token may be made of other tokens: let the browser work it out.
  const probe = document.createElement("span");
  probe.style.transition = "none"; // a transition would answer with the colour before
  document.body.append(probe);
  const real = (name) => {
    probe.style.color = token(name);
    return getComputedStyle(probe).color;
  };
  const palette = ["--accent", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"].map(real);
  const found = { palette, ink: real("--ink"), quiet: real("--ink-2"), line: real("--line"), paper: real("--paper"), font: token("--font"), size: parseFloat(getComputedStyle(canvas).fontSize) };
  probe.remove();
  return found;
}

function tooltip(look, trigger) {
  return {
    trigger,
    renderMode: "richText",
    confine: true,
    backgroundColor: look.paper,
    borderColor: look.line,
    textStyle: { color: look.ink, fontFamily: look.font, fontSize: look.size + 1 },
  };
}

function axes(look, labels, { horizontal, whole }, compact) {
  const category = {
    type: "category",
    data: labels,
    inverse: horizontal,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: look.line } },
    axisLabel: { color: look.quiet, fontFamily: look.font, fontSize: look.size, hideOverlap: true, width: horizontal ? 140 : undefined, overflow: "truncate" },
  };
  const value = {
    type: "value",
    splitNumber: 4,
    minInterval: whole ? 1 : 0,
    axisLabel: { color: look.quiet, fontFamily: look.font, fontSize: look.size, hideOverlap: true, formatter: (number) => compact.format(number) },
    splitLine: { lineStyle: { color: look.line } },
  };
  return horizontal ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
}

function seriesOf(kind, data) {
  const line = kind === "line" || kind === "area";
  return data.series.map((one) => ({
    name: one.name,
    type: line ? "line" : "bar",
    data: one.values,
    stack: kind === "stacked" ? "all" : undefined,
    barMaxWidth: 28,
    symbolSize: 6,
    showSymbol: one.values.length < 40,
    lineStyle: { width: 2.5 },
    areaStyle: kind === "area" ? { opacity: 0.14 } : undefined,
    itemStyle: line ? {} : { borderRadius: kind === "stacked" ? 0 : 2 },
    tooltip: { valueFormatter: (_value, index) => one.values[index]?.text ?? "" },
  }));
}

function ring(data, look, width) {
  const slices = data.labels.map((name, row) => ({ name, value: data.series[0].values[row].value, text: data.series[0].values[row].text }));
  const narrow = width < NARROW;
  return {
    tooltip: { ...tooltip(look, "item"), formatter: (slice) => `${slice.name}  ${slice.data.text}  (${slice.percent}%)` },
    legend: { orient: narrow ? "horizontal" : "vertical", left: narrow ? "center" : "58%", top: narrow ? "bottom" : "middle", icon: "roundRect", textStyle: { color: look.ink, fontFamily: look.font, fontSize: look.size } },
    series: [{ type: "pie", radius: ["48%", "78%"], center: narrow ? ["50%", "40%"] : ["30%", "50%"], label: { show: false }, itemStyle: { borderColor: look.paper, borderWidth: 2 }, data: slices }],
  };
}

// A legend that does not fit in one line takes more, and the picture begins below it.
function legendLines(names, size, width) {
  const wide = (name) => [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? size : size * 0.62), 30);
  let lines = 1;
  let used = 0;
  for (const name of names) {
    if (used && used + wide(name) > width) {
      lines += 1;
      used = 0;
    }
    used += wide(name);
  }
  return lines;
}

function optionFor(figure) {
  const data = readTable(figure);
  const look = lookOf(figure.querySelector(".chart-canvas"));
  const kind = figure.dataset.chart;
  const width = figure.clientWidth;
  const base = { color: look.palette, textStyle: { fontFamily: look.font }, animation: false };
  if (kind === "donut") return { ...base, ...ring(data, look, width) };
  const horizontal = kind === "ranking";
  const many = data.series.length > 1;
  const whole = data.series.every((one) => one.values.every(({ value }) => Number.isInteger(value ?? 0)));
  const compact = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });
  return {
    ...base,
    ...axes(look, data.labels, { horizontal, whole }, compact),
    grid: { left: 4, right: 20, top: many ? 16 + look.size * 1.75 * legendLines(data.series.map((one) => one.name), look.size, width) : 14, bottom: 4, containLabel: true },
    legend: many ? { top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 10, textStyle: { color: look.ink, fontFamily: look.font, fontSize: look.size } } : undefined,
    tooltip: tooltip(look, "axis"),
    series: seriesOf(kind, data),
  };
}

function draw(echarts, figure) {
  const canvas = figure.querySelector(".chart-canvas");
  figure.classList.add("chart-drawn");
  const chart = echarts.getInstanceByDom(canvas) ?? echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(optionFor(figure), true);
  return chart;
}

export async function drawCharts(root = document) {
  const first = root.querySelector("[data-chart]");
  if (!first) return;
  const echarts = await loadLibrary(first.dataset.library);
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) echarts.getInstanceByDom(target)?.resize();
  });
  const alive = new Set();
  const drawAll = () => {
    for (const chart of alive) {
      if (chart.getDom().isConnected) continue;
      alive.delete(chart); // its figure was replaced
      chart.dispose();
    }
    for (const figure of root.querySelectorAll("[data-chart]")) {
      const drawn = figure.classList.contains("chart-drawn");
      alive.add(draw(echarts, figure));
      if (drawn) continue;
      watch.observe(figure.querySelector(".chart-canvas"));
      figure.querySelector("details").open = false;
    }
  };
  drawAll();
  document.addEventListener("themechange", drawAll);
  document.addEventListener("resultschange", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
}
