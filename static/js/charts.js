// Charts. Any element [data-chart-url] (use templates/_components/chart.html) fetches JSON (or reads it from the <template> that #id names) and draws it.
//
// THE CONTRACT (what the URL answers; application/json, 200; names and titles already in the reader's language)
//
//  common     kind     "bar-stacked" | "bar" | "column" | "line" | "pie" | "heatmap" | "sankey" | "scatter"
//             title    text, used for file names and readers
//             unit     "kWh" | "yuan" | "ratio" (0..1, shown as %) | "count" | any other text, shown as it is ("kW", "d")
//                      kWh and yuan come raw: the browser scales them to MWh/GWh, 万kWh/亿kWh, M/万/亿 by size and language
//             note     optional line under the table
//
//  bar-stacked, bar, line
//             x        {"label": "Month", "values": ["2025-12", ...], "urls": [optional, one per value: click goes there]}
//             series   [{"name": "Peak", "key": "peak", "values": [1.0, null, ...], "kind": "line"}, ...]   null is a gap, not zero
//                      key   picks the colour everywhere the same: sharp peak flat valley deep_valley | diamond platinum gold silver standard
//                            | risk warn muted accent; without it colours are dealt in order
//                      kind  "line" on a bar chart is an overlay (last year): dashed and grey unless it has a key
//             bar is horizontal (labels may be long), one or several series; tones: ["risk", null, ...] on a series colours single bars
//             line: area true on a series fills below it; marks: [{"x": "2026-07", "label": "capacity reduced"}] draws vertical marks;
//             from: where the upright axis begins when not at 0 (curves that all lie close to 1)
//
//  column     as bar, upright: one bar beside the other, labels short
//  pie        as bar with one series: its values as parts of the whole
//  heatmap    as bar: a row per series, a column per x value, the darker the larger
//
//  sankey     nodes    [{"id": "a-gold", "name": "Gold · Aug", "key": "gold"}, ...]
//             links    [{"source": "a-gold", "target": "b-silver", "value": 12, "url": optional}, ...]
//
//  scatter    x, y     {"label": "Current value", "min": 0, "max": 100, "split": 55}   split draws the quadrant lines
//             size     {"label": "Revenue", "unit": "yuan"}   optional: bubble area
//             quadrants {"top_left": "Potential", "top_right": "Key", "bottom_left": "Standard", "bottom_right": "Maintain"}
//             points   [{"x": 40.2, "y": 71, "size": 1.2e6, "name": "Huaxin", "url": "/accounts/1/", "key": optional}, ...]  at most a few thousand
//
// An empty series, nodes or points shows "no figures yet". 4xx/5xx shows a retry. Events: dispatch "chart:reload" on the element to fetch again.

import { options, tableOf } from "./chart_options.js";

const words = document.getElementById("words")?.dataset ?? {};
const assets = document.getElementById("chart-assets")?.dataset;
const drawn = new Map();
let library = null;

const echarts = () => (library ??= import(assets.echarts));

function message(box, text, retry) {
  const holder = document.createElement("div");
  holder.className = "chart-message";
  const line = document.createElement("p");
  line.textContent = text;
  holder.append(line);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = words.retry;
    button.addEventListener("click", retry);
    holder.append(button);
  }
  box.replaceChildren(holder);
}

const empty = (data) => !(data.points ?? data.links ?? data.series ?? []).some((item) => (item.values ? item.values.some((v) => v !== null) : true));

function fillTable(host, data) {
  const { head, rows } = tableOf(data, words);
  const table = document.createElement("table");
  table.className = "table table-compact";
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number" || row[column] === null));
  const line = (cells, tag) => {
    const row = document.createElement("tr");
    cells.forEach((cell, column) => {
      const element = document.createElement(tag);
      if (tag === "th") element.scope = "col";
      if (numeric[column]) element.className = "num";
      element.textContent = typeof cell === "number" ? cell.toLocaleString("en", { maximumFractionDigits: 2 }) : cell ?? "—";
      row.append(element);
    });
    return row;
  };
  const top = table.createTHead();
  top.append(line(head, "th"));
  const body = table.createTBody();
  body.append(...rows.map((row) => line(row, "td")));
  host.replaceChildren(table);
  if (data.note) {
    const note = document.createElement("p");
    note.className = "muted small card-body";
    note.textContent = data.note;
    host.append(note);
  }
}

/** `#id` names a <template> of the page that holds the JSON; anything else is asked for. */
async function dataOf(url) {
  if (url.startsWith("#")) return JSON.parse(document.getElementById(url.slice(1)).content.textContent);
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function draw(card) {
  const canvas = card.querySelector("[data-chart-canvas]") ?? card;
  card.dataset.state = "loading";
  let data;
  try {
    data = await dataOf(card.dataset.chartUrl);
    const held = drawn.get(card);
    held?.chart?.dispose();
    if (empty(data)) {
      drawn.set(card, { data });
      card.dataset.state = "empty";
      message(canvas, words.nodata);
      return;
    }
    const { init } = await echarts();
    canvas.replaceChildren();
    const chart = init(canvas, null, { renderer: "canvas" });
    drawn.set(card, { chart, data, canvas });
    paint(card);
    chart.on("click", ({ data: item, dataIndex, dataType }) => {
      const url = item?.url ?? (dataType ? null : data.x?.urls?.[dataIndex]);
      if (url) location.assign(url);
    });
    card.dataset.state = "ready";
  } catch (error) {
    card.dataset.state = "failed";
    message(canvas, words.chartfailed, () => draw(card));
    console.error("chart", card.dataset.chartUrl, error);
    return;
  }
  const table = card.querySelector("[data-chart-table]");
  if (table) fillTable(table, data);
}

function paint(card) {
  const { chart, data, canvas } = drawn.get(card);
  const { option, unit } = options(data, { width: canvas.clientWidth, height: canvas.clientHeight });
  chart.setOption(option, true);
  const label = card.querySelector("[data-chart-unit]");
  if (label) label.textContent = unit;
}

function save(name, href) {
  const link = Object.assign(document.createElement("a"), { href, download: name });
  link.click();
}

function fileName(card, extension) {
  const title = drawn.get(card).data.title || card.dataset.chartTitle || "chart";
  return `${title.replace(/[\\/:*?"<>|\s]+/g, "-")}.${extension}`;
}

function csv(card) {
  const { head, rows } = tableOf(drawn.get(card).data, words);
  const quote = (cell) => {
    const text = String(cell ?? "");
    // A cell that a spreadsheet would run as a formula is kept as text.
    const safe = typeof cell === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const text = [head, ...rows].map((row) => row.map(quote).join(",")).join("\r\n");
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  save(fileName(card, "csv"), url);
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function png(card) {
  const { chart } = drawn.get(card);
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--card").trim();
  save(fileName(card, "png"), chart.getDataURL({ pixelRatio: 2, backgroundColor: ground }));
}

document.addEventListener("click", (event) => {
  const card = event.target.closest("[data-chart-url]");
  if (!card || !drawn.has(card)) return;
  const toggle = event.target.closest("[data-chart-toggle]");
  if (toggle) {
    const table = card.querySelector("[data-chart-table]");
    const shown = table.hidden;
    table.hidden = !shown;
    card.querySelector("[data-chart-canvas]").hidden = shown;
    toggle.setAttribute("aria-pressed", String(shown));
    if (!shown) drawn.get(card).chart?.resize();
  } else if (event.target.closest("[data-chart-csv]")) csv(card);
  else if (event.target.closest("[data-chart-png]") && drawn.get(card).chart) png(card);
  else return;
  event.target.closest("details[data-menu]")?.removeAttribute("open");
});

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const held = drawn.get(target.closest("[data-chart-url]"));
    if (held?.chart && target.clientWidth) held.chart.resize();
  }
});

function start(scope) {
  const cards = [...scope.querySelectorAll("[data-chart-url]")];
  if (scope.matches?.("[data-chart-url]")) cards.push(scope);
  for (const card of cards) {
    if (card.dataset.state) continue;
    draw(card);
    resized.observe(card.querySelector("[data-chart-canvas]") ?? card);
    card.addEventListener("chart:reload", () => draw(card));
  }
}

function forget() {
  for (const [card, { chart }] of drawn) {
    if (!card.isConnected) { chart?.dispose(); drawn.delete(card); }
  }
}

start(document);
document.addEventListener("htmx:load", (event) => { forget(); start(event.detail.elt); });
document.addEventListener("theme", () => { for (const [card, held] of drawn) if (held.chart) paint(card); });
addEventListener("beforeprint", () => { for (const { chart } of drawn.values()) chart?.resize(); });
