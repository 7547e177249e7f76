"use strict";
// The search through findings, themes, tables and quotations, and the areas side by side.
// Everything shown is built of text nodes: words of a study are never read as HTML.

const said = JSON.parse(document.getElementById("said").textContent);
const studies = new Map(said.studies.map((study) => [study.name, study]));
const KINDS = { finding: "Finding", theme: "Theme", table: "Table", quotation: "Quotation" };
const PLURALS = { finding: "findings", theme: "themes", table: "tables", quotation: "quotations" };
const FACETS = { area_type: "area_types", theme: "themes", client_group: "client_groups", stance: "stances" };
const SMALL_WORDS = new Set(
  "a about an and are area areas at been by did do for from how in is it of on or said say says that the they to was were what with who".split(" "),
);
const AT_ONCE = 50;
const form = document.getElementById("search");
const results = document.getElementById("results");
const more = document.getElementById("more");
let found = [];
let shown = 0;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function link(href, words) {
  return make("a", { href }, words);
}

// Words in small letters, each with a space before it and after it.
function plain(text) {
  return ` ${text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function counted(number, kind) {
  return `${number.toLocaleString("en-GB")} ${number === 1 ? kind : PLURALS[kind]}`;
}

// Words are compared from their beginning and without a last s, so that "client" and "clients" find each other.
function wordsAsked(question) {
  const words = question.split(/\s+/).map((word) => plain(word).trim()).filter(Boolean);
  if (words.join("").length < 2) return [];
  const telling = words.filter((word) => !SMALL_WORDS.has(word));
  return (telling.length ? telling : words).map((word) => (word.length > 3 ? word.replace(/s$/, "") : word));
}

// A single letter, as in Area A, is a word of its own.
function has(text, word) {
  return text.includes(` ${word}${word.length > 1 ? "" : " "}`);
}

function prepare(entry) {
  entry.said = plain(entry.words);
  entry.named = plain([entry.under, ...Object.values(entry.about).flat()].filter(Boolean).join("; "));
}

// --- what the reader chose, and the address that keeps it

function chosen() {
  const values = Object.fromEntries(new FormData(form).entries());
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));
}

function areasChosen() {
  return [...document.querySelectorAll("input[name=area]:checked")].map((box) => box.value);
}

function keepInAddress() {
  const kept = new URLSearchParams(chosen());
  if (areasChosen().length) kept.set("areas", areasChosen().join(","));
  const address = kept.toString();
  history.replaceState(null, "", address ? "#" + address : location.pathname + location.search);
}

function readAddress() {
  if (location.hash && !location.hash.includes("=")) return;
  const kept = new URLSearchParams(location.hash.slice(1));
  form.elements.q.value = kept.get("q") || "";
  form.elements.study.value = kept.get("study") || "";
  offerChoices();
  for (const select of form.querySelectorAll("select")) choose(select, kept.get(select.name) || "");
  const areas = (kept.get("areas") || "").split(",");
  for (const box of document.querySelectorAll("input[name=area]")) box.checked = areas.includes(box.value);
}

function choose(select, value) {
  const offered = [...select.options].some((option) => option.value === value);
  select.value = offered ? value : "";
}

// --- the choices, of the study chosen or of all

function offerChoices() {
  const study = form.elements.study.value;
  const entries = said.entries.filter((entry) => !study || entry.study === study);
  offer("kind", Object.keys(KINDS).filter((kind) => entries.some((entry) => entry.kind === kind)), (kind) => capital(PLURALS[kind]));
  for (const [name, facet] of Object.entries(FACETS)) {
    const values = new Set(entries.flatMap((entry) => entry.about[facet] || []));
    offer(name, [...values].sort((one, other) => one.localeCompare(other, "en-GB")));
  }
  offerPlaces(study);
}

function offer(name, values, told = capital) {
  const select = form.elements[name];
  const before = select.value;
  while (select.children.length > 1) select.lastChild.remove();
  select.append(...values.map((value) => make("option", { value }, told(value))));
  choose(select, before);
}

function offerPlaces(only) {
  offer("place", []);
  const before = form.elements.place.value;
  for (const study of said.studies) {
    if (only && study.name !== only) continue;
    const options = Object.entries(study.places).map(([name, place]) =>
      make("option", { value: `${study.name}/${name}` }, place.title + (place.area_id ? " (area)" : "")),
    );
    form.elements.place.append(make("optgroup", { label: study.title }, ...options));
  }
  choose(form.elements.place, before);
}

// --- finding

function fits(entry, choice, words) {
  if (choice.kind && entry.kind !== choice.kind) return false;
  if (choice.study && entry.study !== choice.study) return false;
  if (choice.place && !standsIn(entry, choice.place)) return false;
  for (const name in FACETS) {
    if (choice[name] && !(entry.about[FACETS[name]] || []).includes(choice[name])) return false;
  }
  return words.every((word) => has(entry.said, word) || has(entry.named, word));
}

// An area is found in its own report and wherever else it is named.
function standsIn(entry, place) {
  const [study, name] = [place.slice(0, place.indexOf("/")), place.slice(place.indexOf("/") + 1)];
  if (entry.study !== study) return false;
  const area = studies.get(study).places[name];
  const named = area && area.area_id && (entry.about.areas || []).includes(area.title);
  return named || entry.at.some((at) => at.place === name);
}

// What says it in its own words comes before what only rests on evidence of it.
function nearness(entry, choice, words) {
  const asked = Object.keys(FACETS).map((name) => choice[name]).filter(Boolean);
  const inWords = words.filter((word) => has(entry.said, word)).length;
  const inNames = asked.filter((value) => entry.said.includes(plain(value))).length;
  return inWords + inNames + (choice.q && entry.said.includes(plain(choice.q)) ? 1 : 0);
}

function find() {
  const choice = chosen();
  const words = wordsAsked(choice.q || "");
  const asked = Object.keys(choice).length > 0;
  const order = Object.keys(KINDS);
  found = asked ? said.entries.filter((entry) => fits(entry, choice, words)) : [];
  const near = new Map(found.map((entry) => [entry, nearness(entry, choice, words)]));
  found.sort((one, other) => near.get(other) - near.get(one) || order.indexOf(one.kind) - order.indexOf(other.kind));
  results.replaceChildren();
  shown = 0;
  showMore(words);
  tellCount(asked);
}

function tellCount(asked) {
  const numbers = Object.keys(KINDS)
    .map((kind) => [found.filter((entry) => entry.kind === kind).length, kind])
    .filter(([number]) => number)
    .map(([number, kind]) => counted(number, kind));
  const none = "Nothing here says this. Fewer words or choices may find more.";
  document.getElementById("count").textContent = !asked ? "" : found.length ? numbers.join(", ") : none;
  document.getElementById("clear").hidden = !asked;
  document.getElementById("starts").hidden = asked;
}

function showMore(words) {
  const next = found.slice(shown, shown + AT_ONCE);
  results.append(...next.map((entry) => result(entry, words)));
  shown += next.length;
  more.hidden = shown >= found.length;
  more.textContent = `Show more (${found.length - shown} left)`;
}

// --- one result

function result(entry, words) {
  const study = studies.get(entry.study);
  const item = make("li");
  item.dataset.kind = entry.kind;
  item.append(make("p", { className: "kind" }, `${KINDS[entry.kind]} · ${study.status}`));
  item.append(make("p", { className: "said" }, ...quoted(entry, marked(entry.words, words))));
  if (entry.kind === "quotation") item.append(make("p", { className: "by" }, saidBy(entry)));
  const alsoNamed = namedOnly(entry, words);
  if (alsoNamed.length) item.append(make("p", { className: "named" }, "About: ", ...marked(alsoNamed.join("; "), words)));
  item.append(entry.kind === "theme" ? saidAbout(entry) : standing(entry, study));
  if (entry.kind !== "theme") item.append(evidence(entry, study));
  return item;
}

function quoted(entry, nodes) {
  return entry.kind === "quotation" ? ["“", ...nodes, "”"] : nodes;
}

function saidBy(quotation) {
  return `${quotation.said_by} (${quotation.mark})${quotation.under ? ". Under: " + quotation.under : ""}`;
}

function marked(text, words) {
  if (!words.length) return [text];
  const longest = [...words].sort((one, other) => other.length - one.length);
  const whole = longest.map((word) => word.replaceAll(" ", "[^\\p{L}\\p{N}]+"));
  const endings = whole.map((word) => word + (word.length > 1 ? "[\\p{L}\\p{N}]*" : "(?![\\p{L}\\p{N}])"));
  const parts = text.split(new RegExp(`(^|[^\\p{L}\\p{N}])(${endings.join("|")})`, "giu"));
  return parts.map((part, index) => (index % 3 === 2 ? make("mark", {}, part) : part));
}

// What was asked for and is not in the words themselves: it is named above them, or their evidence is coded with it.
function namedOnly(entry, words) {
  const unsaid = words.filter((word) => !has(entry.said, word));
  const asked = Object.values(chosen());
  const names = [entry.under || "", ...Object.values(entry.about).flat()].filter((name) => !entry.said.includes(plain(name)));
  return names.filter((name) => asked.includes(name) || unsaid.some((word) => has(plain(name), word)));
}

function saidAbout(theme) {
  const address = new URLSearchParams({ study: theme.study, theme: theme.words });
  const counts = Object.entries(theme.counts).map(([kind, number]) => counted(number, kind));
  return make("p", { className: "at" }, link("#" + address, `${counts.join(", ")} about ${theme.words}`));
}

function standing(entry, study) {
  const line = make("p", { className: "at" }, "In ");
  const first = entry.at.slice(0, 3).map((at) => standsAt(at, study));
  line.append(...first.flatMap((place, index) => (index ? ["; ", place] : [place])));
  if (entry.at.length > 3) line.append(` and ${entry.at.length - 3} more`);
  return line;
}

function standsAt(at, study) {
  const place = study.places[at.place];
  if (!place) return at.place;
  return link(`${place.page}#${at.anchor}`, place.title + (at.section ? `, ${at.section}` : ""));
}

// --- the evidence, built when it is opened

function evidence(entry, study) {
  const opened = make("details", {}, make("summary", {}, entry.kind === "table" ? "Base and source" : "Evidence"));
  opened.addEventListener("toggle", () => opened.children.length > 1 || opened.append(...evidenceOf(entry, study)), { once: true });
  return opened;
}

function evidenceOf(entry, study) {
  const lines = [...(entry.behind || []), ...(entry.evidence || []).map((unit) => unitOf(unit, study))];
  const numbers = Object.entries(entry.numbers || {}).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
  const parts = [];
  if (numbers.length) parts.push(make("p", {}, numbers.join("; ") + "."));
  if (lines.length) parts.push(make("ul", {}, ...lines.map((line) => make("li", {}, line))));
  for (const passage of entry.passages || []) parts.push(quotation(passage));
  if (entry.below) parts.push(make("p", {}, entry.below));
  if (entry.source) parts.push(make("p", {}, `Source: ${entry.source}.`));
  if (entry.file) parts.push(make("p", {}, link(entry.file, "The numbers of this table (CSV)")));
  parts.push(make("p", {}, `Study: ${study.title}. ${study.status}.`), whereMade(entry, study));
  return parts;
}

function unitOf(unit, study) {
  return study.units[unit] ? `${study.units[unit]}; ${unit}` : unit;
}

function quotation(passage) {
  return make("blockquote", {}, make("p", {}, `“${passage.words}”`), make("p", {}, saidBy(passage)));
}

function whereMade(entry, study) {
  const places = entry.at.filter((at) => study.places[at.place]).map((at) => {
    const { page, title } = study.places[at.place];
    return make("li", {}, link(`${page}#${at.anchor}`, title), " (", link(`${page}#cell-${at.cell}`, `the cell that made it in ${title}`), ")");
  });
  return make("ul", { className: "places" }, ...places);
}

// --- areas side by side

function reportOf(key) {
  const [name, area_id] = key.split("/");
  const study = studies.get(name);
  const [place, { title, page }] = Object.entries(study.places).find(([, each]) => each.area_id === area_id);
  const findings = said.entries
    .filter((entry) => entry.study === name && entry.kind === "finding")
    .flatMap((entry) => entry.at.filter((at) => at.place === place).map((at) => ({ ...at, words: entry.words })));
  return { title, page, findings: findings.sort((one, other) => one.order - other.order) };
}

function compareAreas() {
  const reports = areasChosen().map(reportOf);
  const comparison = document.getElementById("comparison");
  const chosenAreas = reports.map((report) => report.title).join(", ");
  document.getElementById("compared").textContent =
    reports.length > 1 ? `${chosenAreas}: side by side below.` : reports.length ? `${chosenAreas}: choose one area more.` : "";
  comparison.replaceChildren(...(reports.length > 1 ? besideEachOther(reports) : []));
}

// One row for each finding, by its name, in the order of the first report that has it.
function besideEachOther(reports) {
  const names = [...new Set(reports.flatMap((report) => report.findings.map((finding) => finding.name)))];
  let section;
  return names.flatMap((name) => {
    const told = reports.map((report) => report.findings.find((finding) => finding.name === name));
    const under = told.find(Boolean).section;
    const heading = under && under !== section ? [make("h3", {}, under)] : [];
    section = under || section;
    return [...heading, row(reports, told)];
  });
}

function row(reports, told) {
  const alike = told.every((finding) => finding && finding.words === told[0].words);
  const cells = alike
    ? [make("li", { className: "alike" }, make("b", {}, "In all of these reports"), make("p", {}, told[0].words))]
    : reports.map((report, index) => cell(report, told[index]));
  return make("ul", { className: "row" }, ...cells);
}

function cell(report, finding) {
  if (!finding) return make("li", {}, make("b", {}, report.title), make("p", { className: "none" }, "Its report has no such sentence."));
  const where = link(`${report.page}#${finding.anchor}`, report.title);
  return make("li", {}, make("b", {}, where), make("p", {}, finding.words));
}

// Areas of two studies have no sentences in common: a choice in one study gives up that in the other.
function chooseArea(box) {
  const study = box.value.split("/")[0];
  for (const other of document.querySelectorAll("input[name=area]")) {
    if (!other.value.startsWith(study + "/")) other.checked = false;
  }
}

// --- begin

function start() {
  said.entries.forEach(prepare);
  for (const part of document.querySelectorAll(".searched")) part.hidden = false;
  offer("study", [...studies.keys()], (name) => studies.get(name).title);
  readAddress();
  find();
  compareAreas();
  document.documentElement.dataset.ready = "yes";
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  if (event.target.name === "study") offerChoices();
  keepInAddress();
  find();
});
form.addEventListener("reset", () => setTimeout(() => {
  offerChoices();
  keepInAddress();
  find();
  form.elements.q.focus();
}));
more.addEventListener("click", () => {
  const first = shown;
  showMore(wordsAsked(form.elements.q.value));
  results.children[first].querySelector("a, summary").focus();
});
for (const box of document.querySelectorAll("input[name=area]")) {
  box.addEventListener("change", () => {
    chooseArea(box);
    keepInAddress();
    compareAreas();
  });
}
window.addEventListener("hashchange", () => {
  readAddress();
  find();
  compareAreas();
});
start();
