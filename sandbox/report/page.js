"use strict";
/* What the page does beyond being read. Texts of runs are put in as text, never as markup. */
document.documentElement.classList.add("js");

const all = (where, what) => [...where.querySelectorAll(what)];
const make = (tag, text = "", name = "") => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
};

/* Links lead into what is folded or hidden. */
function reveal() {
  const aim = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!aim) return;
  for (let up = aim; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  const line = aim.closest(".passage");
  all(document, ".passage.at").forEach((old) => old.classList.remove("at"));
  if (line) line.classList.add("at");
  if (line && line.classList.contains("inner")) {
    line.parentElement.classList.add("with-inner");
    const box = line.closest("section").querySelector(".inner-switch");
    if (box) box.checked = true;
  }
  (line || aim).scrollIntoView({ block: line ? "center" : "start" });
}
addEventListener("hashchange", reveal);
addEventListener("load", reveal);

/* Findings by character and dimension. */
for (const chips of all(document, ".chips")) {
  const section = chips.closest("section");
  chips.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    const on = (key) => all(chips, `[data-${key}][aria-pressed=true]`).map((each) => each.dataset[key]);
    const who = on("who"), dimension = on("dimension");
    for (const item of all(section, "ol.found:not(.quiet) > .finding"))
      item.hidden = (who.length && !who.includes(item.dataset.who)) || (dimension.length && !dimension.includes(item.dataset.dimension));
  });
}

/* Thoughts, and the verdicts that rest on a line. */
for (const box of all(document, ".inner-switch"))
  box.addEventListener("change", () => box.closest("section").querySelector(".story").classList.toggle("with-inner", box.checked));

const resting = {};
for (const data of all(document, "script.resting")) resting[data.dataset.run] = JSON.parse(data.textContent);
const rests = document.getElementById("rests");
const close = () => { rests.hidden = true; };
addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

for (const story of all(document, ".story")) story.addEventListener("click", (event) => {
  const button = event.target.closest("button.seq");
  if (!button) return;
  const seqs = button.parentElement.dataset.seqs.split(" ");
  const found = new Map();
  for (const seq of seqs) for (const row of resting[story.dataset.run][seq] || []) found.set(row.join("|"), row);
  const list = make("ul");
  for (const [who, dimension, value, reason, bad] of [...found.values()].sort((a, b) => b[4] - a[4])) {
    const item = make("li", "", bad ? "bad" : "");
    item.append(make("b", `${who} `), make("span", `${dimension} `, "dim"), make("b", value), make("div", reason));
    list.append(item);
  }
  const shut = make("button", "close", "close");
  shut.addEventListener("click", close);
  rests.replaceChildren(shut, make("h4", `${found.size || "No"} verdict${found.size === 1 ? "" : "s"} on line ${button.textContent}`), list);
  rests.hidden = false;
});

/* The event graph: a width to choose, reasons to leave out, and for an event all that led to it and came of it. */
for (const web of all(document, ".web")) {
  const svg = web.querySelector(".scroll svg"), scroll = web.querySelector(".scroll"), chosen = web.querySelector(".chosen");
  const knots = new Map(all(svg, ".knot").map((knot) => [knot.dataset.seq, knot]));
  const threads = all(svg, ".threads path");
  const x = (knot) => +knot.dataset.x * zoom, y = (knot) => +knot.dataset.y;
  let zoom = 1;

  function draw() {
    svg.setAttribute("width", svg.dataset.width * zoom);
    for (const knot of knots.values()) knot.setAttribute("transform", `translate(${x(knot)} ${y(knot)})`);
    for (const tick of all(svg, ".ticks text")) {
      tick.setAttribute("x", tick.dataset.x * zoom);
      tick.classList.toggle("hidden", zoom < 0.5 && +tick.textContent % 50 !== 0);
    }
    for (const thread of threads) {
      const a = knots.get(thread.dataset.later), b = knots.get(thread.dataset.earlier);
      const x1 = x(b), x2 = x(a), y1 = y(b), y2 = y(a), lift = Math.min(24, 5 + (x2 - x1) / 6);
      const middle = (x1 + x2) / 2;
      thread.setAttribute("d", Math.abs(y1 - y2) < 12
        ? `M${x1} ${y1}Q${middle} ${Math.min(y1, y2) - lift} ${x2} ${y2}`
        : `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`);
    }
  }

  function rescale(next) {
    const centre = (scroll.scrollLeft + scroll.clientWidth / 2) / zoom;
    zoom = Math.max(0.08, Math.min(5, next));
    draw();
    scroll.scrollLeft = centre * zoom - scroll.clientWidth / 2;
  }

  const shown = () => threads.filter((thread) => !thread.classList.contains("hidden"));
  function reach(seq, from, to) {
    const found = new Set(), edge = [seq];
    while (edge.length) {
      const here = edge.pop();
      for (const thread of shown()) if (thread.dataset[from] === here && !found.has(thread.dataset[to])) {
        found.add(thread.dataset[to]);
        edge.push(thread.dataset[to]);
      }
    }
    return found;
  }

  function list(title, seqs) {
    if (!seqs.length) return [];
    const rows = make("ul");
    for (const seq of seqs.slice(0, 12)) {
      const item = make("li"), button = make("button", `${seq} · ${knots.get(seq).dataset.text}`);
      button.addEventListener("click", () => choose(seq));
      item.append(button);
      rows.append(item);
    }
    if (seqs.length > 12) rows.append(make("li", `and ${seqs.length - 12} more`, "more"));
    return [make("h4", title), rows];
  }

  function choose(seq) {
    const knot = knots.get(seq), before = reach(seq, "later", "earlier"), after = reach(seq, "earlier", "later");
    const lit = new Set([seq, ...before, ...after]);
    web.classList.add("some");
    for (const [id, each] of knots) {
      each.classList.toggle("lit", lit.has(id));
      each.classList.toggle("self", id === seq);
    }
    for (const thread of threads) {
      const ends = [thread.dataset.later, thread.dataset.earlier];
      thread.classList.toggle("lit", ends.every((end) => end === seq || before.has(end)) || ends.every((end) => end === seq || after.has(end)));
    }
    const line = make("a", "in the transcript");
    line.href = `#${web.dataset.run}e${seq}`;
    const head = make("p", `Event ${seq}, turn ${knot.dataset.turn} · `, "note");
    const drop = make("button", "show all", "close");
    drop.addEventListener("click", clear);
    head.append(line);
    const near = (from, to) => shown().filter((t) => t.dataset[from] === seq).map((t) => t.dataset[to]).sort((a, b) => a - b);
    chosen.replaceChildren(head, make("p", knot.dataset.text, "text"),
      ...list(`rests on (${before.size} in all)`, near("later", "earlier")), ...list(`led to (${after.size} in all)`, near("earlier", "later")));
    chosen.hidden = false;
    const at = x(knot);
    if (at < scroll.scrollLeft || at > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = at - scroll.clientWidth / 2;
  }

  function clear() {
    web.classList.remove("some");
    chosen.hidden = true;
    for (const knot of knots.values()) knot.classList.remove("self");
  }

  /* The nearest event counts: on a small screen they are smaller than a finger. */
  function nearest(event) {
    const box = svg.getBoundingClientRect();
    let best = null, least = 16 ** 2;
    for (const knot of knots.values()) {
      const far = (x(knot) - event.clientX + box.left) ** 2 + (y(knot) - event.clientY + box.top) ** 2;
      if (far < least) [best, least] = [knot, far];
    }
    return best;
  }

  svg.addEventListener("click", (event) => {
    event.preventDefault();
    const knot = (event.detail && nearest(event)) || event.target.closest(".knot");
    if (knot) choose(knot.dataset.seq); else clear();
  });
  web.querySelector(".tools").addEventListener("click", (event) => {
    const how = event.target.dataset.zoom;
    if (how === "fit") rescale(scroll.clientWidth / svg.dataset.width);
    else if (how) rescale(zoom * (how === "in" ? 1.5 : 1 / 1.5));
  });
  web.querySelector(".tools").addEventListener("change", (event) => {
    const rel = event.target.dataset.rel;
    if (rel) for (const thread of threads) if (thread.classList.contains(rel)) thread.classList.toggle("hidden", !event.target.checked);
    const self = web.querySelector(".knot.self");
    if (self) choose(self.dataset.seq);
  });
  scroll.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    rescale(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15));
  }, { passive: false });
  draw();
  const fold = web.closest("details.run");
  const fit = () => { if (scroll.clientWidth > 700) rescale(Math.max(0.35, scroll.clientWidth / svg.dataset.width)); };
  if (fold) fold.addEventListener("toggle", fit, { once: true }); else fit();
}
