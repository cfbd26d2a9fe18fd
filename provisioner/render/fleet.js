"use strict";
const bar = document.querySelector("[role=search]");
const field = bar.querySelector("[type=search]");
const said = bar.querySelector("[role=status]");
const tiles = [...document.querySelectorAll(".tiles > li")];
const texts = tiles.map((tile) => tile.textContent.toLowerCase());

function show() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const state = bar.querySelector(":checked").value;
  let count = 0;
  tiles.forEach((tile, place) => {
    const found = (!state || tile.classList.contains(state)) && words.every((word) => texts[place].includes(word));
    tile.hidden = !found;
    count += found;
  });
  said.textContent = count === tiles.length ? "" : `${count} of ${tiles.length}`;
}

// Browsers keep what was typed when a page is loaded again.
bar.hidden = false;
bar.addEventListener("input", show);
show();
