// What happens at other desks: counts change by themselves, cards that others decided go.
const list = document.querySelector("#cards[data-queue]");
const news = document.querySelector("#news");
const source = list && new EventSource("/live/?topics=desk");
let timer;

source?.addEventListener("desk", (event) => {
  const { id, kind } = JSON.parse(event.data);
  const card = document.querySelector(`#card-${id}`);
  const isAtWork = card?.matches("[aria-current]");
  if (card?.querySelector(".form form") || (isAtWork && kind === "claim")) return; // it is mine
  if (card) {
    const at = `/admin/desk/comment/${id}/?queue=${list.dataset.queue}`;
    htmx.ajax("GET", at, { target: card, swap: "outerHTML" }).then(() => {
      if (isAtWork) document.querySelector(`#card-${id}`)?.setAttribute("aria-current", "true");
    });
  } else {
    clearTimeout(timer); // many come at once
    timer = setTimeout(() => {
      const at = `/admin/desk/${list.dataset.queue || "waiting"}/news/`;
      htmx.ajax("GET", at, { target: news, swap: "innerHTML" });
    }, 1000);
  }
});
addEventListener("pagehide", () => source?.close());
