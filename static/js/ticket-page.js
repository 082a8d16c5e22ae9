// The page of a ticket: a canned answer is put into the dialog of the answer, or copied.
document.addEventListener("click", async (event) => {
  const use = event.target.closest("[data-use-answer]");
  const copy = event.target.closest("[data-copy-answer]");
  if (use) {
    const dialog = document.getElementById("do-answer") ?? document.getElementById("do-note");
    if (!dialog) return;
    dialog.querySelector("textarea").value = document.getElementById(use.dataset.useAnswer).value;
    dialog.showModal();
  } else if (copy) {
    await navigator.clipboard?.writeText(document.getElementById(copy.dataset.copyAnswer).value);
    copy.textContent = copy.dataset.copied;
  }
});
