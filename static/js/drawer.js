// The rail as a drawer on narrow screens. While it is open the page behind cannot be reached.
const root = document.documentElement;
const shell = document.getElementById("shell");
const opener = document.querySelector("[data-drawer-open]");

function set(open) {
  if (open) root.dataset.drawer = "open"; else delete root.dataset.drawer;
  opener?.setAttribute("aria-expanded", String(open));
  shell.inert = open;
  if (open) document.querySelector("#rail a")?.focus(); else opener?.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-drawer-open]")) set(true);
  else if (root.dataset.drawer && (event.target.closest("[data-drawer-close]") || !event.target.closest("#rail"))) set(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.dataset.drawer) set(false);
});
matchMedia("(min-width: 901px)").addEventListener("change", (event) => {
  if (event.matches && root.dataset.drawer) set(false);
});
