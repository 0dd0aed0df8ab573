// Keeps the saved mark of a [data-autosave] form true: from the first keystroke until the server answers.
function mark(form) {
  return form.querySelector("[data-saved]");
}

function show(form, state) {
  const saved = mark(form);
  if (!saved) return;
  saved.dataset.state = state;
  if (saved.dataset[state]) saved.textContent = saved.dataset[state];
}

function onForm(event, state) {
  const form = event.target.closest?.("[data-autosave]");
  if (form) show(form, state);
}

document.addEventListener("input", (event) => onForm(event, "unsaved"));
document.addEventListener("htmx:beforeRequest", (event) => onForm(event, "saving"));
document.addEventListener("htmx:sendError", (event) => onForm(event, "failed"));
document.addEventListener("htmx:timeout", (event) => onForm(event, "failed"));
document.addEventListener("htmx:responseError", (event) => onForm(event, "failed"));

window.addEventListener("beforeunload", (event) => {
  const pending = '[data-autosave] [data-saved]:is([data-state="unsaved"], [data-state="saving"], [data-state="failed"])';
  if (document.querySelector(pending)) event.preventDefault();
});

// A plain submission of the form is on its way to be saved: no warning then.
document.addEventListener("submit", (event) => onForm(event, "submitting"));
