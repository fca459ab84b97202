// A page that the browser kept after signing out must not be shown again: ask the server anew.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
// After a form came back with errors, the summary is what the reader needs first.
const focusErrors = () => {
  const summary = document.querySelector(".errs");
  if (summary) summary.focus();
};
document.addEventListener("htmx:after:swap", focusErrors);
focusErrors();
