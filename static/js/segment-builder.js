// The rule of a segment: groups of conditions built in the page, kept as JSON in #id_rule. Each change raises "rule" there, which asks for
// the live count. Every control is a native one with a label of its own; what is added takes the focus, what is removed gives it back.
const box = document.getElementById("rule-builder");
const kept = document.getElementById("id_rule");
const { fields, operators, words } = JSON.parse(box.dataset.catalogue);
const byName = new Map(fields.map((field) => [field.name, field]));
const OF = { number: ["over", "at_least", "under", "at_most", "between", "known", "unknown"], choice: ["in", "not_in"], unit: ["in", "not_in"], flag: ["yes", "no", "known", "unknown"] };
const MODES = ["all", "any", "none"];
const BOXES = 12; // more choices than this stand in a list
const DEEPEST = 5;

function make(tag, properties = {}, ...children) {
  const { dataset, ...plain } = properties;
  const element = Object.assign(document.createElement(tag), plain);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}

const option = (value, text, selected) => make("option", { value, textContent: text, selected });

function select(className, label, pairs, chosen) {
  const element = make("select", { className: `form-select ${className}` }, ...pairs.map(([value, text]) => option(value, text, value === chosen)));
  element.setAttribute("aria-label", label);
  element.dataset.label = label;
  return element;
}

function fieldSelect(chosen) {
  const element = select("rule-field", words.field, []);
  for (const topic of new Set(fields.map((field) => field.topic))) {
    const group = make("optgroup", { label: topic });
    group.append(...fields.filter((field) => field.topic === topic).map((field) => option(field.name, field.label, field.name === chosen)));
    element.append(group);
  }
  return element;
}

function numberInput(label, value) {
  const input = make("input", { type: "number", step: "any", className: "form-control rule-number", value: value ?? "" });
  input.setAttribute("aria-label", label);
  input.dataset.label = label;
  return input;
}

function valueControls(field, operator, value) {
  if (["known", "unknown", "yes", "no"].includes(operator)) return [];
  if (field.kind === "number") {
    const unit = field.unit ? [make("span", { className: "muted rule-unit", textContent: field.unit })] : [];
    if (operator !== "between") return [numberInput(words.value, Array.isArray(value) ? value[0] : value), ...unit];
    const [low, high] = Array.isArray(value) ? value : [value, null];
    return [numberInput(words.from, low), make("span", { textContent: words.to }), numberInput(words.upTo, high), ...unit];
  }
  const ticked = new Set(Array.isArray(value) ? value : []);
  if (field.choices.length > BOXES) {
    const list = make("select", { multiple: true, size: 6, className: "form-select rule-values" }, ...field.choices.map(([code, text]) => option(code, text, ticked.has(code))));
    list.setAttribute("aria-label", words.values);
    list.dataset.label = words.values;
    return [list];
  }
  const holder = make("span", { className: "rule-boxes" });
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-label", words.values);
  holder.dataset.label = words.values;
  for (const [code, text] of field.choices) {
    holder.append(make("label", { className: "form-check" }, make("input", { type: "checkbox", className: "form-check-input", value: code, checked: ticked.has(code) }), make("span", { className: "form-check-label", textContent: text })));
  }
  return [holder];
}

function button(text, className, deed) {
  return make("button", { type: "button", className: `btn btn-sm ${className}`, textContent: text, dataset: { deed } });
}

function condition(tree = { field: "tier", is: "in", value: [] }) {
  const row = make("li", { className: "rule-condition" });
  row.append(make("span", { className: "rule-place muted" }), fieldSelect(tree.field), make("span", { className: "rule-operator-holder" }), make("span", { className: "rule-value-holder" }), button(words.remove, "btn-quiet", "remove"));
  drawOperator(row, tree.is, tree.value);
  return row;
}

function drawOperator(row, operator, value) {
  const field = byName.get(row.querySelector(".rule-field").value);
  const possible = OF[field.kind];
  const chosen = possible.includes(operator) ? operator : possible[0];
  row.querySelector(".rule-operator-holder").replaceChildren(select("rule-operator", words.operator, possible.map((name) => [name, operators[name]]), chosen));
  drawValue(row, value);
}

function drawValue(row, value) {
  const field = byName.get(row.querySelector(".rule-field").value);
  row.querySelector(".rule-value-holder").replaceChildren(...valueControls(field, row.querySelector(".rule-operator").value, value));
}

// A stored rule as a group of the page: "not any" is the mode none; any other "not" is a group none around its rule.
function partsOf(tree) {
  if (tree.all) return ["all", tree.all];
  if (tree.any) return ["any", tree.any];
  if (tree.not) return ["none", tree.not.any ?? [tree.not]];
  return ["all", [tree]];
}

function group(tree, depth) {
  const [mode, parts] = partsOf(tree);
  const set = make("fieldset", { className: "rule-group", dataset: { depth } });
  const list = make("ol", { className: "rule-parts" }, ...parts.map((part) => (part.field ? condition(part) : make("li", {}, group(part, depth + 1)))));
  const buttons = make("div", { className: "row-line rule-buttons" }, button(`+ ${words.condition}`, "", "condition"));
  if (depth < DEEPEST) buttons.append(button(`+ ${words.group}`, "", "group"));
  if (depth > 0) buttons.append(button(words.removeGroup, "btn-quiet", "remove-group"));
  set.append(make("legend", { className: "rule-legend" }), select("rule-mode", words.mode, MODES.map((name) => [name, words[name]]), mode), list, buttons);
  return set;
}

function number(input) {
  return input.value.trim() === "" || !Number.isFinite(input.valueAsNumber) ? null : input.valueAsNumber;
}

function place(element, where, name) {
  const said = where.length ? `${name} ${where.join(".")}` : words.whole;
  for (const control of element.querySelectorAll(":scope > [data-label], :scope > span > [data-label]")) control.setAttribute("aria-label", `${control.dataset.label}, ${said}`);
  return said;
}

function readCondition(row, where) {
  row.querySelector(".rule-place").textContent = where.join(".");
  place(row, where, words.condition);
  row.querySelector("[data-deed=remove]").setAttribute("aria-label", `${words.remove}, ${words.condition} ${where.join(".")}`);
  const field = row.querySelector(".rule-field").value;
  const operator = row.querySelector(".rule-operator").value;
  const tree = { field, is: operator };
  const numbers = [...row.querySelectorAll(".rule-number")].map(number);
  if (byName.get(field).kind === "number" && numbers.length) tree.value = operator === "between" ? numbers : numbers[0];
  const list = row.querySelector(".rule-values");
  if (list) tree.value = [...list.selectedOptions].map((chosen) => chosen.value);
  const boxes = row.querySelector(".rule-boxes");
  if (boxes) tree.value = [...boxes.querySelectorAll("input:checked")].map((input) => input.value);
  return tree;
}

function readGroup(set, where) {
  const mode = set.querySelector(":scope > .rule-mode").value;
  set.querySelector(":scope > legend").textContent = place(set, where, words.group);
  const inside = mode === "none" ? [...where, 1] : where;
  const parts = [...set.querySelector(":scope > .rule-parts").children].map((item, index) => {
    const nested = item.querySelector(":scope > .rule-group");
    return nested ? readGroup(nested, [...inside, index + 1]) : readCondition(item, [...inside, index + 1]);
  });
  return mode === "none" ? { not: { any: parts } } : { [mode]: parts };
}

function keep() {
  const rule = JSON.stringify(readGroup(box.querySelector(".rule-group"), []));
  if (rule === kept.value) return;
  kept.value = rule;
  kept.dispatchEvent(new Event("rule", { bubbles: true }));
}

function add(set, item, focus) {
  set.querySelector(":scope > .rule-parts").append(item);
  item.querySelector(focus).focus();
}

box.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-deed]");
  if (!pressed) return;
  const set = pressed.closest(".rule-group");
  const deed = pressed.dataset.deed;
  if (deed === "condition") add(set, condition(), ".rule-field");
  if (deed === "group") add(set, make("li", {}, group({ any: [{ field: "tier", is: "in", value: [] }] }, Number(set.dataset.depth) + 1)), ".rule-mode");
  if (deed === "remove") {
    pressed.closest(".rule-condition").remove();
    set.querySelector(":scope > .rule-buttons > button").focus();
  }
  if (deed === "remove-group") {
    const outer = set.parentElement.closest(".rule-group");
    set.parentElement.remove();
    outer.querySelector(":scope > .rule-buttons > button").focus();
  }
  keep();
});

box.addEventListener("change", (event) => {
  const row = event.target.closest(".rule-condition");
  if (event.target.matches(".rule-field")) drawOperator(row);
  if (event.target.matches(".rule-operator")) drawValue(row, row.querySelector(".rule-number") ? number(row.querySelector(".rule-number")) : readCondition(row, []).value);
  keep();
});
box.addEventListener("input", (event) => { if (event.target.matches(".rule-number")) keep(); });

let first;
try { first = JSON.parse(kept.value); } catch { first = { all: [] }; }
box.replaceChildren(group(first && typeof first === "object" ? first : { all: [] }, 0));
keep();
