// Runs before the first paint (a plain script in the head), so that a dark page never flashes white.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; }
  };

  function apply(choice) {
    root.dataset.themeChoice = choice;
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-label", button.dataset[choice]);
      button.title = button.dataset[choice];
    }
    document.dispatchEvent(new CustomEvent("theme"));
  }

  apply(stored());
  dark.addEventListener("change", () => apply(stored()));
  // Paper is white: print in the light colours whatever the screen shows.
  addEventListener("beforeprint", () => { root.dataset.bsTheme = "light"; document.dispatchEvent(new CustomEvent("theme")); });
  addEventListener("afterprint", () => apply(stored()));
  document.addEventListener("DOMContentLoaded", () => apply(stored()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const following = { auto: "light", light: "dark", dark: "auto" }[stored()];
    try { localStorage.setItem("theme", following); } catch { /* private window: lasts for this page */ }
    apply(following);
  });
})();
