// Notes at the foot of the screen: Django messages, HX-Trigger {"toast": {...}}, and failed htmx requests.
const shelf = document.getElementById("toasts");
const words = document.getElementById("words")?.dataset ?? {};
const STAY_MS = 7000;

function dismissLater(note) {
  if (note.classList.contains("toast-error")) return;
  let timer = setTimeout(() => note.remove(), STAY_MS);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => { timer = setTimeout(() => note.remove(), STAY_MS); });
}

export function toast(text, level = "info") {
  for (const same of shelf.children) if (same.firstElementChild?.textContent === text) same.remove();
  const note = document.createElement("div");
  note.className = `toast-note toast-${level}`;
  note.dataset.toast = "";
  const line = document.createElement("span");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", words.close ?? "Close");
  close.textContent = "×";
  note.append(line, close);
  shelf.append(note);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]").remove();
});
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.level));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  toast({ 403: words.forbidden, 404: words.missing, 429: words.toomany }[status] ?? words.failed, "error");
});
document.addEventListener("htmx:sendError", () => toast(words.offline, "error"));
document.addEventListener("htmx:timeout", () => toast(words.offline, "error"));

[...shelf.children].forEach(dismissLater);
new MutationObserver((changes) => {
  for (const change of changes) change.addedNodes.forEach((node) => { if (node.nodeType === 1) dismissLater(node); });
}).observe(shelf, { childList: true });
