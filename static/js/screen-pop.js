// Who is on the line: one tab of the browser asks every few seconds, and shows the caller's card. The first tab that claims a new call
// opens it (the server decides, so two windows or two machines cannot both); where something is being typed the page stays and the card waits.
const holder = document.getElementById("on-the-line");
const EVERY_MS = 3000;
const LEAD_LASTS_MS = 8000;
const LEAD = "call-lead";
const PAGE_TURNS_MS = 2000;
const me = tabOf();
const told = new BroadcastChannel("calls");
let tag = "";
let wait = EVERY_MS;
let nextAt = 0;
let asking = false;

/** The tab's name, which a page keeps for the page after it: who opens the caller's page goes on asking there. */
function tabOf() {
  const fresh = Math.random().toString(36).slice(2);
  try {
    if (!sessionStorage.getItem("call-tab")) sessionStorage.setItem("call-tab", fresh);
    return sessionStorage.getItem("call-tab");
  } catch { return fresh; }
}

const visible = () => document.visibilityState === "visible";

/** Whether this tab is the one that asks: a tab in sight goes before one that is not, otherwise whoever asks already. */
function leads() {
  try {
    const lead = JSON.parse(localStorage.getItem(LEAD) ?? "null");
    if (lead?.until > Date.now() && lead.id !== me && (lead.visible || !visible())) return false;
    keep(Math.max(LEAD_LASTS_MS, wait * 2));
  } catch { /* no storage: every tab asks, and the server still lets only one open the call */ }
  return true;
}

function keep(ms) {
  localStorage.setItem(LEAD, JSON.stringify({ id: me, until: Date.now() + ms, visible: visible() }));
}

function clear() {
  holder.replaceChildren();
  tag = "";
}

/** Something would be lost, or taken from under the hands, by leaving this page. */
function busy() {
  if (document.querySelector("dialog[open]")) return true;
  const fields = [...document.querySelectorAll("main form:not([method=get]) :is(input:not([type=hidden]), textarea, select)")];
  return fields.some((field) => {
    if (field.matches("select")) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
    return field.matches("[type=checkbox], [type=radio]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  });
}

async function pop(card) {
  const stays = busy(); // when it rings: what is typed may be sent before the answer comes, and what became of it is still to be read
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const answer = await fetch(card.dataset.pop, { method: "POST", headers });
  if (!answer.ok) return;
  const { opens } = await answer.json();
  if (opens && !stays && !busy() && location.pathname !== opens) location.assign(opens);
}

async function show(answer) {
  tag = answer.headers.get("ETag") ?? "";
  holder.innerHTML = await answer.text();
  window.htmx?.process(holder);
  const card = holder.querySelector("[data-call]");
  holder.hidden = location.pathname === card.dataset.page; // the page of the call says the same
  if (card.dataset.pop) await pop(card);
}

async function ask() {
  const answer = await fetch(holder.dataset.ask, { headers: { "HX-Request": "true", ...(tag && { "If-None-Match": tag }) }, cache: "no-store" });
  if (answer.status === 401 || answer.status === 403) { wait = Infinity; clear(); return; }
  wait = Number(answer.headers.get("X-Ask-Again-After")) * 1000 || EVERY_MS;
  if (answer.status === 200) await show(answer);
  else if (answer.status === 204) clear();
}

async function turn() {
  if (asking || Date.now() < nextAt) return;
  if (!leads()) { if (holder.childElementCount) clear(); return; }
  asking = true;
  try { await ask(); } catch { wait = Math.min(wait * 2, 30_000); }
  asking = false;
  nextAt = Date.now() + wait;
}

if (holder) {
  document.addEventListener("visibilitychange", () => { if (visible() && wait < Infinity) { nextAt = 0; turn(); } });
  addEventListener("pagehide", () => { try { if (JSON.parse(localStorage.getItem(LEAD) ?? "null")?.id === me) keep(PAGE_TURNS_MS); } catch { /* lapses by itself */ } });
  // htmx has sent the wish away; the card goes at once, here and in the other tabs.
  document.addEventListener("click", (event) => { if (event.target.closest("[data-call-away]")) setTimeout(() => { clear(); told.postMessage("away"); }); });
  told.addEventListener("message", clear);
  new Worker(holder.dataset.tick).addEventListener("message", turn);
  turn();
}
