// Demonstration only: a press on a role fills the form and signs in.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sign-in]");
  if (!button) return;
  const form = document.getElementById("sign-in");
  form.elements.login.value = button.dataset.signIn;
  form.elements.password.value = button.dataset.password;
  form.requestSubmit();
});
