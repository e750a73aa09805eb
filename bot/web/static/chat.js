// What is said is answered without a new page, and read aloud where the browser can. Without this script forms do it.
"use strict";
document.documentElement.classList.add("script");
const talk = document.getElementById("talk"), aloud = document.getElementById("aloud");
let reading = false;

const last = () => [...talk.querySelectorAll(".ours p")].pop();

function settle() {
  last()?.parentElement.scrollIntoView({ block: "start" });
  if (reading) read();
}

async function say(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  if (![...body.keys()].some((name) => name !== "proof" && body.get(name).trim())) return;
  for (const button of talk.querySelectorAll("button")) button.disabled = true;
  let answer;
  try { answer = await fetch(talk.dataset.say, { method: "POST", headers: { "X-Part": "1" }, body }); } catch { answer = null; }
  if (!answer || !answer.ok || answer.redirected) { // the form goes the long way, and the answer says what is wrong
    for (const button of talk.querySelectorAll("button")) button.disabled = false;
    form.submit();
    return;
  }
  talk.innerHTML = await answer.text();
  // Who typed goes on typing; who tapped would only have a keyboard spring up over the answer.
  const next = form.classList.contains("typed") ? talk.querySelector("[name=said]") : last().parentElement;
  next.focus({ preventScroll: true });
  settle();
}

function read() {
  speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(last()?.textContent ?? "");
  words.lang = "zh-CN";
  words.rate = 0.85;
  speechSynthesis.speak(words);
}

talk.addEventListener("submit", (event) => { event.preventDefault(); say(event.target, event.submitter); });
if ("speechSynthesis" in window) {
  aloud.hidden = false;
  aloud.addEventListener("click", () => {
    reading = !reading;
    aloud.textContent = reading ? aloud.dataset.quiet : aloud.dataset.aloud;
    aloud.setAttribute("aria-pressed", String(reading));
    if (reading) read(); else speechSynthesis.cancel();
  });
}
