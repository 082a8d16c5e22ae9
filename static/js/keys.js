// Shortcuts. data-key="n" presses or focuses its element; "ctrl+enter" works inside fields; "g d" is a sequence.
// Single keys can be switched off in the ? sheet (they get in the way of speech input). J/K/Enter/X move in [data-rows].
const SWITCH = "single-keys";
const allowed = () => { try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; } };
const typing = (element) => element.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const inDialog = () => document.querySelector("dialog[open]");

let prefix = "";
let prefixTimer = 0;

function pressed(event) {
  const name = event.key === " " ? "space" : event.key.toLowerCase();
  return (event.ctrlKey || event.metaKey ? "ctrl+" : "") + (event.altKey ? "alt+" : "") + name;
}

function find(key, scope) {
  const matches = [...scope.querySelectorAll("[data-key], [data-key-holder]")];
  return matches.find((element) => (element.dataset.key ?? element.dataset.keyHolder).toLowerCase() === key && visible(element) && !element.disabled);
}

function act(element) {
  const target = element.dataset.keyHolder ? element.querySelector("input, select, textarea") : element;
  if (target.matches("input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select")) {
    target.focus();
    target.select?.();
  } else if (target.form && target.type === "submit") target.form.requestSubmit(target);
  else target.click();
}

/* rows */
const rows = () => [...document.querySelectorAll("[data-rows] tbody > tr, [data-rows] > [data-row]")].filter(visible);
const current = () => document.querySelector("[data-rows] [data-current]");

function mark(row) {
  current()?.removeAttribute("data-current");
  row.setAttribute("data-current", "");
  row.scrollIntoView({ block: "nearest" });
  const link = row.querySelector("[data-row-link], a");
  link?.focus({ preventScroll: true });
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  mark(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
  return true;
}

function rowKey(key) {
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  const row = current();
  if (!row) return false;
  if (key === "x") {
    const tick = row.querySelector("input[type=checkbox]");
    tick?.click();
    return Boolean(tick);
  }
  if (key === "enter" && !document.activeElement.closest("a, button")) {
    const link = row.querySelector("[data-row-link], a");
    link?.click();
    return Boolean(link);
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.key === "Shift" || event.key === "Control") return;
  const key = pressed(event);
  const combined = key.includes("+") && key.length > 1;
  const field = typing(event.target);
  if (field && event.key === "Escape") { event.target.blur(); return; }
  if (field && !combined) return;
  if (!combined && !allowed()) return;
  const scope = inDialog() ?? document;
  const sequence = prefix ? `${prefix} ${key}` : key;
  const found = find(sequence, scope) ?? find(key, scope);
  clearTimeout(prefixTimer);
  prefix = "";
  if (found) { event.preventDefault(); act(found); return; }
  if (combined || scope !== document) return;
  if (key === "?") { event.preventDefault(); openSheet(); return; }
  if (rowKey(key)) { event.preventDefault(); return; }
  const starts = [...document.querySelectorAll("[data-key]")].some((element) => element.dataset.key.toLowerCase().startsWith(`${key} `));
  if (starts) { prefix = key; prefixTimer = setTimeout(() => { prefix = ""; }, 1200); }
});

/* the ? sheet */
function label(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  if (element.dataset.keyHolder) return element.querySelector("label")?.firstChild.textContent.trim();
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg, b, .visually-hidden").forEach((part) => part.remove());
  return copy.textContent.trim() || element.getAttribute("aria-label") || element.getAttribute("placeholder")
    || element.labels?.[0]?.textContent.trim() || "";
}

function fillSheet() {
  const section = document.querySelector("[data-keys-here]");
  const list = section.querySelector("dl");
  list.replaceChildren();
  const seen = new Set(["[", "]"]);
  for (const element of document.querySelectorAll("[data-key], [data-key-holder]")) {
    const key = element.dataset.key ?? element.dataset.keyHolder;
    if (seen.has(key) || !visible(element)) continue;
    seen.add(key);
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const keys = document.createElement("dd");
    term.textContent = label(element);
    for (const part of key.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = part.split("+").map((piece) => piece[0].toUpperCase() + piece.slice(1)).join(" ");
      keys.append(cap, " ");
    }
    line.append(term, keys);
    list.append(line);
  }
  section.hidden = !list.children.length;
  document.querySelector("[data-keys-switch]").checked = allowed();
}

function openSheet() {
  document.getElementById("keys-sheet")?.showModal();
}

const sheet = document.getElementById("keys-sheet");
if (sheet) new MutationObserver(() => { if (sheet.open) fillSheet(); }).observe(sheet, { attributes: true, attributeFilter: ["open"] });
document.querySelector("[data-keys-switch]")?.addEventListener("change", (event) => {
  try { localStorage.setItem(SWITCH, event.target.checked ? "on" : "off"); } catch { /* lasts for this page */ }
});
