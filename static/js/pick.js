// <select data-pick> becomes a searchable list (Tom Select, fetched only where one is used); data-pick-url loads choices while typing.
const assets = document.getElementById("pick-assets")?.dataset;
let loading = null;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: assets.style });
    document.head.prepend(style);
    const script = Object.assign(document.createElement("script"), { src: assets.script, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  return loading;
}

function remote(url) {
  return {
    valueField: "value",
    labelField: "text",
    searchField: [],
    load(typed, done) {
      fetch(url + encodeURIComponent(typed), { headers: { Accept: "application/json" } })
        .then((answer) => answer.json()).then(done, () => done());
    },
  };
}

async function dress(scope) {
  const selects = [...scope.querySelectorAll("select[data-pick]:not(.tomselected)")];
  if (!selects.length || !assets) return;
  await load();
  for (const select of selects) {
    if (select.tomselect) continue;
    const { pickUrl } = select.dataset;
    new window.TomSelect(select, {
      plugins: select.multiple ? ["remove_button"] : [],
      maxOptions: 200,
      ...(pickUrl ? remote(pickUrl) : {}),
    });
    select.setAttribute("aria-hidden", "true"); // its label now names the list that took its place
  }
}

dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentElement ?? document));
