// The rich text takes over the name of the text field that it replaces.
document.addEventListener("prose-editor:ready", ({ target, detail: { editor } }) => {
  const label = target.labels[0];
  const attributes = { role: "textbox", "aria-multiline": "true" };
  if (label) {
    label.id ||= `${target.id}_label`;
    attributes["aria-labelledby"] = label.id;
    label.addEventListener("click", () => editor.commands.focus());
  }
  editor.setOptions({ editorProps: { attributes } });
  for (const button of editor.view.dom.parentElement.querySelectorAll("[data-name][title]"))
    button.setAttribute("aria-label", button.title);
});
