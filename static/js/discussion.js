// The discussion while it is read: what is new waits to be asked for, what changed changes in place.
const discussion = document.querySelector(".discussion[data-live]");
const plural = new Intl.PluralRules(document.documentElement.lang);
const fresh = new Map(); // root's id, or 0 for the top -> the ids that are new
let soon;

document.addEventListener("live:discussion", ({ detail }) => {
  const { kind, id, root, count, html, recommends, here } = detail;
  const comment = document.getElementById(`c${id}`);
  if (count !== undefined) discussion.querySelector(".count").textContent = count;
  if (kind === "state") document.getElementById("discussion-state").replaceWith(fragment(html));
  else if (kind === "here") readers(here);
  else if (kind === "gone") gone(comment, html, id);
  else if (kind === "recommend") recommended(comment, recommends);
  else if (!comment) announce(root ?? 0, id);
  else if (html && comment.matches(".gone")) comment.replaceWith(fragment(html));
  else if (html) {
    const now = fragment(html);
    if (!comment.querySelector(".quoted")) now.querySelector(".quoted")?.remove(); // of somebody muted
    for (const part of ["header", ".text"])
      comment.querySelector(part)?.replaceWith(now.querySelector(part));
  }
  if (html) document.dispatchEvent(new CustomEvent("newsroom:load", { detail: discussion }));
});

function readers(n) {
  const place = discussion.querySelector("[data-here]");
  place.hidden = n < 2; // one is oneself
  place.textContent = counted(place, n);
}

// Who just withdrew it reads so, and who writes below it keeps the place. That it is gone shows by
// its text: htmx gives what it puts in the class of what was there, for a moment.
function gone(comment, html, id) {
  for (const ids of fresh.values()) ids.delete(id);
  show();
  if (!comment?.querySelector(".text")) return;
  if (html) comment.replaceWith(fragment(html));
  else if (comment.closest("li").querySelector(".slot form")) comment.replaceChildren();
  else comment.closest("li").remove();
}

function recommended(comment, n) {
  const place = comment?.querySelector(".recommends");
  if (!place) return;
  place.textContent = `▲ ${n}`;
  const label = place.getAttribute("aria-label");
  if (label) place.setAttribute("aria-label", label.replace(/\d+$/, n));
}

function announce(root, id) {
  const group = document.querySelector(`[data-fresh="${root}"]`) ? root : 0;
  if (!fresh.has(group)) fresh.set(group, new Set());
  fresh.get(group).add(id);
  soon ??= setTimeout(show, 500); // many at once are said once
}

// How many are new, but for those that stand in the page by now: one's own, above all.
function show() {
  clearTimeout(soon);
  soon = undefined;
  for (const [root, ids] of fresh) {
    for (const id of ids) if (document.getElementById(`c${id}`)) ids.delete(id);
    const place = document.querySelector(root ? `[data-fresh="${root}"]` : "[data-fresh-threads]");
    if (!place) continue;
    place.hidden = !ids.size;
    place.textContent = counted(root ? document.getElementById("live-replies") : place, ids.size);
  }
}

function counted(place, n) {
  return (place.dataset[plural.select(n)] ?? place.dataset.other).replace("%d", n);
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// A reply that is being written outlives the fetching of what is new around it.
let kept = [];
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (!target.matches("#thread, .replies")) return;
  kept = [...target.querySelectorAll(".slot form")].map((form) => [form.parentNode.id, form]);
});
document.addEventListener("htmx:afterSettle", ({ detail: { requestConfig } }) => {
  for (const [id, form] of kept)
    if (!form.isConnected) (document.getElementById(id) ?? document.getElementById("thread")).prepend(form);
  kept = [];
  const link = requestConfig?.elt;
  if (link?.matches?.("[data-fresh-threads]")) for (const ids of fresh.values()) ids.clear();
  if (link?.matches?.("[data-fresh]")) fresh.get(Number(link.dataset.fresh))?.clear();
  show();
});
