// Search fields of forms: what a text finds is listed while one types; the server draws the list.
//
// A list belongs to one text. As soon as another is typed what is not ticked is no longer offered,
// and one of several that exclude each other loses its tick; the page says that it looks, and says
// so where no answer comes. The button of the field, and Enter, search and never send the form.
"use strict";

(() => {
  const isField = (element) => element instanceof Element && element.matches(".seeking input");
  const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));

  // Which of the list's sentences is read: "busy", "failed", or none.
  function say(list, state) {
    list.dataset.state = state;
    for (const line of list.querySelectorAll("[data-said]")) line.hidden = line.dataset.said !== state;
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!isField(field)) return;
    const list = listOf(field);
    if (field.value.trim()) {
      for (const tick of list.querySelectorAll("input[type=radio]")) tick.checked = false;
    }
    say(list, "busy");
  });

  // Enter presses the form's first button, whichever field it is typed in.
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".seeking button");
    if (!button || !window.htmx) return;
    event.preventDefault();
    const active = document.activeElement;
    const own = button.parentElement.querySelector("input");
    const field = isField(active) && active.form === own.form ? active : own;
    say(listOf(field), "busy");
    window.htmx.trigger(field, "seek");
  });

  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const { requestConfig } = event.detail;
      if (requestConfig && isField(requestConfig.elt)) say(listOf(requestConfig.elt), "failed");
    });
  }

  // The answer to an earlier text is no list of the present one, and a page of the network's own none at all.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, serverResponse } = event.detail;
    if (!requestConfig || !isField(requestConfig.elt)) return;
    const field = requestConfig.elt;
    const list = listOf(field);
    if (requestConfig.formData.get(field.name) !== field.value) {
      event.detail.shouldSwap = false;
    } else if (!serverResponse.includes(`id="${list.id}"`)) {
      event.detail.shouldSwap = false;
      say(list, "failed");
    }
  });
})();
