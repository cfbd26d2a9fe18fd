"use strict";
const said = document.querySelector("[role=status]");

// For browsers that keep the clipboard from pages opened as a file.
function copiedTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text);
  }
}

for (const button of document.querySelectorAll("button[hidden]")) {
  const value = document.getElementById(button.value);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(value.textContent);
    button.focus();
    if (!done) getSelection().selectAllChildren(value);
    said.textContent = done ? `${button.dataset.name} copied` : "Selected: copy it with Ctrl+C or \u2318C";
    setTimeout(() => { said.textContent = ""; }, 4000);
  });
}
