// Asks before a page is left on which a text was typed, or was refused, in a form that does not save by itself.
const FORMS = "form[method=post]:not([data-autosave])";
let sent = new WeakSet();
const keep = (event) => sent.delete(event.target.closest?.("form"));
const isRefused = (form) => form.querySelector("[role=alert]") !== null;
const isTyped = (form) => [...form.querySelectorAll("textarea")]
  .some((text) => text.value !== text.defaultValue || (text.value && isRefused(form)));

document.addEventListener("submit", (event) => sent.add(event.target));
document.addEventListener("input", keep);
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, keep);
window.addEventListener("pageshow", () => { sent = new WeakSet(); });
window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll(FORMS)].some((form) => isTyped(form) && !sent.has(form))) event.preventDefault();
});
