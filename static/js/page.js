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
  event.target.closest("[data-dismiss]")?.parentElement.remove();
  const slot = event.target.closest("[data-close]")?.closest(".slot");
  if (!slot) return;
  event.preventDefault();
  slot.replaceChildren();
});

// What was asked and not answered is said; what was typed stays.
for (const failure of ["htmx:sendError", "htmx:responseError"])
  document.addEventListener(failure, () => {
    const said = document.getElementById("unanswered").content.cloneNode(true);
    document.getElementById("refusal").replaceChildren(said);
  });

// A link that has fetched what it promised has nothing left to say.
document.addEventListener("htmx:afterSwap", (event) => {
  const link = event.detail.requestConfig?.elt;
  if (link?.matches?.("[data-once]")) link.remove();
});

// The rail's two lists stand one above the other; with JavaScript they become tabs.
for (const rail of document.querySelectorAll("[data-tabs]")) {
  const panels = [...rail.querySelectorAll(":scope > section")];
  const list = document.createElement("div");
  list.className = "tabs";
  list.role = "tablist";
  const tabs = panels.map((panel) => {
    const heading = panel.querySelector("h2");
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.id = `${panel.id}-tab`;
    tab.replaceChildren(...heading.cloneNode(true).childNodes);
    tab.setAttribute("aria-controls", panel.id);
    panel.role = "tabpanel";
    panel.setAttribute("aria-labelledby", tab.id);
    heading.hidden = true;
    return tab;
  });
  const choose = (chosen) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      panels[i].hidden = tab !== chosen;
    });
  };
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const next = tabs[(tabs.indexOf(document.activeElement) + 1) % tabs.length];
    choose(next);
    next.focus();
  });
  list.append(...tabs);
  rail.prepend(list);
  choose(tabs[0]);
}
