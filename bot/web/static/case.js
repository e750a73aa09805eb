// Every change of a case is computed at once, and several cases stand side by side. Without this script buttons do it.
"use strict";
document.documentElement.classList.add("script");
const cases = document.querySelector(".cases");
const asked = new WeakMap();

const NAMED = (element) => element && element.name ? `[name="${CSS.escape(element.name)}"]` : null;

async function compute(panel, how) {
  const form = panel.querySelector("form"), number = (asked.get(panel) ?? 0) + 1;
  asked.set(panel, number);
  const body = new URLSearchParams(new FormData(form));
  body.set("do", how);
  const answer = await fetch(cases.dataset.panel, { method: "POST", body });
  if (asked.get(panel) !== number) return; // something was changed since
  if (answer.redirected || !answer.ok) { form.submit(); return; }
  const open = [...panel.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
  const at = panel.contains(document.activeElement) ? NAMED(document.activeElement) : null;
  const typed = how === "compute" ? panel.querySelector("[name=line]").value : "";
  panel.innerHTML = await answer.text();
  if (panel !== cases.firstElementChild) dress(panel);
  for (const summary of panel.querySelectorAll("summary")) if (open.includes(summary.textContent)) summary.parentElement.open = true;
  if (typed) panel.querySelector("[name=line]").value = typed;
  if (at) panel.querySelector(at)?.focus();
}

// A case beside the first can be put away; what was not saved is gone with it.
function dress(panel) {
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = cases.dataset.close;
  close.addEventListener("click", () => { panel.remove(); document.querySelector("[name=line]").focus(); });
  panel.prepend(close);
}

function fill(panel, facts) {
  for (const [name, value] of Object.entries(facts)) {
    const field = panel.querySelector(`[name="fact.${CSS.escape(name)}"]`);
    if (field) field.value = value === true ? "yes" : value === false ? "no" : String(value);
  }
  compute(panel, "compute");
}

async function another() {
  const panel = document.createElement("section");
  panel.className = "panel";
  panel.setAttribute("aria-label", document.querySelector(".panel").getAttribute("aria-label"));
  const proof = new URLSearchParams({ proof: document.querySelector("[name=proof]").value });
  const answer = await fetch(cases.dataset.panel, { method: "POST", body: proof });
  if (!answer.ok) return;
  panel.innerHTML = await answer.text();
  cases.append(panel);
  dress(panel);
  panel.querySelector("[name=line]").focus();
}

const panelOf = (element) => element.closest?.(".panel");

cases.addEventListener("change", (event) => { if (event.target.name?.startsWith("fact.")) compute(panelOf(event.target), "compute"); });
cases.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  compute(panelOf(event.target), event.submitter?.value ?? "fill");
});
cases.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-facts]");
  if (choice) fill(panelOf(choice), JSON.parse(choice.dataset.facts));
});
cases.addEventListener("keydown", (event) => {
  // Enter in a field fills the line's words in; in a form of many buttons the first would else be pressed for any field.
  if (event.key === "Enter" && event.target.name?.startsWith("fact.")) { event.preventDefault(); compute(panelOf(event.target), "compute"); }
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey) return;
  const panel = panelOf(document.activeElement) ?? document.querySelector(".panel");
  if (event.code === "KeyL") { event.preventDefault(); panel.querySelector("[name=line]").focus(); }
  else if (event.code === "KeyR") { event.preventDefault(); panel.querySelector(".result").focus(); }
  else if (event.code === "KeyN") { event.preventDefault(); another(); }
});
document.getElementById("another").addEventListener("click", another);
