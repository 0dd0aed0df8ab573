// Keeps the saved mark of every [data-autosave] form (in it, or in the article around it) true, from the first keystroke until the server
// answers, and holds back a plain submission elsewhere on the page until all that was typed is saved.
const FORM = "[data-autosave]";
const MARK = "[data-saved]";
let held = null;

// From here on a form needs no button to be saved; it has one for those without scripts.
if (window.htmx) document.documentElement.dataset.savesItself = "";

const forms = (...states) => [...document.querySelectorAll(FORM)].filter((form) => states.includes(state(form)));
const markOf = (form) => form?.querySelector(MARK) ?? form?.closest("article")?.querySelector(MARK);
const state = (form) => markOf(form)?.dataset.state;
const formOf = (event) => event.target.closest?.(FORM);

const sameForm = (form) => document.querySelector(`form[action="${CSS.escape(form.getAttribute("action"))}"]`);

function show(form, state) {
  const mark = markOf(form);
  if (!mark) return;
  const word = state === "saved" ? mark.dataset.saved : mark.closest("[data-saving]")?.dataset[state];
  mark.dataset.state = state;
  if (word) mark.textContent = word;
}

// A mark comes anew with each answer, which would go unheard: one place on the page tells those who listen.
const spoken = document.createElement("p");
spoken.className = "visually-hidden";
spoken.setAttribute("role", "status");
if (document.querySelector(FORM)) document.body.append(spoken);

function tell(form) {
  const mark = markOf(form);
  if (!["saved", "failed"].includes(mark?.dataset.state)) return;
  spoken.textContent = "";
  setTimeout(() => { spoken.textContent = mark.textContent.trim(); }, 100);
}

function fail(event) {
  show(formOf(event), "failed");
  tell(formOf(event));
  held = null;
}

function release() {
  if (!held || forms("saving", "unsaved", "failed").length) return;
  const { form, submitter } = held;
  held = null;
  if (form.isConnected) return form.requestSubmit(submitter);
  sameForm(form)?.requestSubmit(); // what was saved brought it anew
}

document.addEventListener("input", (event) => show(formOf(event), "unsaved"));
document.addEventListener("htmx:beforeRequest", (event) => show(formOf(event), "saving"));
document.addEventListener("htmx:sendError", fail);
document.addEventListener("htmx:timeout", fail);
document.addEventListener("htmx:responseError", fail);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event);
  if (event.detail.successful && form && state(form) === "saving") show(form, "saved");
  if (event.detail.successful) tell(form);
  if (!event.detail.successful) held = null; // a refusal is read first
  release();
});
document.addEventListener("htmx:afterSettle", release);

document.addEventListener("submit", (event) => {
  if (formOf(event)) return show(formOf(event), "leaving");
  if (!forms("saving", "unsaved").length) return;
  event.preventDefault();
  event.stopPropagation();
  held = { form: event.target, submitter: event.submitter };
  for (const form of forms("unsaved")) form.dispatchEvent(new CustomEvent("save", { bubbles: true }));
}, { capture: true });

window.addEventListener("beforeunload", (event) => {
  if (forms("unsaved", "saving", "failed").length) event.preventDefault();
});
