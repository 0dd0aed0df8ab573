// Links with [data-in-place] open where they stand, or where their hx-target says; without scripts they lead to a
// page. The one that a <details> holds opens with it.
const LINK = "a[data-in-place]";

function openInPlace(link) {
  const { pathname, search, hash } = new URL(link.href);
  const target = hash ? { target: hash } : {};
  link.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && giveWay(link), { once: true });
  htmx.ajax("GET", pathname + search, { source: link, ...target }).catch(() => {}); // outage.js tells of it
}

// What came may stand before the link, which has no use then; who asked for it by the keyboard goes on there.
function giveWay(link) {
  if (document.activeElement === link) link.parentElement.querySelector("a").focus();
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
