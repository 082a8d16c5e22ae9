// The contract of charts.js turned into ECharts options, in the colours of tokens.css, and into the table behind the chart.
import { chinese, scaleFor } from "./chart_units.js";

const KEYS = {
  diamond: "--tier-1", platinum: "--tier-2", gold: "--tier-3", silver: "--tier-4", standard: "--tier-5",
  sharp: "--band-sharp", peak: "--band-peak", flat: "--band-flat", valley: "--band-valley", deep_valley: "--band-deep-valley",
  risk: "--risk", warn: "--warn", muted: "--faint", accent: "--tier-3",
};
const ORDER = ["--tier-3", "--tier-1", "--tier-4", "--faint", "--tier-2", "--warn"];

// Lines whose colours are dealt in order are told apart by their stroke too: neighbours on this scale of one hue look alike.
const STROKES = ["solid", "solid", [7, 3], [2, 3], [9, 3, 2, 3], "solid"];

let style = null;
const token = (name) => style.getPropertyValue(name).trim();
const colour = (key, index = 0) => token(KEYS[key] ?? ORDER[index % ORDER.length]);
const largestOf = (lists) => Math.max(0, ...lists.flat().filter((value) => value !== null).map(Math.abs));

/** ECharts options and the unit to show in the card's head. */
export function options(data, { width, height }) {
  style = getComputedStyle(document.documentElement);
  const build = { "bar-stacked": columns, column: columns, bar: bars, line: columns, pie, heatmap, sankey, scatter }[data.kind];
  if (!build) throw new Error(`unknown chart kind ${data.kind}`);
  const { unit = "", ...option } = build(data, width, height);
  return { unit, option: { ...common(), ...option } };
}

function text(extra = {}) {
  return { color: token("--muted"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, ...extra };
}

function common() {
  return {
    animationDuration: 250,
    textStyle: text(),
    tooltip: tooltip(),
    aria: { enabled: false },
  };
}

function tooltip(extra = {}) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: token("--card"),
    borderColor: token("--line-strong"),
    textStyle: text({ color: token("--ink") }),
    ...extra,
  };
}

function valueAxis(scale, extra = {}) {
  return {
    type: "value",
    axisLabel: text({ formatter: scale.axis }),
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: token("--line") } },
    ...extra,
  };
}

function categoryAxis(values, extra = {}) {
  return {
    type: "category",
    data: values,
    axisLabel: text({ hideOverlap: true }),
    axisLine: { lineStyle: { color: token("--line-strong") } },
    axisTick: { show: false },
    ...extra,
  };
}

function legend(series) {
  return {
    show: series.length > 1,
    right: 8,
    top: 2,
    itemWidth: 11,
    itemHeight: 11,
    itemGap: 12,
    icon: "roundRect",
    textStyle: text(),
    type: "scroll",
    pageIconColor: token("--muted"),
    pageTextStyle: text(),
    data: series.map(({ name, kind }) => ({ name, icon: kind === "line" ? "circle" : "roundRect" })),
  };
}

/** Step between axis ticks in raw units, so that ticks are round in the unit shown. */
function ticks(scale, largest, count) {
  if (scale.divisor === 1) return { splitNumber: count };
  const shown = largest / scale.divisor;
  const rough = shown / count;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) * power;
  return { interval: step * scale.divisor, max: Math.ceil(shown / step) * step * scale.divisor };
}

const shorter = (value) => (/^\d{4}-\d{2}$/.test(value) ? value.slice(2) : value);

function columns(data, width, height) {
  const stacked = data.kind === "bar-stacked";
  const upright = stacked || data.kind === "column";
  const isBar = (series) => upright && series.kind !== "line";
  const totals = !stacked ? [] : data.x.values.map((_, at) => data.series.filter(isBar).reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const largest = largestOf([totals, ...data.series.filter((each) => !stacked || !isBar(each)).map(({ values }) => values)]);
  const scale = scaleFor(data.unit, largest);
  const lowest = Math.min(0, ...data.series.flatMap(({ values }) => values.filter((value) => value !== null)));
  const several = data.series.length > 1;
  const top = (several ? 34 : 14) + (data.marks?.length ? 12 : 0);
  return {
    unit: scale.label === "%" ? "" : scale.label,
    legend: legend(data.series),
    tooltip: tooltip({
      trigger: "axis",
      axisPointer: { type: upright ? "shadow" : "line", shadowStyle: { color: token("--ink"), opacity: 0.05 }, lineStyle: { color: token("--line-strong") } },
      valueFormatter: (value) => (value === null || value === undefined ? "—" : scale.exact(value)),
    }),
    grid: { left: 8, right: 14, top, bottom: 4, containLabel: true },
    xAxis: categoryAxis(data.x.values, {
      boundaryGap: upright,
      axisLabel: text({ hideOverlap: true, formatter: shorter, ...(upright ? {} : { alignMinLabel: "left", alignMaxLabel: "right" }) }),
    }),
    yAxis: valueAxis(scale, valueRange(data, scale, lowest, largest, height)),
    series: data.series.map((each, index) => (isBar(each) ? column(each, index, stacked) : curve(each, index, data, upright))),
  };
}

function valueRange({ from }, scale, lowest, largest, height) {
  if (from !== undefined) return { min: from, max: "dataMax", splitNumber: 4 };
  return lowest < 0 ? {} : ticks(scale, largest, height < 200 ? 3 : 5);
}

function column({ name, key, values }, index, stacked) {
  return { name, type: "bar", stack: stacked ? "all" : undefined, barMaxWidth: 26, barCategoryGap: "38%", data: values, itemStyle: { color: colour(key, index) }, emphasis: { focus: "none" } };
}

function curve({ name, key, values, area }, index, data, overlay) {
  const paint = overlay && !key ? token("--faint") : colour(key, index);
  return {
    name,
    type: "line",
    data: values,
    symbol: "circle",
    symbolSize: values.length > 40 ? 0 : 5,
    showSymbol: !overlay && values.length <= 18,
    connectNulls: false,
    lineStyle: { color: paint, width: overlay ? 1.6 : 2, type: key ? "solid" : overlay ? "dashed" : STROKES[index % STROKES.length] },
    itemStyle: { color: paint },
    areaStyle: area ? { color: paint, opacity: 0.12 } : undefined,
    markLine: index === 0 && data.marks?.length ? marks(data.marks, data.x.values) : undefined,
    z: 5,
  };
}

function marks(list, days) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: token("--warn"), type: "dashed" },
    label: text({ color: token("--warn-ink"), formatter: ({ name }) => name, position: "end", distance: 3, fontSize: 11 }),
    // At the edges the words stand inside, or the axis would write over them.
    data: list.map(({ x, label }) => ({ xAxis: x, name: label, label: { align: x === days[0] ? "left" : x === days.at(-1) ? "right" : "center" } })),
  };
}

function bars(data, width) {
  const largest = largestOf(data.series.map(({ values }) => values));
  const scale = scaleFor(data.unit, largest);
  const single = data.series.length === 1;
  const labelWidth = Math.min(Math.max(width * 0.32, 80), 360);
  return {
    unit: scale.label === "%" ? "" : scale.label,
    legend: legend(data.series),
    tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: token("--ink"), opacity: 0.05 } }, valueFormatter: (value) => (value === null ? "—" : scale.exact(value)) }),
    grid: { left: 8, right: single ? 64 : 18, top: single ? 6 : 34, bottom: 4, containLabel: true },
    xAxis: valueAxis(scale, { show: !single, splitNumber: 4 }),
    yAxis: categoryAxis(data.x.values, { inverse: true, axisLine: { show: false }, axisLabel: text({ width: labelWidth, overflow: "truncate", color: token("--ink") }) }),
    series: data.series.map(({ name, key, values, tones }, index) => ({
      name,
      type: "bar",
      barMaxWidth: 16,
      itemStyle: { color: colour(key, index), borderRadius: 3 },
      label: { show: single, position: "right", ...text({ color: token("--ink") }), formatter: ({ value }) => (value === null ? "" : scale.axis(value)) },
      data: values.map((value, at) => (tones?.[at] ? { value, itemStyle: { color: colour(tones[at]) } } : value)),
    })),
  };
}

function pie(data) {
  const [{ values }] = data.series;
  const scale = scaleFor(data.unit, largestOf([values]));
  const whole = values.reduce((sum, value) => sum + (value ?? 0), 0) || 1;
  const part = (value) => `${((100 * value) / whole).toFixed(1)} %`;
  return {
    unit: scale.label === "%" ? "" : scale.label,
    tooltip: tooltip({ formatter: ({ name, value }) => `${name}\n${scale.exact(value)} · ${part(value)}` }),
    series: [{
      type: "pie",
      radius: ["42%", "70%"],
      center: ["50%", "52%"],
      itemStyle: { borderColor: token("--card"), borderWidth: 2 },
      label: text({ color: token("--ink"), formatter: ({ name, value }) => `${name}  ${part(value)}` }),
      labelLine: { lineStyle: { color: token("--line-strong") } },
      emphasis: { scale: false },
      data: data.x.values.map((name, at) => ({ name, value: values[at] ?? 0, itemStyle: { color: colour(data.series[0].keys?.[at], at) } })),
    }],
  };
}

function heatmap(data) {
  const cells = data.series.flatMap(({ values }, row) => values.map((value, at) => [at, row, value]));
  const largest = largestOf(data.series.map(({ values }) => values));
  const scale = scaleFor(data.unit, largest);
  const rows = data.series.map(({ name }) => name);
  return {
    unit: scale.label === "%" ? "" : scale.label,
    tooltip: tooltip({ formatter: ({ value: [at, row, value] }) => `${rows[row]} · ${data.x.values[at]}\n${value === null ? "—" : scale.exact(value)}` }),
    grid: { left: 8, right: 14, top: 8, bottom: 4, containLabel: true },
    xAxis: categoryAxis(data.x.values, { axisLabel: text({ hideOverlap: true, formatter: shorter }) }),
    yAxis: categoryAxis(rows, { inverse: true, axisLabel: text({ color: token("--ink") }) }),
    visualMap: { show: false, min: 0, max: largest || 1, dimension: 2, inRange: { color: [token("--inset"), token("--tier-3")] } },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: token("--card"), borderWidth: 1 } }],
  };
}

/** Pixels for the longest of some labels at 12 px; a Chinese character is twice as wide as a Latin one. */
function labelRoom(labels) {
  return 12 + Math.max(0, ...labels.map((label) => [...label].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 12 : 6.6), 0)));
}

function sankey(data) {
  const scale = scaleFor(data.unit, 0);
  const names = new Map(data.nodes.map(({ id, name }) => [id, name]));
  const targets = new Set(data.links.map(({ target }) => target));
  return {
    unit: scale.label,
    tooltip: tooltip({
      formatter: ({ dataType, data: item, value }) => (dataType === "edge"
        ? `${names.get(item.source)} → ${names.get(item.target)}\n${scale.exact(value)}` : `${names.get(item.name)}\n${scale.exact(value)}`),
    }),
    series: [{
      type: "sankey",
      left: 8,
      right: labelRoom(data.nodes.filter(({ id }) => targets.has(id)).map(({ name }) => name)),
      top: 14,
      bottom: 10,
      nodeWidth: 16,
      nodeGap: 10,
      layoutIterations: 0,
      draggable: false,
      emphasis: { focus: "adjacency" },
      lineStyle: { color: "source", opacity: 0.26, curveness: 0.5 },
      label: text({ color: token("--ink"), formatter: ({ name }) => names.get(name), overflow: "truncate", width: 150 }),
      data: data.nodes.map(({ id, key }, index) => ({
        name: id,
        itemStyle: { color: colour(key, index), borderWidth: 0 },
        label: targets.has(id) ? {} : { position: "right" },
      })),
      links: data.links,
    }],
  };
}

function quadrantAreas({ x, y, quadrants = {} }) {
  const corner = (name, from, to, tint, position) => [
    { name: quadrants[name] ?? "", xAxis: from[0], yAxis: from[1], itemStyle: { color: token(tint), opacity: 0.55 }, label: text({ position, color: token("--muted") }) },
    { xAxis: to[0], yAxis: to[1] },
  ];
  return [
    corner("top_left", [x.min, y.split], [x.split, y.max], "--warn-tint", "insideTopLeft"),
    corner("top_right", [x.split, y.split], [x.max, y.max], "--accent-tint", "insideTopLeft"),
    corner("bottom_left", [x.min, y.min], [x.split, y.split], "--card", "insideBottomLeft"),
    corner("bottom_right", [x.split, y.min], [x.max, y.split], "--inset", "insideBottomLeft"),
  ];
}

function scatter(data) {
  const { x, y, size, points } = data;
  const biggest = largestOf([points.map((point) => point.size ?? 0)]) || 1;
  const money = scaleFor(size?.unit, biggest);
  const axis = ({ label, min, max }, place) => valueAxis({ axis: (value) => value.toLocaleString("en") }, {
    name: label, nameLocation: place, nameGap: place === "middle" ? 26 : 10, nameTextStyle: text({ align: place === "end" ? "left" : "center" }),
    min, max, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: token("--line-strong") } },
  });
  const divided = x.split !== undefined && y.split !== undefined;
  return {
    unit: size ? `● ${size.label}` : "",
    tooltip: tooltip({
      formatter: ({ data: point }) => `${point.name}\n${x.label} ${point.value[0]} · ${y.label} ${point.value[1]}${size ? `\n${size.label} ${money.exact(point.value[2])}` : ""}`,
    }),
    grid: { left: 8, right: 18, top: 30, bottom: 26, containLabel: true },
    xAxis: axis(x, "middle"),
    yAxis: axis(y, "end"),
    series: [{
      type: "scatter",
      large: false,
      symbolSize: ([, , value]) => (size ? 5 + 17 * Math.sqrt((value ?? 0) / biggest) : 8),
      itemStyle: { color: token("--tier-3"), opacity: 0.55 },
      data: points.map((point) => ({
        value: [point.x, point.y, point.size ?? 0],
        name: point.name,
        url: point.url,
        itemStyle: point.key ? { color: colour(point.key) } : undefined,
      })),
      markArea: divided ? { silent: true, data: quadrantAreas(data) } : undefined,
      markLine: divided ? {
        silent: true, symbol: "none", label: { show: false }, lineStyle: { color: token("--faint"), type: "dashed" }, data: [{ xAxis: x.split }, { yAxis: y.split }],
      } : undefined,
    }],
  };
}

/** Head and rows of the table behind a chart, in the contract's own units. */
export function tableOf(data, words) {
  const unit = { count: "", ratio: "", yuan: chinese() ? "元" : "¥" }[data.unit] ?? data.unit ?? "";
  const named = (name) => (unit ? `${name} (${unit})` : name);
  if (data.kind === "sankey") {
    const names = new Map(data.nodes.map(({ id, name }) => [id, name]));
    return { head: [words.from, words.to, named(words.value)], rows: data.links.map((link) => [names.get(link.source), names.get(link.target), link.value]) };
  }
  if (data.kind === "scatter") {
    const head = [words.name, data.x.label, data.y.label, ...(data.size ? [data.size.label] : [])];
    return { head, rows: data.points.map((point) => [point.name, point.x, point.y, ...(data.size ? [point.size ?? null] : [])]) };
  }
  const value = (figure) => (data.unit === "ratio" && figure !== null && figure !== undefined ? `${(figure * 100).toFixed(1)} %` : figure ?? null);
  return {
    head: [data.x.label ?? "", ...data.series.map(({ name }) => named(name))],
    rows: data.x.values.map((at, index) => [at, ...data.series.map(({ values }) => value(values[index]))]),
  };
}
