// Links with [data-in-place] open where they stand, or where their hx-target says; without scripts they lead to a
// page. The one that a <details> holds opens with it. Where nothing comes, that is said beside the link: to follow it would
// leave behind what was typed and not saved.
const LINK = "a[data-in-place]";
const FAILURE = "p[data-not-opened]";

function openInPlace(link) {
  const { pathname, search, hash } = new URL(link.href);
  const target = hash ? { target: hash } : {};
  clear(link);
  link.addEventListener("htmx:afterRequest", ({ detail }) => answered(link, detail.successful), { once: true });
  htmx.ajax("GET", pathname + search, { source: link, ...target }).catch(() => {}); // told by the event
}

function clear(link) {
  if (link.nextElementSibling?.matches(FAILURE)) link.nextElementSibling.remove();
}

function answered(link, came) {
  clear(link);
  if (came) return giveWay(link);
  const told = Object.assign(document.createElement("p"), { className: "field__error" });
  told.dataset.notOpened = "";
  told.setAttribute("role", "alert");
  link.after(told);
  told.textContent = document.body.dataset.notOpened;
}

// What came may stand before the link, which has no use then; who asked for it by the keyboard goes on there.
function giveWay(link) {
  const place = link.parentElement;
  if (document.activeElement === link) {
    const next = place.querySelector(`a:not(${LINK})`) ?? place;
    if (next === place) place.tabIndex = -1;
    next.focus();
  }
  link.remove();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(LINK);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openInPlace(link);
});

document.addEventListener("toggle", ({ target }) => {
  const link = target.open && target.querySelector?.(`:scope > ${LINK}`);
  if (link) openInPlace(link);
}, { capture: true });
