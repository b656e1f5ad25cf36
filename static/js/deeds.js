// The buttons in the shared HTML belong to one form. Signed in, its deeds answer in place.
document.addEventListener("submit", (event) => {
  const comment = event.submitter?.closest(".comment");
  if (event.target.id !== "deeds" || event.target.method !== "post" || !comment) return;
  event.preventDefault();
  const path = event.submitter.getAttribute("formaction");
  htmx.ajax("POST", path, { source: event.submitter, target: comment, swap: "outerHTML" });
});

// "Cancel" empties the place in which a form was opened; on a page of its own it is a link.
document.addEventListener("click", (event) => {
  const slot = event.target.closest("[data-close]")?.closest(".slot");
  if (!slot) return;
  event.preventDefault();
  slot.replaceChildren();
});

// A link that has fetched what it promised has nothing left to say.
document.addEventListener("htmx:afterSwap", (event) => {
  const link = event.detail.requestConfig?.elt;
  if (link?.matches?.("[data-once]")) link.remove();
});
