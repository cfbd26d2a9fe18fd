"use strict";
const bar = document.querySelector("[role=search]");
const field = bar.querySelector("[type=search]");
const said = bar.querySelector("[role=status]");
// No list: browsers number its items anew, one by one, whenever some are hidden, which takes seconds for thousands.
const tiles = [...document.querySelectorAll(".tiles > article")];
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
  const numbers = `${count.toLocaleString("en")} of ${tiles.length.toLocaleString("en")}`;
  said.textContent = count === tiles.length ? "" : count ? numbers : "No plan fits what is searched for.";
}

// Browsers keep what was typed when a page is loaded again.
bar.hidden = false;
bar.addEventListener("input", show);
show();
