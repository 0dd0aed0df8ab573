// What is asked for time and again goes once it may not be read any more: no error, as the page itself still stands.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.target.closest?.("[data-while-open]");
  if (!asked || event.detail.xhr.status !== 404) return;
  event.detail.isError = event.detail.shouldSwap = false;
  asked.remove();
});
