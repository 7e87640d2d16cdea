// Records that outlive a lost connection, an ended sign-in and a closed page.
//
// A form marked data-offline is first kept in this browser (keeping.js), then sent; it goes
// from here only when the server answers that it has taken this very key. Whatever else comes
// back (no network, a page of the network's own, the sign-in page, a fault) leaves it here,
// and the panel says why. A form with files chosen goes the plain way; files are not kept.
"use strict";

(() => {
  const panel = document.getElementById("waiting");
  if (!panel) return;
  const say = panel.dataset;
  const { reader, readAs, keep, isKept, open, drop, names, isMine, mine } = window.keeping;
  const PATIENCE = 30000;
  // What the last try of each key came to, where it is worth no storing.
  const lately = new Map();

  // --- sending ----------------------------------------------------------------------

  // One at a time in all tabs; where the browser knows no locks, the key makes it safe.
  const alone = (act) =>
    navigator.locks ? navigator.locks.request("liandong.waiting", act) : act();

  // Older browsers know no other way to give up after a while.
  function patience() {
    const stop = new AbortController();
    window.setTimeout(() => stop.abort(), PATIENCE);
    return stop.signal;
  }

  // Who is signed in now, with a fresh token; null where the server was not reached.
  async function session() {
    try {
      const answer = await fetch(say.session, {
        headers: { "X-Answer": "json" },
        cache: "no-store",
        redirect: "error",
        signal: patience(),
      });
      const told = await answer.json();
      return answer.ok && typeof told.token === "string" ? told : null;
    } catch {
      return null;
    }
  }

  async function send(entry, now) {
    if (!now) return { why: "offline" };
    if (now.who === null) return { why: "signIn" };
    if (now.who !== entry.who) return { why: "another" };
    const body = new URLSearchParams(entry.body);
    body.set("csrfmiddlewaretoken", now.token);
    let answer;
    let told = null;
    try {
      answer = await fetch(entry.address, {
        method: "POST",
        body,
        redirect: "manual",
        headers: { "X-Answer": "json" },
        signal: patience(),
      });
      told = await answer.json().catch(() => null);
    } catch {
      return { why: "offline" };
    }
    if (answer.ok && told && told.taken === entry.key) return { taken: true, to: told.address };
    if (answer.status === 401) return { why: "signIn" };
    if (answer.status === 422 && told && told.fields) return { why: "fault", told };
    if (told && told.words) return { why: "refused", told: { words: [told.words], fields: [] } };
    if (answer.status === 403 || answer.status === 404) return { why: "gone" };
    return { why: answer.status >= 500 || answer.status === 429 ? "server" : "portal" };
  }

  // Send one and write down what became of it.
  async function settle(entry, now) {
    const outcome = await send(entry, now);
    if (outcome.taken) {
      drop(entry);
      lately.delete(entry.key);
      renew(entry.key);
    } else {
      lately.set(entry.key, outcome.why);
      const why = outcome.why === "fault" ? "fault" : "";
      const changed = entry.why !== why || outcome.told;
      // What another tab has thrown away meanwhile does not come back.
      if (changed && isKept(entry)) await keep({ ...entry, why, told: outcome.told || null });
    }
    return outcome;
  }

  // What was sent without anybody pressing a button is said.
  function tell(words) {
    const line = document.createElement("p");
    line.className = "message";
    line.setAttribute("role", "status");
    line.textContent = words;
    document.getElementById("messages").append(line);
  }

  // Try what waits; what did not pass waits for a person, unless it is asked for by its key.
  async function round(asked = "") {
    if (!names().length) return show();
    await alone(async () => {
      const now = await session();
      if (now && now.who) await readAs(now.who, now.key);
      for (const entry of await mine()) {
        if (asked ? entry.key !== asked : entry.why === "fault") continue;
        const outcome = await settle(entry, now);
        if (outcome.taken) tell(`${say.taken}${entry.called}`);
      }
    });
    return show();
  }

  // --- the form ---------------------------------------------------------------------

  const newKey = () =>
    [...crypto.getRandomValues(new Uint8Array(16))]
      .map((each) => each.toString(16).padStart(2, "0"))
      .join("");
  const form = document.querySelector("form[data-offline]");

  // The open form bears the key of something that was taken: its next sending is a new one.
  function renew(key) {
    if (form && !form.dataset.busy && form.elements.key.value === key) {
      form.elements.key.value = newKey();
    }
  }

  function entryOf() {
    const body = [...new FormData(form)].filter(
      ([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string",
    );
    return {
      who: Number(form.dataset.who),
      key: form.elements.key.value,
      address: new URL(form.action, location.href).pathname,
      called: form.dataset.called,
      at: Date.now(),
      body,
      shown: shownOf(),
      why: "",
      told: null,
    };
  }

  // The filled fields as they are read: label and words, to be seen where no page opens.
  function shownOf() {
    const found = [];
    for (const each of form.elements) {
      const head = each.closest(".field-block")?.querySelector("legend, label");
      const tick = each.type === "checkbox" || each.type === "radio";
      if (!head || !each.name || each.type === "hidden" || each.type === "file") continue;
      if (tick && !each.checked) continue;
      const choice = each.selectedOptions ? each.selectedOptions[0]?.text : each.value;
      const words = tick ? each.labels[0]?.textContent : choice;
      const label = tick && head.tagName !== "LEGEND" ? "\u2713" : head.firstChild.textContent.trim();
      if (words?.trim()) found.push([label, words.trim()]);
    }
    return found;
  }

  // What serves only once (a code) and waits in another record already, as a fault of its field.
  async function usedTwice(entry) {
    const plain = (words) => words.normalize("NFKC").replace(/[\s\u200b-]/g, "").toUpperCase();
    const others = (await mine()).filter((each) => each.key !== entry.key && each.why !== "fault");
    const fields = [...form.querySelectorAll("[data-once]")]
      .filter((field) =>
        others.some((each) =>
          each.body.some(([n, v]) => n === field.name && plain(v) && plain(v) === plain(field.value)),
        ),
      )
      .map((field) => ({
        name: field.name,
        label: field.labels[0].firstChild.textContent.trim(),
        words: [field.dataset.once],
      }));
    return fields.length ? { words: [], fields } : null;
  }

  const hasFiles = () =>
    [...form.querySelectorAll("input[type=file]")].some((each) => each.files.length);

  async function submitted(event) {
    if (hasFiles()) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    form.setAttribute("aria-busy", "true");
    unmark();
    const entry = entryOf();
    const twice = await usedTwice(entry);
    const kept = !twice && (await keep(entry));
    const outcome = twice
      ? { why: "fault", told: twice }
      : await alone(async () => settle(entry, await session()));
    if (outcome.taken) {
      form.dataset.sent = "1";
      location.assign(outcome.to || location.pathname);
      return;
    }
    delete form.dataset.busy;
    form.removeAttribute("aria-busy");
    await show();
    if (outcome.told) mark(outcome.told);
    else if (!kept) complain(outcome.why === "signIn" ? say.notKeptEnded : say.notKept);
    else {
      if (form.dataset.offline === "each") startAnew();
      panel.scrollIntoView({ block: "center" });
    }
  }

  // What was typed waits in the panel now; the form is free for the next record.
  function startAnew() {
    form.reset();
    form.elements.key.value = newKey();
    const old = document.getElementById("taken-up");
    if (old) {
      old.remove(); // what the page was opened with is what waits now
      form.querySelectorAll("textarea").forEach((each) => {
        each.value = "";
      });
    }
    form.querySelectorAll("[data-clear]").forEach((each) => each.click());
    if (location.hash) history.replaceState(null, "", location.pathname);
  }

  function complain(words) {
    const line = document.createElement("p");
    line.className = "consequence";
    line.textContent = words;
    document.getElementById("ended").replaceChildren(line);
  }

  function unmark() {
    document.getElementById("ended").replaceChildren();
    document.querySelectorAll("main .fault-summary").forEach((each) => each.remove());
    form.querySelectorAll(".fault").forEach((each) => each.remove());
    form.querySelectorAll(".wrong").forEach((each) => each.classList.remove("wrong"));
    form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  }

  // What is wrong, above the form and at its fields, as the server's own page shows it.
  function mark(told) {
    const summary = document.createElement("div");
    summary.className = "fault-summary";
    summary.setAttribute("role", "alert");
    summary.tabIndex = -1;
    const head = document.createElement("h2");
    head.textContent = say.mend;
    const list = document.createElement("ul");
    for (const words of told.words) list.append(lineOf(words));
    for (const { name, label, words } of told.fields) {
      list.append(lineOf(`${label}：${words.join(" ")}`, `#block-${name}`));
      const block = document.getElementById(`block-${name}`);
      if (!block) continue;
      block.classList.add("wrong");
      block.closest("details")?.setAttribute("open", "");
      const fault = document.createElement("div");
      fault.className = "fault";
      fault.id = `said-${name}`;
      fault.textContent = words.join(" ");
      block.prepend(fault);
      block.querySelectorAll("input, select, textarea").forEach((each) => {
        each.setAttribute("aria-invalid", "true");
        each.setAttribute("aria-describedby", fault.id);
      });
    }
    summary.append(head, list);
    form.before(summary);
    summary.focus();
  }

  function lineOf(words, link = "") {
    const line = document.createElement("li");
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = words;
      line.append(anchor);
    } else {
      line.textContent = words;
    }
    return line;
  }

  // "Open and correct": the words of an entry, in the form of its page.
  async function fill() {
    const key = new URLSearchParams(location.hash.slice(1)).get("waiting");
    if (!form || !key || !reader()) return;
    const entry = await open(key);
    if (!entry || entry.address !== location.pathname) return;
    const values = new Map();
    for (const [name, value] of entry.body) {
      values.set(name, [...(values.get(name) || []), value]);
    }
    for (const each of form.elements) {
      if (!each.name || each.name === "csrfmiddlewaretoken" || each.type === "file") continue;
      const given = values.get(each.name) || [];
      if (each.type === "checkbox" || each.type === "radio") {
        each.checked = given.includes(each.value);
      } else if (given.length || each.type !== "hidden") {
        each.value = given[0] ?? "";
      }
    }
    form.dispatchEvent(new Event("filled"));
    unmark();
    if (entry.told) mark(entry.told);
  }

  // --- the panel --------------------------------------------------------------------

  function whyOf(entry) {
    const told = entry.told
      ? [...entry.told.words, ...entry.told.fields.map((f) => `${f.label}:${f.words.join(" ")}`)]
      : [];
    if (entry.why === "fault") return `${say.fault} ${told.join(" ")}`;
    const why = lately.get(entry.key) || (navigator.onLine ? "waits" : "offline");
    return why === "refused" ? told.join(" ") : say[why];
  }

  function wordsOf(kind, words) {
    const found = document.createElement(kind);
    found.textContent = words;
    return found;
  }

  async function show() {
    const all = names();
    const entries = reader() ? await mine() : [];
    const list = panel.querySelector("[data-list]");
    const sample = panel.querySelector("template").content.firstElementChild;
    list.replaceChildren(
      ...entries.map((entry) => {
        const line = sample.cloneNode(true);
        line.querySelector("[data-called]").textContent = entry.called;
        line.querySelector("[data-at]").textContent = new Date(entry.at).toLocaleString(
          document.documentElement.lang,
          {
            timeZone: "Asia/Shanghai", // the city's, as everywhere; a phone may be set otherwise
            month: "numeric",
            day: "numeric",
            hour: "2-digit",
            minute: "2-digit",
          },
        );
        line.querySelector("[data-why]").textContent = whyOf(entry);
        line.querySelector("details").hidden = !entry.shown?.length;
        for (const [label, words] of entry.shown || []) {
          line.querySelector("[data-words]").append(wordsOf("dt", label), wordsOf("dd", words));
        }
        line.querySelector("[data-again]").addEventListener("click", () => round(entry.key));
        line.querySelector("[data-open]").href = `${entry.address}#waiting=${entry.key}`;
        line.querySelector("[data-drop]").addEventListener("click", () => {
          if (!window.confirm(say.sure)) return;
          drop(entry);
          show();
        });
        return line;
      }),
    );
    const others = all.filter((name) => !isMine(name)).length;
    const note = panel.querySelector("[data-others]");
    note.hidden = others === 0;
    note.querySelector("[data-count]").textContent = String(others);
    panel.hidden = all.length === 0;
  }

  // What an older version left lying open is sealed, and waits for the person who looks at it.
  async function adopt(old) {
    for (const { address, body } of old) {
      const pairs = [...new URLSearchParams(body)].filter(([n]) => n !== "csrfmiddlewaretoken");
      const key = new Map(pairs).get("key") || newKey();
      const path = new URL(address, location.href).pathname;
      const told = { words: [say.old], fields: [] };
      const at = Date.now();
      const entry = { who: reader(), key, address: path, called: path, at, body: pairs };
      if (!(await keep({ ...entry, why: "fault", told }))) return;
    }
    window.keeping.dropOld();
  }

  // A sign-in on another page has renewed the token: the forms here take it over.
  async function signedInAgain() {
    const note = document.getElementById("ended");
    if (document.hidden || !note.childElementCount) return;
    const now = await session();
    if (!now || String(now.who) !== document.body.dataset.who) return;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => {
      each.value = now.token;
    });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": now.token }));
    note.replaceChildren();
    await round();
  }

  async function start() {
    if (form) {
      form.addEventListener("submit", submitted);
      await readAs(Number(form.dataset.who), form.dataset.key);
      if (!reader()) complain(say.notHere);
    }
    const old = window.keeping.old();
    if (old.length) {
      const now = reader() ? null : await session();
      if (now) await readAs(now.who, now.key);
      if (reader()) await adopt(old);
    }
    await fill();
    await round();
  }

  window.addEventListener("online", () => round());
  window.addEventListener("storage", () => show());
  window.addEventListener("hashchange", fill);
  window.addEventListener("focus", signedInAgain);
  document.addEventListener("visibilitychange", signedInAgain);
  window.setInterval(() => {
    if (!document.hidden && names().some(isMine)) round();
  }, 60000);
  start();
})();
