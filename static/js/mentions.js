// "@" and a few letters: the people of this discussion, chosen by arrow keys or pointer.
const WORD = /(?:^|[^\p{L}\p{N}_@/.-])@([\p{L}\p{N}_-]{0,30})$/u;
let field;
let list;
let asked;

async function ask(event) {
  const typing = event.target;
  clearTimeout(asked);
  const word = typing.matches?.("textarea[data-people]") && before(typing).match(WORD)?.[1];
  if (typeof word !== "string") return close();
  asked = setTimeout(async () => {
    const response = await fetch(`${typing.dataset.people}?q=${encodeURIComponent(word)}`).catch(() => {});
    const { people = [] } = (await response?.json().catch(() => {})) ?? {};
    close();
    if (people.length && before(typing).match(WORD)?.[1] === word) open(typing, people);
  }, 150);
}

const before = (typing) => typing.value.slice(0, typing.selectionStart);

function open(typing, people) {
  field = typing;
  list = document.createElement("ul");
  list.role = "listbox";
  list.id = "people";
  list.className = "people";
  list.setAttribute("aria-label", typing.getAttribute("aria-label"));
  for (const { username, name } of people) {
    const option = document.createElement("li");
    const handle = document.createElement("small");
    handle.textContent = `@${username}`;
    option.role = "option";
    option.id = `people-${list.children.length}`;
    option.dataset.handle = username;
    option.append(name, " ", handle);
    list.append(option);
  }
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "people");
  field.closest("form").querySelector(".unseen").textContent = field.dataset.found.replace("%d", people.length);
  move(0);
}

function close() {
  list?.remove();
  for (const name of ["aria-activedescendant", "aria-controls"]) field?.removeAttribute(name);
  list = undefined;
}

const chosen = () => list.querySelector("[aria-selected=true]");

function move(to) {
  const options = [...list.children];
  options.forEach((option, i) => option.setAttribute("aria-selected", i === (to + options.length) % options.length));
  field.setAttribute("aria-activedescendant", chosen().id);
  chosen().scrollIntoView({ block: "nearest" });
}

function take(option) {
  const word = before(field).match(WORD)[1];
  field.setRangeText(`${option.dataset.handle} `, field.selectionStart - word.length, field.selectionStart, "end");
  close();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", ask);
ask({ target: document.activeElement }); // what was typed while this was on its way
document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field) return;
  const at = [...list.children].indexOf(chosen());
  const keys = {
    ArrowDown: () => move(at + 1),
    ArrowUp: () => move(at - 1),
    Enter: () => take(chosen()),
    Tab: () => take(chosen()),
    Escape: close,
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
document.addEventListener("pointerdown", (event) => {
  const option = list && event.target.closest("#people li");
  if (!option) return close();
  event.preventDefault(); // the field keeps its place
  take(option);
});
document.addEventListener("focusout", (event) => event.target === field && close());
