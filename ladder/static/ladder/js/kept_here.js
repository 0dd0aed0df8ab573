// What is typed into a [data-kept-here] form stays in this tab until it is sent, and nowhere else: the server never has it, nor
// does whoever opens the same page elsewhere. A page with [data-forget-kept] comes after it was sent.
const FORM = "form[data-kept-here]";
const PREFIX = "kept-here:";
const keyOf = (form) => PREFIX + form.dataset.keptHere;
const isTyped = (field) => field.name && field.type !== "hidden" && field.type !== "submit";
const fieldsOf = (form) => [...form.elements].filter(isTyped);

function storage() {
  try {
    return window.sessionStorage;
  } catch {
    return null; // forbidden by the browser: then nothing is kept
  }
}

function keep(form) {
  const typed = fieldsOf(form).filter((field) => field.type !== "radio" || field.checked);
  try {
    storage()?.setItem(keyOf(form), JSON.stringify(Object.fromEntries(typed.map((field) => [field.name, field.value]))));
  } catch { /* no room is left: the text is still on the page */ }
}

function restore(form) {
  form.querySelector("[data-kept-hint]")?.removeAttribute("hidden");
  const kept = JSON.parse(storage()?.getItem(keyOf(form)) ?? "null");
  if (!kept || form.querySelector("[role=alert]")) return; // what was refused is on the page already
  for (const field of fieldsOf(form)) {
    if (!(field.name in kept)) continue;
    if (field.type === "radio") field.checked = field.value === kept[field.name];
    else field.value = kept[field.name];
  }
}

function forget() {
  const kept = storage();
  for (const key of Object.keys(kept ?? {})) if (key.startsWith(PREFIX)) kept.removeItem(key);
}

for (const form of document.querySelectorAll(FORM)) restore(form);
if (document.querySelector("[data-forget-kept]")) forget();
document.addEventListener("input", ({ target }) => {
  const form = target.closest?.(FORM);
  if (form) keep(form);
});
