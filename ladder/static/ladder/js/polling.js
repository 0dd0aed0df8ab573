// What is asked for time and again goes once it may not be read any more.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 404) event.target.closest?.("[data-while-open]")?.remove();
});
