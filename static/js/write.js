// The page of a letter: says when the preview can't be brought up to date, and keeps a letter from being sent into the void.
// Without this file the button "Update the preview" does the same; nothing typed is ever kept in the browser's storage.
const form = document.querySelector("form[hx-post]");
const said = document.getElementById("preview-said");
const preview = document.getElementById("preview");

// Told once: the same words are not written again, so a screen reader is not interrupted at each pause in typing.
const tell = (text, lost) => {
  said.classList.toggle("preview__said--lost", lost);
  if (said.textContent !== text) said.textContent = text;
};
const lost = () => tell(said.dataset.lost, true);

form.addEventListener("htmx:before:request", () => preview.setAttribute("aria-busy", "true"));
form.addEventListener("htmx:finally:request", () => preview.removeAttribute("aria-busy"));
form.addEventListener("htmx:response:error", lost);
form.addEventListener("htmx:error", lost);
form.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.response.status < 400) tell(preview.querySelector("[data-summary]").dataset.summary, false);
});
form.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  lost();
  said.scrollIntoView({ block: "center" });
});
