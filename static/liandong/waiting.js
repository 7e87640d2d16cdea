// Records that outlive a lost connection, an ended sign-in and a closed page.
//
// A form marked data-offline is first kept in this browser, then sent; it goes from here
// only when the server answers that it has taken this very key. Whatever else comes back
// (no network, a page of the network's own, the sign-in page, a fault) leaves it here, and
// the panel says why. What is kept is encrypted under a key of the person's own, which pages
// of that person are given and which is held in memory alone: after sign-out nobody reads it.
// A form with files chosen goes the plain way; files are not kept.
"use strict";

(() => {
  const panel = document.getElementById("waiting");
  if (!panel) return;
  const say = panel.dataset;
  const PREFIX = "liandong.waiting.";
  const PATIENCE = 30000;
  // Who may read what is kept here, and with what; nobody at first.
  let reader = null;
  // What the last try of each key came to, where it is worth no storing.
  const lately = new Map();

  // --- keeping ----------------------------------------------------------------------

  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const bytes = (words) => Uint8Array.from(atob(words), (each) => each.charCodeAt(0));

  async function readAs(who, key) {
    if (!who || !key || !window.crypto || !crypto.subtle) {
      reader = null;
    } else if (!reader || reader.who !== who) {
      const made = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, [
        "encrypt",
        "decrypt",
      ]);
      reader = { who, key: made };
    }
  }

  const nameOf = (entry) => `${PREFIX}${entry.who}.${entry.key}`;

  async function keep(entry) {
    if (!reader || reader.who !== entry.who) return false;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(entry));
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt({ name: "AES-GCM", iv }, reader.key, plain),
    );
    let letters = "";
    for (const each of sealed) letters += String.fromCharCode(each);
    try {
      localStorage.setItem(nameOf(entry), JSON.stringify({ iv: text(iv), data: btoa(letters) }));
    } catch {
      return false; // no room, or storing is forbidden
    }
    return true;
  }

  async function open(name) {
    try {
      const { iv, data } = JSON.parse(localStorage.getItem(name));
      const algorithm = { name: "AES-GCM", iv: bytes(iv) };
      const plain = await crypto.subtle.decrypt(algorithm, reader.key, bytes(data));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null; // taken or thrown away meanwhile
    }
  }

  const names = () => Object.keys(localStorage).filter((each) => each.startsWith(PREFIX));
  const isMine = (name) => reader && name.startsWith(`${PREFIX}${reader.who}.`);

  async function mine() {
    const found = await Promise.all(names().filter(isMine).map(open));
    return found.filter(Boolean).sort((a, b) => a.at - b.at);
  }

  // --- sending ----------------------------------------------------------------------

  // One at a time in all tabs; where the browser knows no locks, the key makes it safe.
  const alone = (act) =>
    navigator.locks ? navigator.locks.request("liandong.waiting", act) : act();

  // Who is signed in now, with a fresh token; null where the server was not reached.
  async function session() {
    try {
      const answer = await fetch(say.session, {
        headers: { "X-Answer": "json" },
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
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
        signal: AbortSignal.timeout(PATIENCE),
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
    return { why: answer.status >= 500 ? "server" : "portal" };
  }

  // Send one and write down what became of it.
  async function settle(entry, now) {
    const outcome = await send(entry, now);
    if (outcome.taken) {
      localStorage.removeItem(nameOf(entry));
      lately.delete(entry.key);
      renew(entry.key);
    } else {
      lately.set(entry.key, outcome.why);
      const why = outcome.why === "fault" ? "fault" : "";
      const changed = entry.why !== why || outcome.told;
      if (changed) await keep({ ...entry, why, told: outcome.told || null });
    }
    return outcome;
  }

  // Try what waits; what did not pass waits for a person, unless it is asked for by its key.
  async function round(asked = "") {
    if (!names().length) return show();
    await alone(async () => {
      const now = await session();
      if (now && now.who) await readAs(now.who, now.key);
      for (const entry of await mine()) {
        if (asked ? entry.key === asked : entry.why !== "fault") await settle(entry, now);
      }
    });
    return show();
  }

  // --- the form ---------------------------------------------------------------------

  const newKey = () => crypto.randomUUID().replaceAll("-", "");
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
      why: "",
      told: null,
    };
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
    const kept = await keep(entry);
    const outcome = await alone(async () => settle(entry, await session()));
    if (outcome.taken) {
      form.dataset.sent = "1";
      location.assign(outcome.to || location.pathname);
      return;
    }
    delete form.dataset.busy;
    form.removeAttribute("aria-busy");
    await show();
    if (outcome.told) mark(outcome.told);
    else if (!kept) complain(`${say[outcome.why]} ${say.notKept}`);
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
    document.querySelectorAll("main .summary-faults").forEach((each) => each.remove());
    form.querySelectorAll(".fault").forEach((each) => each.remove());
    form.querySelectorAll(".wrong").forEach((each) => each.classList.remove("wrong"));
  }

  // What is wrong, above the form and at its fields, as the server's own page shows it.
  function mark(told) {
    const summary = document.createElement("div");
    summary.className = "summary-faults";
    summary.setAttribute("role", "alert");
    summary.tabIndex = -1;
    const head = document.createElement("h2");
    head.textContent = say.mend;
    const list = document.createElement("ul");
    for (const words of told.words) list.append(lineOf(words));
    for (const { name, label, words } of told.fields) {
      list.append(lineOf(`${label}:${words.join(" ")}`, `#block-${name}`));
      const block = document.getElementById(`block-${name}`);
      if (!block) continue;
      block.classList.add("wrong");
      block.closest("details")?.setAttribute("open", "");
      const fault = document.createElement("div");
      fault.className = "fault";
      fault.textContent = words.join(" ");
      block.prepend(fault);
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
    if (!form || !key || !reader) return;
    const entry = await open(nameOf({ who: reader.who, key }));
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

  async function show() {
    const all = names();
    const entries = reader ? await mine() : [];
    const list = panel.querySelector("[data-list]");
    const sample = panel.querySelector("template").content.firstElementChild;
    list.replaceChildren(
      ...entries.map((entry) => {
        const line = sample.cloneNode(true);
        line.querySelector("[data-called]").textContent = entry.called;
        line.querySelector("[data-at]").textContent = new Date(entry.at).toLocaleString(
          document.documentElement.lang,
          { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" },
        );
        line.querySelector("[data-why]").textContent = whyOf(entry);
        line.querySelector("[data-again]").addEventListener("click", () => round(entry.key));
        line.querySelector("[data-open]").href = `${entry.address}#waiting=${entry.key}`;
        line.querySelector("[data-drop]").addEventListener("click", () => {
          if (!window.confirm(say.sure)) return;
          localStorage.removeItem(nameOf(entry));
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

  // Until now what waited lay open and was bound to nobody: it is sealed, and waits for the
  // person who looks at it.
  async function adopt() {
    const old = JSON.parse(localStorage.getItem("liandong.waiting") || "[]");
    for (const { address, body } of old) {
      const pairs = [...new URLSearchParams(body)].filter(([n]) => n !== "csrfmiddlewaretoken");
      const key = new Map(pairs).get("key") || newKey();
      const path = new URL(address, location.href).pathname;
      const told = { words: [say.old], fields: [] };
      const at = Date.now();
      const entry = { who: reader.who, key, address: path, called: path, at, body: pairs };
      if (!(await keep({ ...entry, why: "fault", told }))) return;
    }
    localStorage.removeItem("liandong.waiting");
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
      if (!reader) complain(say.notHere);
    }
    if (localStorage.getItem("liandong.waiting")) {
      const now = reader ? null : await session();
      if (now) await readAs(now.who, now.key);
      if (reader) await adopt();
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
    if (!document.hidden && reader && names().some(isMine)) round();
  }, 60000);
  start();
})();
