// A screen on a wall has a theme of its own, whatever its viewer chose for other pages (a plain script, before the first paint).
(() => {
  const root = document.documentElement;
  const set = () => { if (root.dataset.bsTheme !== root.dataset.screenTheme) root.dataset.bsTheme = root.dataset.screenTheme; };
  set();
  document.addEventListener("theme", set);
})();
