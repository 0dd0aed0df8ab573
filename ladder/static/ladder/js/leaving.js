// Asks before a page is left on which a text was typed into a form that does not save by itself and was not sent.
const TEXTS = "form[method=post]:not([data-autosave]) textarea";
const sent = new WeakSet();
const isUnsent = (text) => text.value !== text.defaultValue && !sent.has(text.form);

document.addEventListener("submit", (event) => sent.add(event.target));
window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll(TEXTS)].some(isUnsent)) event.preventDefault();
});
