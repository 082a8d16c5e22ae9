// The new-ticket form: an account found while typing, chosen by arrow keys and Enter; everything else is plain HTML and HTMX.
const find = () => document.getElementById("log_find");
const list = () => document.getElementById("log-found");
const options = () => [...document.querySelectorAll("#log-found [role=option]")];
const chosenField = () => document.getElementById("log_account");
let enterWaits = false;

function mark(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (!option) { find().removeAttribute("aria-activedescendant"); return; }
  find().setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function clear() {
  list().replaceChildren();
  find().setAttribute("aria-expanded", "false");
  find().removeAttribute("aria-activedescendant");
}

function setAccount(id) {
  const field = chosenField();
  if (field.value === id) return;
  field.value = id;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(option) {
  enterWaits = false;
  find().value = option.dataset.label;
  setAccount(option.dataset.account);
  clear();
  document.getElementById("log_matter").focus();
}

document.addEventListener("input", (event) => {
  if (event.target !== find()) return;
  setAccount("");
  if (!find().value.trim()) clear();
});

// The search box is not a fact of the ticket: its own change must not ask for a preview.
document.addEventListener("change", (event) => { if (event.target === find()) event.stopPropagation(); }, true);

document.addEventListener("keydown", (event) => {
  if (event.target !== find() || event.isComposing || event.ctrlKey || event.metaKey) return;
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (all.length) mark(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (all[at]) choose(all[at]);
    else if (chosenField().value) document.getElementById("log_matter").focus();
    else enterWaits = true; // pressed before the answer came
  } else if (event.key === "Escape" && all.length) {
    event.preventDefault();
    event.stopPropagation();
    clear();
  } else if (event.key === "Tab") clear();
}, true);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("#log-found [role=option]");
  if (option) { event.preventDefault(); choose(option); }
  else if (list() && !event.target.closest?.(".log-find")) clear();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "log-found") {
    const all = options();
    find().setAttribute("aria-expanded", String(all.length > 0));
    if (document.activeElement !== find()) { clear(); return; }
    mark(all[0]);
    if (enterWaits && all.length === 1) choose(all[0]);
    enterWaits = false;
  } else if (document.getElementById("log")?.querySelector("[aria-invalid=true]") && event.detail.xhr?.status === 422) {
    document.querySelector("#log [aria-invalid=true]").focus();
  }
});

// No choice of the form begins with D: in its selects the key still means "add as caller to the possible duplicate".
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "d" || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("#log select")) return;
  const button = document.querySelector("#log-preview [data-key=d]");
  if (button) { event.preventDefault(); button.click(); }
});

// What the words suggest is taken with one press; the field stays the agent's to change.
document.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-offer]");
  if (offer) {
    const field = document.getElementById(`log_${offer.dataset.offer}`);
    if (!field) return;
    field.value = offer.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    offer.hidden = true;
    const next = offer.parentElement.querySelector("[data-offer]:not([hidden])");
    if (!next) offer.closest(".log-offers").hidden = true;
    (next ?? document.getElementById("log_text")).focus();
    return;
  }
  const part = event.target.closest("[data-part-of]");
  if (!part) return;
  const parent = document.getElementById("log_parent");
  const on = parent.value !== part.dataset.partOf;
  parent.value = on ? part.dataset.partOf : "";
  for (const other of document.querySelectorAll("[data-part-of]")) other.setAttribute("aria-pressed", String(on && other === part));
});
