// Tabs are links; htmx fetches the panel, this moves the mark.
document.addEventListener("htmx:beforeRequest", (event) => {
  const tab = event.target.closest?.("[data-tabs] a");
  if (!tab) return;
  for (const other of tab.closest("[data-tabs]").children) other.removeAttribute("aria-current");
  tab.setAttribute("aria-current", "page");
});
