// The command palette: "/" or Ctrl-K opens it over any page; a combobox over a list box, by arrows, Home, End, Enter and Esc alone.
// It is a modal dialog, so the focus stays in it and returns to where it was. The server finds (with rights) and this browser remembers
// which accounts and tickets were open lately: their numbers only, never names.
const dialog = document.getElementById("palette");
const RECENT = `palette-recent-${dialog?.dataset.person}`;
const MOST_RECENT = 8;
const WAIT_MS = 120;

function recent() {
  try { return JSON.parse(localStorage.getItem(RECENT) ?? "[]").filter((each) => /^(account|ticket):\d+$/.test(each)); } catch { return []; }
}

function remember(what) {
  if (!what) return;
  try { localStorage.setItem(RECENT, JSON.stringify([what, ...recent().filter((each) => each !== what)].slice(0, MOST_RECENT))); } catch { /* not remembered */ }
}

if (dialog) {
  const input = dialog.querySelector("[data-palette-input]");
  const results = dialog.querySelector("#palette-results");
  const none = dialog.querySelector("[data-palette-none]");
  const said = dialog.querySelector("[data-palette-said]");
  const options = () => [...results.querySelectorAll('[role="option"]')];
  const drawn = new Map();
  let asked = "";
  let shown = null; // the text whose results stand there
  let timer = 0;
  let enterWaits = false;
  let request = null;

  const here = /^\/(accounts|complaints)\/(\d+)\//.exec(location.pathname);
  if (here) remember(`${here[1] === "accounts" ? "account" : "ticket"}:${here[2]}`);

  function select(chosen) {
    for (const [index, each] of options().entries()) {
      each.id = `palette-option-${index}`;
      each.setAttribute("aria-selected", String(each === chosen));
    }
    if (!chosen) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function draw(text, html) {
    shown = text;
    results.innerHTML = html;
    none.replaceChildren(...results.querySelectorAll(".palette-none")); // a list box holds options alone
    results.hidden = !options().length;
    input.setAttribute("aria-expanded", String(options().length > 0));
    said.textContent = text ? said.dataset.found.replace("0", options().length) : "";
    select(options()[0] ?? null);
    if (enterWaits) { enterWaits = false; if (options()[0]) go(options()[0]); }
  }

  async function find() {
    const text = input.value.trim();
    asked = text;
    request?.abort();
    if (drawn.has(text)) { draw(text, drawn.get(text)); return; }
    request = new AbortController();
    const query = new URLSearchParams(text ? { q: text } : { recent: recent().join(",") });
    try {
      const answer = await fetch(`${dialog.dataset.palette}?${query}`, { headers: { "HX-Request": "true" }, signal: request.signal });
      if (answer.status === 401) { location.reload(); return; }
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text();
      if (text === asked) { drawn.set(text, html); draw(text, html); }
    } catch (error) {
      if (error.name !== "AbortError") { results.replaceChildren(); none.replaceChildren(); said.textContent = document.getElementById("words").dataset.offline; }
    }
  }

  function open() {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    drawn.clear();
    input.value = "";
    shown = null;
    dialog.showModal();
    input.focus();
    find();
  }

  function go(option, apart = false) {
    remember(option.dataset.recent);
    if (option.dataset.press) {
      dialog.close();
      document.querySelector(option.dataset.press)?.click();
    } else if (apart) window.open(option.href, "_blank", "noopener");
    else { dialog.close(); location.assign(option.href); }
  }

  input.addEventListener("input", () => {
    enterWaits = false;
    clearTimeout(timer);
    if (drawn.has(input.value.trim())) find();
    else timer = setTimeout(find, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined) { event.preventDefault(); select(all[to] ?? null); }
    else if (event.key === "Escape" && input.value) { event.preventDefault(); input.value = ""; find(); }
    else if (event.key === "Tab") event.preventDefault();
    else if (event.key === "Enter") {
      event.preventDefault();
      if (input.value.trim() !== shown || !all.length) enterWaits = true; // pressed before the answer came
      else if (all[at]) go(all[at], event.ctrlKey || event.metaKey);
    }
    event.stopPropagation();
  });
  dialog.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) { if (!event.ctrlKey && !event.metaKey) { event.preventDefault(); go(option); } else remember(option.dataset.recent); }
    else if (event.target === dialog) dialog.close();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette-open]");
    if (opener && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(); }
  });
  document.addEventListener("keydown", (event) => {
    const combined = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey
      && !event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (combined && dialog.open) { event.preventDefault(); dialog.close(); return; }
    if (!(combined || slash) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });
}
