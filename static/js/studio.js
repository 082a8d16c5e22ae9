// The policy studio: indicators come and go, weights are drawn as they are judged. The server judges again what is saved; this only shows.
// Weights within a side: AHP (principal eigenvector by power iteration, as the engine's), or by hand; entropy is known only to a run.

const RANDOM_INDEX = [0, 0, 0, 0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59];
const LIMIT = 0.1;
const PLACES = ["9", "8", "7", "6", "5", "4", "3", "2", "1", "1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "1/9"];
const SIDES = ["current", "potential"];

const form = document.querySelector("[data-studio]");
const words = form.dataset;
const holder = form.querySelector("[data-matrices]");
const pairs = new Map(Object.entries(JSON.parse(holder.dataset.pairs)));
const rows = [...form.querySelectorAll("[data-indicator]")];

const number = (place) => (place.includes("/") ? 1 / Number(place.slice(2)) : Number(place));
const turned = (place) => (place === "1" ? "1" : place.includes("/") ? place.slice(2) : `1/${place}`);
const field = (row, name) => row.querySelector(`[name="${name}__${row.dataset.indicator}"]`);
const sideOf = (row) => (row.hidden ? "" : field(row, "side").value);
const members = (side) => rows.filter((row) => sideOf(row) === side);
const method = () => form.elements.method.value;

function judged(first, second) {
  return pairs.get(`pair__${first}__${second}`) ?? turned(pairs.get(`pair__${second}__${first}`) ?? "1");
}

export function ahp(matrix) {
  const size = matrix.length;
  let weights = new Array(size).fill(1 / size);
  let root = size;
  for (let turn = 0; turn < 200; turn += 1) {
    const next = matrix.map((line) => line.reduce((sum, value, at) => sum + value * weights[at], 0));
    root = next.reduce((sum, value) => sum + value, 0);
    weights = next.map((value) => value / root);
  }
  return { weights, ratio: size > 2 ? Math.max(0, (root - size) / (size - 1) / RANDOM_INDEX[size]) : 0 };
}

function cell(row, column) {
  const [first, second] = [row.dataset.indicator, column.dataset.indicator];
  const select = document.createElement("select");
  select.className = "form-select studio-pair";
  select.name = `pair__${first}__${second}`;
  select.setAttribute("aria-label", words.over.replace("{row}", row.dataset.label).replace("{column}", column.dataset.label));
  for (const place of PLACES) select.add(new Option(place, place, false, place === judged(first, second)));
  select.addEventListener("change", () => {
    pairs.delete(`pair__${second}__${first}`);
    pairs.set(select.name, select.value);
    draw(false);
  });
  return select;
}

function drawMatrix(side, chosen) {
  const table = document.createElement("table");
  table.className = "table studio-matrix";
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"), ...chosen.map((row) => header(row.dataset.label, "col")));
  const body = table.createTBody();
  chosen.forEach((row, down) => {
    const line = body.insertRow();
    line.append(header(row.dataset.label, "row"));
    chosen.forEach((column, across) => {
      const place = line.insertCell();
      if (across > down) place.append(cell(row, column));
      else {
        place.className = "muted num";
        place.dataset.mirror = `${row.dataset.indicator} ${column.dataset.indicator}`;
      }
    });
  });
  form.querySelector(`[data-matrix="${side}"]`).replaceChildren(table);
}

function header(text, scope) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}

function say(host, text, good) {
  host.textContent = text;
  host.classList.toggle("good-text", good);
  host.classList.toggle("risk-text", !good);
}

function weigh(side, chosen) {
  const names = chosen.map((row) => row.dataset.indicator);
  const { weights, ratio } = ahp(names.map((first) => names.map((second) => (first === second ? 1 : number(judged(first, second))))));
  for (const mirror of form.querySelectorAll(`[data-matrix="${side}"] [data-mirror]`)) mirror.textContent = judged(...mirror.dataset.mirror.split(" "));
  const told = (ratio < LIMIT ? words.ratioGood : words.ratioBad).replace("{ratio}", ratio.toFixed(2));
  if (chosen.length) say(form.querySelector(`[data-ratio="${side}"]`), told, ratio < LIMIT);
  if (method() === "ahp") return weights;
  if (method() === "hand") return chosen.map((row) => Number(field(row, "weight").value.replace(",", ".")) / 100 || 0);
  return chosen.map(() => null);
}

function draw(anew = true) {
  const way = method();
  holder.hidden = !["ahp", "combined"].includes(way);
  form.classList.toggle("studio-by-hand", way === "hand");
  const sums = SIDES.map((side) => {
    const chosen = members(side);
    if (anew) drawMatrix(side, chosen);
    const weights = weigh(side, chosen);
    chosen.forEach((row, at) => {
      const known = weights[at] !== null;
      row.querySelector("progress").hidden = !known;
      row.querySelector("progress").value = known ? weights[at] * 100 : 0;
      row.querySelector("[data-weight]").textContent = known ? `${(weights[at] * 100).toFixed(1)} %` : words.fromData;
    });
    const line = document.createElement("span");
    const sum = weights.reduce((whole, weight) => whole + (weight ?? 0), 0) * 100;
    const good = chosen.length > 0 && (way !== "hand" || Math.abs(sum - 100) <= 0.1);
    const text = chosen.length ? (good ? words.sumGood : words.sumBad.replace("{sum}", sum.toFixed(1))) : words.none;
    say(line, `${words[side]}: ${text}`, good);
    return line;
  });
  form.querySelector("[data-sums]").replaceChildren(...sums);
}

function takeOut(row) {
  row.hidden = true;
  field(row, "side").value = "";
  form.querySelector("[data-add]").add(new Option(row.dataset.label, row.dataset.indicator));
  draw();
}

form.querySelector("[data-add]").addEventListener("change", (event) => {
  const row = rows.find((it) => it.dataset.indicator === event.target.value);
  if (!row) return;
  row.parentElement.append(row);
  row.hidden = false;
  field(row, "side").value = "potential";
  event.target.selectedOptions[0].remove();
  event.target.value = "";
  draw();
  field(row, "side").focus();
});

for (const row of rows) {
  row.querySelector("[data-take-out]")?.addEventListener("click", () => takeOut(row));
  field(row, "side").addEventListener("change", (event) => (event.target.value ? draw() : takeOut(row)));
  field(row, "weight").addEventListener("input", () => draw(false));
}
form.elements.method.addEventListener("change", () => draw());
draw();
