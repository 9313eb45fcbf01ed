// Interactive figures. vl-convert bundles this file with what it uses: vegaEmbed and its parts.
// The static picture stays until the live one is drawn, and comes back on paper.

const nothing = () => Promise.reject(new Error("a figure asks for nothing"));

// ---- words under the pointer -------------------------------------------------------------

const tip = document.createElement("div");
tip.className = "foresay-tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;

// numbers as in the reports: .633, and 1,240 items
const counts = ["Items", "Trials", "Clusters"];
function written(name, value) {
  if (counts.includes(name)) return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
  return String(value).replace(/^([-\u2212]?)0(?=\.\d+$)/, "$1");
}

function showTip(_, event, item, value) {
  tip.hidden = true;
  if (value === null || value === undefined || value === "") return;
  const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
  tip.replaceChildren();
  for (const [name, said] of rows) {
    if (said === null || said === undefined || ["", "null", "NaN", "undefined"].includes(said)) continue;
    const row = document.createElement("div");
    const key = document.createElement("span");
    const text = document.createElement("span");
    key.className = "foresay-tip-name";
    key.textContent = name && `${name}: `;
    text.textContent = written(name, said);
    row.append(key, text);
    tip.append(row);
  }
  if (!tip.childElementCount) return;
  if (!tip.isConnected) document.body.append(tip);
  tip.hidden = false;
  const room = document.documentElement;
  const left = event.clientX + 14 + tip.offsetWidth > room.clientWidth ? event.clientX - 14 - tip.offsetWidth : event.clientX + 14;
  const top = event.clientY + 14 + tip.offsetHeight > room.clientHeight ? event.clientY - 14 - tip.offsetHeight : event.clientY + 14;
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${Math.max(4, top)}px`;
}

// ---- what belongs together ---------------------------------------------------------------

// the columns that name rows and series, as the specification says
function columns(spec) {
  const found = { rows: new Set(), series: new Set() };
  (function walk(part) {
    if (!part || typeof part !== "object") return;
    for (const [channel, told] of Object.entries(part.encoding || {})) {
      const named = told && told.field && ["nominal", "ordinal"].includes(told.type);
      if (named && (channel === "y" || channel === "x")) found.rows.add(told.field);
      if (named && ["color", "fill", "stroke", "shape", "strokeDash"].includes(channel)) found.series.add(told.field);
    }
    Object.values(part).forEach(walk);
  })({ ...spec, data: null, datasets: null });
  return found;
}

function highlights(live, spec) {
  const { rows, series } = columns(spec);
  const marks = Array.from(live.querySelectorAll(".role-mark *")).filter((each) => each.__data__ && each.__data__.datum && !each.matches("g"));
  const legend = ".role-legend-symbol *, .role-legend-label *";
  const datum = (element) => (element.__data__ && element.__data__.datum) || {};
  const has = (mark, fields, value) => [...fields].some((field) => datum(mark)[field] === value);
  let kept = null;

  // which marks an element stands for: a legend's series, an axis' row, a mark's row or series
  function test(element) {
    const value = datum(element).value;
    if (element.matches(legend)) return (mark) => has(mark, series, value);
    if (element.matches(".role-axis-label *")) return (mark) => has(mark, rows, value);
    if (!element.matches(".role-mark *")) return null;
    const fields = rows.size ? rows : series;
    const own = [...fields].filter((field) => datum(element)[field] !== undefined);
    return own.length ? (mark) => own.every((field) => datum(mark)[field] === datum(element)[field]) : null;
  }

  // marks that name neither a row nor a series, such as a reference line, belong to all
  function light(wanted) {
    const known = (mark) => [...rows, ...series].some((field) => datum(mark)[field] !== undefined);
    const on = wanted && marks.some((mark) => known(mark) && wanted(mark)) ? wanted : null;
    for (const mark of marks) mark.classList.toggle("foresay-dim", Boolean(on && known(mark) && !on(mark)));
  }
  live.addEventListener("mouseover", (event) => light(test(event.target) || kept));
  live.addEventListener("mouseleave", () => { tip.hidden = true; light(kept); });
  live.addEventListener("click", (event) => {
    const told = event.target.matches(legend) ? datum(event.target).value : undefined;
    kept = told === undefined || (kept && kept.told === told) ? null : Object.assign(test(event.target), { told });
    light(kept);
  });
}

// ---- one figure --------------------------------------------------------------------------

// a narrow screen has a drawing of its own, and its specification beside it
function chosen(figure) {
  const source = figure.querySelector("source");
  const narrow = source && window.matchMedia(source.media).matches;
  return figure.querySelector(narrow ? "script.foresay-narrow" : "script[type='application/json']:not(.foresay-narrow)");
}

async function draw(figure) {
  const told = chosen(figure);
  const image = figure.querySelector(".foresay-static");
  if (!told || figure.drawn === told) return;
  figure.drawn = told;
  const live = document.createElement("div");
  live.className = "foresay-live";
  live.setAttribute("role", "img");
  live.setAttribute("aria-label", image.alt);
  try {
    const spec = JSON.parse(told.textContent);
    figure.append(live);
    // the syntax tree is interpreted: the page's policy lets no text become code
    const loader = { load: nothing, sanitize: nothing };
    await vegaEmbed(live, spec, { actions: false, ast: true, defaultStyle: false, loader, mode: "vega-lite", renderer: "svg", tooltip: showTip });
    await image.decode();
    if (figure.drawn !== told) return live.remove();
    const svg = live.querySelector("svg");
    // exactly the room of the picture, so that nothing moves
    live.style.maxWidth = `${image.naturalWidth}px`;
    live.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
    for (const side of ["width", "height"]) svg.setAttribute(side, "100%");
    svg.setAttribute("aria-hidden", "true"); // the words of the picture stand for it
    highlights(live, spec);
    figure.dataset.state = figure.dataset.state || "live";
    toggle(figure);
  } catch (error) {
    live.remove();
    console.warn("a figure stays static:", error.message);
  }
}

function toggle(figure) {
  if (figure.querySelector(".foresay-toggle")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "foresay-toggle";
  const label = () => { button.textContent = figure.dataset.state === "live" ? "Show the static figure" : "Show the interactive figure"; };
  button.addEventListener("click", () => {
    figure.dataset.state = figure.dataset.state === "live" ? "static" : "live";
    label();
  });
  label();
  figure.append(button);
}

// another width: the drawing of the other width is no longer right
function adapt(figure) {
  if (!figure.drawn || figure.drawn === chosen(figure)) return;
  figure.drawn = null;
  figure.querySelectorAll(".foresay-live, .foresay-toggle").forEach((each) => each.remove());
  delete figure.dataset.state;
  watch(figure);
}

const observer = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    observer.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "400px" });

function watch(figure) {
  if (observer) observer.observe(figure);
  else draw(figure);
}

const started = new WeakSet();
function showAll() {
  for (const figure of document.querySelectorAll(".foresay-figure:has(script[type='application/json'])")) {
    if (started.has(figure)) continue;
    started.add(figure);
    watch(figure);
    const source = figure.querySelector("source");
    if (source) window.matchMedia(source.media).addEventListener("change", () => adapt(figure));
  }
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
window.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
window.foresayFigures = { showAll };
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showAll);
else showAll();
