// The photo that was chosen goes to the window of the editor that asked for it.
const photos = document.querySelector("[data-caller]");

photos.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-photo]");
  if (!chosen || !window.opener) return;
  const { photo, id, alt, caption } = chosen.dataset;
  const about = { id, alternative_text: alt, caption: caption.trim() };
  window.opener.CKEDITOR.tools.callFunction(photos.dataset.caller, photo, about);
  window.close();
});
