// A table wider than its place scrolls; where nothing in it takes the focus, its frame does, so that the arrow keys reach the far columns.
const widths = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target)));

function reach(frame) {
  const scrolls = frame.scrollWidth > frame.clientWidth && !frame.querySelector("a[href], button, input, select, textarea");
  if (scrolls) frame.tabIndex = 0;
  else if (!frame.hasAttribute("role")) frame.removeAttribute("tabindex");
}

const watch = (part) => part.querySelectorAll(".table-wrap").forEach((frame) => widths.observe(frame));
watch(document);
document.addEventListener("htmx:load", ({ detail }) => watch(detail.elt.parentElement ?? document));
