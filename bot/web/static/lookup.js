// Looking up while somebody types, by keyboard alone. Without this script the form is sent as any form.
"use strict";
document.documentElement.classList.add("script");
const form = document.querySelector(".lookup"), found = document.getElementById("found"), query = form.elements.query;
const WAIT = 80;
let timer = 0, asked = 0, chosen = -1;

const passages = () => [...found.querySelectorAll(".passage")];

async function look() {
  const number = ++asked;
  const answer = await fetch(form.dataset.found, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (number !== asked) return; // somebody has typed on
  if (answer.redirected || !answer.ok) { form.submit(); return; }
  found.innerHTML = await answer.text();
  chosen = -1;
}

function choose(place) {
  const all = passages();
  if (!all.length) return;
  chosen = Math.max(0, Math.min(place, all.length - 1));
  all.forEach((one, i) => one.classList.toggle("chosen", i === chosen));
  all[chosen].focus();
}

async function copy(button) {
  const text = button.dataset.copy, told = button.nextElementSibling;
  try { await navigator.clipboard.writeText(text); } catch {
    const field = document.createElement("textarea"); // where the page is not on an encrypted way
    field.value = text; document.body.append(field); field.select(); document.execCommand("copy"); field.remove();
  }
  told.textContent = told.dataset.told;
}

form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); look().then(() => choose(0)); });
form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
found.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]"), passage = event.target.closest(".passage");
  if (button) copy(button); else if (passage) { choose(passages().indexOf(passage)); passage.classList.toggle("open"); }
});
document.addEventListener("keydown", (event) => {
  const passage = passages()[chosen];
  if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
  else if (event.key === "ArrowUp") { event.preventDefault(); if (chosen <= 0) { chosen = -1; query.focus(); } else choose(chosen - 1); }
  else if (event.key === "Escape") { chosen = -1; query.focus(); query.select(); }
  else if (event.key === "Enter" && passage && passage === document.activeElement) passage.classList.toggle("open");
  else if (event.altKey && event.code === "KeyC") { const one = passage ?? passages()[0]; if (one) { event.preventDefault(); copy(one.querySelector("[data-copy]")); } }
  else if (event.altKey && /^Digit[0-9]$/.test(event.code)) {
    const city = form.elements.city[Number(event.code.slice(5))];
    if (city) { event.preventDefault(); city.checked = true; look(); }
  }
});
