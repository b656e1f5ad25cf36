// What happens at other desks: what comes is counted in a note, cards that others decided show it.
const list = document.querySelector("#cards[data-queue]");
const news = document.querySelector("#news");
const title = document.title;
const heard = new Set();
const own = { appeals: "appeal", notices: "notice" }; // the queues whose rows are no comments
let timer;

function about(kind) {
  const queue = list.dataset.queue;
  return own[queue] ? kind === own[queue] : !Object.values(own).includes(kind);
}

function show(card, id) {
  const isAtWork = card.matches("[aria-current]");
  const at = `/admin/desk/comment/${id}/?queue=${list.dataset.queue}`;
  htmx.ajax("GET", at, { target: card, swap: "outerHTML" }).then(() => {
    if (isAtWork) document.querySelector(`#card-${id}`)?.setAttribute("aria-current", "true");
  });
}

async function count() {
  const at = `/admin/desk/${list.dataset.queue || "waiting"}/news/`;
  await htmx.ajax("GET", at, { target: news, swap: "innerHTML", values: { ids: [...heard].join() } });
  const number = news.querySelector("[data-new]")?.dataset.new;
  document.title = number ? `(${number}) ${title}` : title;
}

document.addEventListener("live:desk", ({ detail: { id, kind } }) => {
  if (!list) return;
  const card = about(kind) && document.querySelector(`#card-${id}, #appeal-${id}, #notice-${id}`);
  if (card?.querySelector(".form form") || (kind === "claim" && card?.matches("[aria-current]"))) return; // mine
  if (card?.id === `card-${id}`) show(card, id);
  else if (about(kind) && kind !== "claim" && !card) heard.add(id);
  if (kind === "claim" || !news) return;
  clearTimeout(timer); // many come at once
  timer = setTimeout(count, 1000);
});
