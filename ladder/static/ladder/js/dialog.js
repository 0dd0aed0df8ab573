// A link with data-dialog="id" opens that <dialog> in place; without this module it leads to the full page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("a[data-dialog]");
  if (!opener || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
});
