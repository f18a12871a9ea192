// What echarts is told to draw: pure, from the figures of a table and the look of the page. A canvas tooltip,
// because a tooltip made of HTML would need inline styles, which the content security policy refuses.

/** @import { EChartsOption, PieSeriesOption, SeriesOption, TooltipComponentOption } from "echarts" */

/**
 * @typedef {"line" | "area" | "stacked" | "ranking" | "donut" | "bar"} ChartKind
 * @typedef {{ value: number | null, text: string }} Point
 * @typedef {{ name: string, values: Point[] }} Series
 * @typedef {{ labels: string[], series: Series[] }} Table
 * @typedef {object} Look colours as CSS names them, and the size of text in pixels
 * @property {string[]} palette
 * @property {string} ink
 * @property {string} quiet
 * @property {string} line
 * @property {string} paper
 * @property {string} font
 * @property {number} size
 */

const NARROW = 480; // pixels
const MAX_SYMBOLS = 40; // points of a line that are marked
const LINE_HEIGHT = 1.75; // of a legend, in sizes of text
const LATIN_WIDTH = 0.62; // of a letter, in sizes of text
const LEGEND_MARK = 30; // pixels before and after a name
const FIRST_CJK = "\u2e80";

/**
 * @param {object} chart
 * @param {ChartKind} chart.kind
 * @param {Table} chart.table
 * @param {Look} chart.look
 * @param {number} chart.width in pixels
 * @param {string} chart.language
 * @returns {EChartsOption}
 */
export function chartOptions({ kind, table, look, width, language }) {
  const base = { color: look.palette, textStyle: { fontFamily: look.font }, animation: false };
  if (kind === "donut") return { ...base, ...ring(table, look, width) };
  const hasLegend = table.series.length > 1;
  return {
    ...base,
    ...axes(table, look, kind === "ranking", language),
    grid: { left: 4, right: 20, top: hasLegend ? legendHeight(table, look, width) : 14, bottom: 4, containLabel: true },
    legend: hasLegend
      ? { top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 10, textStyle: text(look, look.ink) }
      : undefined,
    tooltip: tooltip(look, "axis"),
    series: seriesOptions(kind, table),
  };
}

/**
 * @param {Look} look
 * @param {string} color
 */
const text = (look, color) => ({ color, fontFamily: look.font, fontSize: look.size });

/**
 * @param {Look} look
 * @param {"axis" | "item"} trigger
 * @returns {TooltipComponentOption}
 */
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

/**
 * @param {Table} table
 * @param {Look} look
 * @param {boolean} isHorizontal the labels stand at the side
 * @param {string} language
 * @returns {Pick<EChartsOption, "xAxis" | "yAxis">}
 */
function axes(table, look, isHorizontal, language) {
  const compact = new Intl.NumberFormat(language, { notation: "compact" });
  const areWhole = table.series.every(({ values }) => values.every(({ value }) => Number.isInteger(value ?? 0)));
  const label = { ...text(look, look.quiet), hideOverlap: true };
  /** @type {EChartsOption["xAxis"] & EChartsOption["yAxis"]} */
  const category = {
    type: "category",
    data: table.labels,
    inverse: isHorizontal,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: look.line } },
    axisLabel: { ...label, width: isHorizontal ? 140 : undefined, overflow: "truncate" },
  };
  /** @type {EChartsOption["xAxis"] & EChartsOption["yAxis"]} */
  const value = {
    type: "value",
    splitNumber: 4,
    minInterval: areWhole ? 1 : 0,
    axisLabel: { ...label, formatter: (/** @type {number} */ number) => compact.format(number) },
    splitLine: { lineStyle: { color: look.line } },
  };
  return isHorizontal ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
}

/**
 * @param {ChartKind} kind
 * @param {Table} table
 * @returns {SeriesOption[]}
 */
function seriesOptions(kind, table) {
  return table.series.map((series) =>
    kind === "line" || kind === "area" ? lineOptions(kind, series) : barOptions(kind, series),
  );
}

/** @param {Series} series */
const common = ({ name, values }) => ({
  name,
  data: values.map(({ value }) => value ?? "-"), // a gap, as echarts writes it
  tooltip: {
    valueFormatter: (/** @type {unknown} */ _value, /** @type {number} */ index) => values[index]?.text ?? "",
  },
});

/**
 * @param {ChartKind} kind
 * @param {Series} series
 * @returns {SeriesOption}
 */
const lineOptions = (kind, series) => ({
  ...common(series),
  type: "line",
  symbolSize: 6,
  showSymbol: series.values.length < MAX_SYMBOLS,
  lineStyle: { width: 2.5 },
  areaStyle: kind === "area" ? { opacity: 0.14 } : undefined,
});

/**
 * @param {ChartKind} kind
 * @param {Series} series
 * @returns {SeriesOption}
 */
const barOptions = (kind, series) => ({
  ...common(series),
  type: "bar",
  stack: kind === "stacked" ? "all" : undefined,
  barMaxWidth: 28,
  itemStyle: { borderRadius: kind === "stacked" ? 0 : 2 },
});

/**
 * @param {Table} table
 * @param {Look} look
 * @param {number} width
 * @returns {EChartsOption}
 */
function ring(table, look, width) {
  const slices = table.labels.map((name, row) => ({ name, value: table.series[0].values[row].value ?? undefined }));
  const isNarrow = width < NARROW;
  /** @type {PieSeriesOption} */
  const pie = {
    type: "pie",
    radius: ["48%", "78%"],
    center: isNarrow ? ["50%", "40%"] : ["30%", "50%"],
    label: { show: false },
    itemStyle: { borderColor: look.paper, borderWidth: 2 },
    data: slices,
    tooltip: {
      formatter: ({ name, dataIndex, percent }) => `${name}  ${table.series[0].values[dataIndex].text}  (${percent}%)`,
    },
  };
  return {
    tooltip: tooltip(look, "item"),
    legend: {
      orient: isNarrow ? "horizontal" : "vertical",
      left: isNarrow ? "center" : "58%",
      top: isNarrow ? "bottom" : "middle",
      icon: "roundRect",
      textStyle: text(look, look.ink),
    },
    series: [pie],
  };
}

/**
 * In pixels: a legend that does not fit in one line takes more, and the picture begins below it.
 * @param {Table} table
 * @param {Look} look
 * @param {number} width
 */
function legendHeight(table, look, width) {
  const names = table.series.map(({ name }) => name);
  return 16 + look.size * LINE_HEIGHT * countLegendLines(names, look.size, width);
}

/**
 * How many lines the names of a legend take.
 * @param {string[]} names
 * @param {number} size of text, in pixels
 * @param {number} width in pixels
 */
export function countLegendLines(names, size, width) {
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const needed = legendWidth(name, size);
    if (used && used + needed > width) {
      lines += 1;
      used = 0;
    }
    used += needed;
  }
  return lines;
}

/**
 * @param {string} name
 * @param {number} size
 */
function legendWidth(name, size) {
  let width = LEGEND_MARK;
  for (const letter of name) width += letter > FIRST_CJK ? size : size * LATIN_WIDTH;
  return width;
}
