// A button beside a link copies it: <span hidden data-copies="id"> is shown by the script, as it does nothing without one.
const SHOWN = 4000;
const telling = new WeakMap();

async function copied(source) {
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    return true;
  } catch {
    return false; // refused, or not to be had where the page came without https
  }
}

function select(source) {
  if (source.select) {
    source.focus();
    source.select();
  } else getSelection().selectAllChildren(source);
}

function show(within) {
  for (const copy of within.querySelectorAll("[data-copies]")) copy.hidden = false;
}

document.addEventListener("click", async ({ target }) => {
  const copy = target.closest?.("[data-copies] button")?.parentElement;
  if (!copy) return;
  const source = document.getElementById(copy.dataset.copies);
  const status = copy.querySelector("[role=status]");
  const done = await copied(source);
  if (!done) select(source);
  status.textContent = done ? status.dataset.copied : status.dataset.selected;
  clearTimeout(telling.get(status));
  telling.set(status, setTimeout(() => { status.textContent = ""; }, SHOWN));
});

show(document);
document.addEventListener("htmx:load", ({ target }) => show(target));
