// What is typed into an article's form is kept every few seconds, until the form is saved.
const PAUSE = 2000; // without a key pressed
const LONGEST = 8000; // while somebody goes on typing

const opened = document.querySelector("[data-autosave]");
if (opened) watch(opened.form, opened.dataset.autosave, document.getElementById("kept"));

function watch(form, address, status) {
  let pause, since, sending;
  let isTouched = false;
  let isLeaving = false;

  function typed() {
    // The editor says "input" by itself when it comes to life.
    if (isLeaving || !isTouched) return;
    since ??= Date.now();
    clearTimeout(pause);
    pause = setTimeout(keep, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  }

  async function keep(keepalive = false) {
    clearTimeout(pause);
    since = undefined;
    sending?.abort();
    sending = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    try {
      const { signal } = sending;
      const response = await fetch(address, { method: "POST", body, signal, keepalive });
      if (!response.ok || response.redirected) throw new Error(response.status);
      status.textContent = (await response.json()).said;
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = status.dataset.failed;
    }
  }

  for (const sign of ["input", "keydown", "pointerdown", "drop"])
    form.addEventListener(sign, (event) => (isTouched ||= event.isTrusted), { capture: true });
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  window.django?.jQuery(form).on("change", "select", typed); // Select2 tells only jQuery

  // Saving makes it needless; a preview keeps it by itself and leaves this page open.
  form.addEventListener("submit", (event) => {
    clearTimeout(pause);
    sending?.abort();
    since = undefined;
    isLeaving = event.submitter?.formTarget !== "_blank";
  });
  addEventListener("pagehide", () => since && !isLeaving && keep(true));
  addEventListener("pageshow", () => (isLeaving = false));
}
