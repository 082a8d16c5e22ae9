// Search in the top bar: "/" or Ctrl-K, results while typing (htmx), arrows and Enter. Pages of the rail are found at once, here.
const form = document.querySelector("[data-palette]");

if (form) {
  const input = form.querySelector("[data-palette-input]");
  const panel = form.querySelector("#palette-list");
  const pages = form.querySelector("[data-palette-pages]");
  const results = form.querySelector("#palette-results");
  const options = () => [...panel.querySelectorAll('[role="option"]')].filter((option) => !option.closest("[hidden]"));

  const rail = [...document.querySelectorAll("#rail .rail-group a")].map((link) => ({
    href: link.href,
    label: link.querySelector("span").textContent,
    icon: link.querySelector("use")?.getAttribute("href"),
  }));

  function option({ href, label, icon }) {
    const link = document.createElement("a");
    link.href = href;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    if (icon) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "icon");
      svg.setAttribute("aria-hidden", "true");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      use.setAttribute("href", icon);
      svg.append(use);
      link.append(svg);
    }
    const text = document.createElement("span");
    text.className = "palette-label";
    text.textContent = label;
    link.append(text);
    return link;
  }

  function showPages() {
    const typed = input.value.trim().toLowerCase();
    const fitting = rail.filter((page) => page.label.toLowerCase().includes(typed)).slice(0, typed ? 5 : 20);
    const title = document.createElement("div");
    title.className = "palette-title";
    title.setAttribute("aria-hidden", "true");
    title.textContent = pages.getAttribute("aria-label");
    pages.replaceChildren(title, ...fitting.map(option));
    pages.hidden = !fitting.length;
    if (!typed) results.replaceChildren();
  }

  function select(chosen) {
    for (const [index, each] of options().entries()) {
      each.id ||= `palette-option-${index}-${Math.random().toString(36).slice(2, 7)}`;
      each.setAttribute("aria-selected", String(each === chosen));
    }
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function open() {
    showPages();
    panel.hidden = !options().length && !results.textContent.trim();
    input.setAttribute("aria-expanded", String(!panel.hidden));
  }

  function close() {
    panel.hidden = true;
    input.setAttribute("aria-expanded", "false");
    select(null);
  }

  input.addEventListener("focus", open);
  input.addEventListener("input", () => { open(); select(options()[0] ?? null); });
  results.addEventListener("htmx:afterSwap", () => { open(); select(results.querySelector('[role="option"]') ?? options()[0] ?? null); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  panel.addEventListener("pointerdown", (event) => event.preventDefault());
  form.addEventListener("submit", (event) => {
    const chosen = panel.querySelector('[aria-selected="true"]');
    event.preventDefault();
    if (chosen) location.assign(chosen.href);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") { event.preventDefault(); select(all[(at + 1) % all.length] ?? null); }
    else if (event.key === "ArrowUp") { event.preventDefault(); select(all[(at - 1 + all.length) % all.length] ?? null); }
    else if (event.key === "Escape") { event.stopPropagation(); if (input.value) { input.value = ""; open(); } else { close(); input.blur(); } }
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && at >= 0) { event.preventDefault(); window.open(all[at].href, "_blank", "noopener"); }
  });
  document.addEventListener("keydown", (event) => {
    const combined = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey
      && !event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (!(combined || slash) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
