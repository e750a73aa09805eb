// A button that prints.
"use strict";
document.documentElement.classList.add("script");
document.getElementById("print").addEventListener("click", () => window.print());
