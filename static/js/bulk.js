// Ticking rows: head box, shift-click ranges, a bar with the count, and "everything in this filter".
const parts = (form) => ({
  rows: [...form.querySelectorAll("[data-bulk-row]")],
  all: form.querySelector("[data-bulk-all]"),
  bar: form.querySelector("[data-bulk-bar]"),
  everything: form.querySelector("[data-bulk-everything-input]"),
});
let last = null;

function refresh(form) {
  const { rows, all, bar, everything } = parts(form);
  const ticked = rows.filter((row) => row.checked).length;
  if (ticked < rows.length && everything) everything.value = "";
  if (all) {
    all.checked = rows.length > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  }
  const whole = everything?.value === "1";
  if (bar) {
    bar.hidden = ticked === 0;
    bar.querySelector("[data-bulk-count]").textContent = whole ? "✓" : ticked.toLocaleString(document.documentElement.lang);
    const offer = bar.querySelector("[data-bulk-everything]");
    if (offer) {
      offer.hidden = !(ticked === rows.length && ticked > 0);
      offer.setAttribute("aria-pressed", String(whole));
      offer.classList.toggle("btn-primary", whole);
      offer.classList.toggle("btn-quiet", !whole);
    }
  }
  const actions = [...form.querySelectorAll("[data-bulk-action]")];
  if (form.id) actions.push(...document.querySelectorAll(`[data-bulk-action][form="${CSS.escape(form.id)}"]`));
  for (const action of actions) action.disabled = ticked === 0;
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (!form) return;
  const { rows, everything } = parts(form);
  const row = event.target.closest("[data-bulk-row]");
  if (row) {
    if (event.shiftKey && last && rows.includes(last)) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(row)].sort((a, b) => a - b);
      rows.slice(from, to + 1).forEach((each) => { each.checked = row.checked; });
    }
    last = row;
  } else if (event.target.closest("[data-bulk-all]")) rows.forEach((each) => { each.checked = event.target.checked; });
  else if (event.target.closest("[data-bulk-clear]")) rows.forEach((each) => { each.checked = false; });
  else if (event.target.closest("[data-bulk-everything]")) everything.value = everything.value ? "" : "1";
  else return;
  refresh(form);
});

const all = () => document.querySelectorAll("[data-bulk]").forEach(refresh);
all();
document.addEventListener("htmx:afterSettle", all);
addEventListener("pageshow", all);
