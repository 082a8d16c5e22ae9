// Own dialogs ([data-dialog]) and the one confirm dialog ([data-confirm], typed with data-confirm-type).
const box = document.getElementById("confirm-dialog");
const part = (name) => box.querySelector(`[data-confirm-${name}]`);
const passed = new WeakSet();

/** Ask, and resolve to true when the person goes on. */
function ask(asker) {
  const { confirm, confirmTitle, confirmAction, confirmDanger, confirmType } = asker.dataset;
  const title = box.querySelector("#confirm-title");
  const ok = part("ok");
  const typed = box.querySelector("#confirm-typed");
  title.textContent = confirmTitle || title.dataset.default;
  box.querySelector("#confirm-text").textContent = confirm;
  ok.textContent = confirmAction || ok.dataset.default;
  ok.className = confirmDanger !== undefined || confirmType ? "btn btn-danger" : "btn btn-primary";
  part("typing").hidden = !confirmType;
  part("word").textContent = confirmType || "";
  typed.value = "";
  ok.disabled = Boolean(confirmType);
  typed.oninput = () => { ok.disabled = typed.value.trim() !== confirmType; };
  box.returnValue = "cancel";
  box.showModal();
  (confirmType ? typed : confirmDanger !== undefined ? part("cancel") : ok).focus();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(box.returnValue === "ok"), { once: true });
  });
}

// Enter in the typed field must not press Cancel, the form's first button.
box?.querySelector("#confirm-typed").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (!part("ok").disabled) part("ok").click();
});

document.addEventListener("htmx:confirm", (event) => {
  const asker = event.detail.triggeringEvent?.submitter?.closest("[data-confirm]") ?? event.detail.elt.closest("[data-confirm]");
  if (!asker || passed.delete(asker)) return;
  event.preventDefault();
  ask(asker).then((yes) => { if (yes) event.detail.issueRequest(true); });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const asker = event.submitter?.dataset.confirm ? event.submitter : form.dataset.confirm ? form : null;
  if (!asker || passed.has(asker)) {
    // A plain form leaves the page; an htmx form still passes htmx:confirm, which takes the mark away.
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask(asker).then((yes) => {
    if (!yes) return;
    passed.add(asker);
    form.requestSubmit(submitter);
    setTimeout(() => passed.delete(asker));
  });
}, true);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) { document.getElementById(opener.dataset.dialog)?.showModal(); return; }
  if (event.target.closest("[data-dialog-close]")) { event.target.closest("dialog").close(); return; }
  const link = event.target.closest("a[data-confirm]:not([hx-get], [hx-post], [hx-delete])");
  if (!link) return;
  event.preventDefault();
  ask(link).then((yes) => { if (yes) location.assign(link.href); });
});

document.addEventListener("close-dialog", (event) => document.getElementById(event.detail.value)?.close());
