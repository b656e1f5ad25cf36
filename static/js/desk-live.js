// What happens at other desks: counts change by themselves, cards that others decided go.
const list = document.querySelector("#cards[data-queue]");
const news = document.querySelector("#news");
const source = list && new EventSource("/live/?topics=desk");
let timer;

source?.addEventListener("desk", (event) => {
  const { id } = JSON.parse(event.data);
  const card = document.querySelector(`#card-${id}`);
  if (card && !card.contains(document.activeElement?.closest("form"))) {
    const at = `/admin/desk/comment/${id}/?queue=${list.dataset.queue}`;
    htmx.ajax("GET", at, { target: card, swap: "outerHTML" });
  } else {
    clearTimeout(timer); // many come at once
    timer = setTimeout(() => {
      const at = `/admin/desk/${list.dataset.queue || "waiting"}/news/`;
      htmx.ajax("GET", at, { target: news, swap: "innerHTML" });
    }, 1000);
  }
});
addEventListener("pagehide", () => source?.close());
