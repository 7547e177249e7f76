"use strict";
// The search through findings, points, themes, tables and quotations, and the areas side by side.
// Everything shown is built of text nodes: words of a study are never read as HTML.

const said = JSON.parse(document.getElementById("said").textContent);
const studies = new Map(said.studies.map((study) => [study.name, study]));
const KINDS = { finding: "Finding", point: "Point", theme: "Theme", table: "Table", quotation: "Quotation" };
const PLURALS = { finding: "findings", point: "points", theme: "themes", table: "tables", quotation: "quotations" };
const OF_STUDY = new Set(["theme", "client_group"]); // chosen as STUDY/NAME, for each study has its own
const FACETS = { area_type: "area_types", theme: "themes", client_group: "client_groups", stance: "stances" };
const SMALL_WORDS = new Set(
  "a about an and are area areas at been by did do for from how in is it of on or said say says that the they to was were what with who".split(" "),
);
const AT_ONCE = 50;
const SILENT = "No sentence here has these words. That does not mean that nothing was said: try fewer words, or choose a theme.";
const CROSSED = "No sentence here fits all that you chose. That does not mean that nothing was said: try fewer words or choices.";
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
  entry.meant = plain([entry.definition, entry.include].filter(Boolean).join("; "));
  entry.elsewhere = plain(entry.exclude || "");
  entry.named = plain([entry.under, ...Object.values(entry.about).flat()].filter(Boolean).join("; "));
}

// --- what the reader chose, and the address that keeps it

function chosen() {
  const values = Object.fromEntries(new FormData(form).entries());
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));
}

function divided(key) {
  return [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
}

function nameOf(choice, name) {
  return OF_STUDY.has(name) ? divided(choice[name])[1] : choice[name];
}

function namesAsked(choice) {
  return Object.keys(FACETS).filter((name) => choice[name]).map((name) => nameOf(choice, name));
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
  const only = form.elements.study.value;
  const chosenStudies = said.studies.filter((study) => !only || study.name === only);
  const entries = said.entries.filter((entry) => !only || entry.study === only);
  const kinds = Object.keys(KINDS).filter((kind) => entries.some((entry) => entry.kind === kind));
  offer("kind", kinds.map((kind) => option(kind, capital(PLURALS[kind]))));
  for (const name in FACETS) {
    const own = (study) => namesIn(name, entries.filter((entry) => entry.study === study.name));
    const keyed = (study) => own(study).map((value) => option(`${study.name}/${value}`, capital(value)));
    offer(name, OF_STUDY.has(name) ? byStudy(chosenStudies, keyed) : namesIn(name, entries).map((value) => option(value)));
  }
  offer("place", byStudy(chosenStudies, placesOf));
}

function namesIn(name, entries) {
  const values = new Set(entries.flatMap((entry) => entry.about[FACETS[name]] || []));
  return [...values].sort((one, other) => one.localeCompare(other, "en-GB"));
}

function placesOf(study) {
  return Object.entries(study.places).map(([name, place]) =>
    option(`${study.name}/${name}`, place.title + (place.area_id ? " (area)" : "")),
  );
}

// Where more than one study is shown, what each has is under its title.
function byStudy(shownStudies, optionsOf) {
  if (shownStudies.length === 1) return optionsOf(shownStudies[0]);
  return shownStudies.map((study) => make("optgroup", { label: study.title }, ...optionsOf(study))).filter((group) => group.children.length);
}

function option(value, words = capital(value)) {
  return make("option", { value }, words);
}

function offer(name, options) {
  const select = form.elements[name];
  const before = select.value;
  while (select.children.length > 1) select.lastChild.remove();
  select.append(...options);
  choose(select, before);
}

// --- finding

function fits(entry, choice, words) {
  if (choice.kind && entry.kind !== choice.kind) return false;
  if (choice.study && entry.study !== choice.study) return false;
  if (choice.place && !standsIn(entry, choice.place)) return false;
  for (const name in FACETS) {
    if (choice[name] && !isAbout(entry, choice, name)) return false;
  }
  const texts = [entry.said, entry.named, entry.meant, entry.elsewhere];
  return words.every((word) => texts.some((text) => has(text, word)));
}

function isAbout(entry, choice, name) {
  const ofStudy = !OF_STUDY.has(name) || divided(choice[name])[0] === entry.study;
  return ofStudy && (entry.about[FACETS[name]] || []).includes(nameOf(choice, name));
}

// Themes of the codebook with one of the words, for a reader whose words are in no sentence.
function themesNear(choice, words) {
  const themes = said.entries.filter((entry) => entry.kind === "theme" && (!choice.study || entry.study === choice.study));
  return themes.filter((theme) => words.some((word) => has(theme.said, word) || has(theme.meant, word)));
}

// An area is found in its own report and wherever else it is named.
function standsIn(entry, place) {
  const [study, name] = divided(place);
  if (entry.study !== study) return false;
  const area = studies.get(study).places[name];
  const named = area && area.area_id && (entry.about.areas || []).includes(area.title);
  return named || entry.at.some((at) => at.place === name);
}

// What says it in its own words comes before what only rests on evidence of it.
function nearness(entry, choice, words) {
  const inWords = words.filter((word) => has(entry.said, word) || has(entry.meant, word)).length;
  const inNames = namesAsked(choice).filter((value) => entry.said.includes(plain(value))).length;
  return inWords + inNames + (choice.q && entry.said.includes(plain(choice.q)) ? 1 : 0);
}

function find() {
  const choice = chosen();
  const words = wordsAsked(choice.q || "");
  const asked = Object.keys(choice).length > 0;
  const order = Object.keys(KINDS);
  const fitting = asked ? said.entries.filter((entry) => fits(entry, choice, words)) : [];
  found = fitting.length ? fitting : themesNear(choice, words);
  const near = new Map(found.map((entry) => [entry, nearness(entry, choice, words)]));
  found.sort((one, other) => near.get(other) - near.get(one) || order.indexOf(one.kind) - order.indexOf(other.kind));
  results.replaceChildren();
  shown = 0;
  showMore(words);
  tellCount(asked, choice, words);
}

function tellCount(asked, choice, words) {
  document.getElementById("count").textContent = asked ? told(choice, words) : "";
  document.getElementById("clear").hidden = !asked;
  document.getElementById("starts").hidden = asked;
}

// That no sentence has the words is said even where the codebook has them: silence here is no finding.
function told(choice, words) {
  const ofKind = (kind) => found.filter((entry) => entry.kind === kind).length;
  const numbers = Object.keys(KINDS).filter(ofKind).map((kind) => counted(ofKind(kind), kind)).join(", ");
  const onlyThemes = found.length === ofKind("theme") && choice.kind !== "theme";
  const none = Object.keys(choice).some((name) => name !== "q") ? CROSSED : SILENT;
  if (!words.length || !onlyThemes) return numbers || none;
  return numbers ? `${none} With such words in the codebook: ${numbers}.` : none;
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
  if (entry.said_by) item.append(make("p", { className: "by" }, entry.kind === "point" ? entry.said_by : saidBy(entry)));
  const alsoNamed = namedOnly(entry, words);
  if (alsoNamed.length) item.append(make("p", { className: "named" }, "About: ", ...marked(alsoNamed.join("; "), words)));
  item.append(...(entry.kind === "theme" ? theme(entry, study, words) : [standing("In ", entry, study), evidence(entry, study)]));
  return item;
}

function quoted(entry, nodes) {
  return entry.kind === "quotation" ? ["“", ...nodes, "”"] : nodes;
}

function saidBy(quotation) {
  return `${quotation.said_by}${quotation.under ? ". Under: " + quotation.under : ""}`;
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
  const asked = namesAsked(chosen());
  const names = [entry.under || "", ...Object.values(entry.about).flat()].filter((name) => !entry.said.includes(plain(name)));
  return names.filter((name) => asked.includes(name) || unsaid.some((word) => has(plain(name), word)));
}

// A theme tells what it means; what belongs to it and what does not where it has one of the words.
function theme(entry, study, words) {
  const parts = [["", entry.definition], ["Belongs here: ", entry.include], ["Belongs elsewhere: ", entry.exclude]];
  const shownParts = parts.filter(([label, text]) => text && (!label || words.some((word) => has(plain(text), word))));
  const lines = shownParts.map(([label, text]) => make("p", { className: "meant" }, label, ...marked(text, words)));
  const defined = entry.at.length ? [standing("Defined in ", entry, study)] : [];
  return [...lines, saidUnder(entry), ...defined];
}

function saidUnder({ study, words, counts }) {
  const address = new URLSearchParams({ study, theme: `${study}/${words}` });
  const numbers = Object.entries(counts).map(([kind, number]) => counted(number, kind)).join(", ");
  const shows = link("#" + address, `Show what is said under ${words}`);
  return make("p", {}, ...(numbers ? [shows, ` (${numbers})`] : ["No finding, point, table or quotation here is about it."]));
}

function standing(before, entry, study) {
  const line = make("p", { className: "at" }, before);
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
  const lines = [...(entry.behind || []), ...(entry.evidence || []).map((unit) => study.units[unit]).filter(Boolean)];
  const parts = [];
  if (lines.length) parts.push(make("ul", {}, ...lines.map((line) => make("li", {}, line))));
  for (const at of entry.at.filter((each) => each.passages)) parts.push(...passagesAt(at, study));
  if (entry.below) parts.push(make("p", {}, entry.below));
  if (entry.source) parts.push(make("p", {}, `Source: ${entry.source}.`));
  if (entry.file) parts.push(make("p", {}, link(entry.file, "The numbers of this table (CSV)")));
  parts.push(make("p", {}, `Study: ${study.title}. ${study.status}.`), whereMade(entry, study));
  return parts;
}

// A sentence may be in several places and open to passages in one of them alone.
function passagesAt(at, study) {
  return [make("p", {}, "Passages shown in ", standsAt(at, study), ":"), ...at.passages.map(quotation)];
}

function quotation({ under, words, said_by }) {
  const named = under ? [make("b", {}, `${under}: `)] : [];
  return make("blockquote", {}, make("p", {}, ...named, `“${words}”`), make("p", {}, said_by));
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
  const comparison = document.getElementById("comparison");
  if (!comparison) return; // no study has reports on two areas
  const reports = areasChosen().map(reportOf);
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
    const heading = under && under !== section && !isWritten(name) ? [make("h3", {}, under)] : [];
    section = under || section;
    return [...heading, row(reports, told)];
  });
}

// Findings that an author has written share nothing but their order: each has its own heading.
function isWritten(name) {
  return name.startsWith("written_");
}

function row(reports, told) {
  const alike = told.every((finding) => finding && finding.words === told[0].words);
  const cells = alike
    ? [make("li", { className: "alike" }, make("b", {}, "In all of these reports"), make("p", {}, told[0].words))]
    : reports.map((report, index) => cell(report, told[index]));
  return make("ul", { className: "row" }, ...cells);
}

function cell(report, finding) {
  if (!finding) return make("li", {}, make("b", {}, report.title), make("p", { className: "none" }, "No sentence on this; ", link(report.page, "its report"), " may have a table."));
  const where = link(`${report.page}#${finding.anchor}`, report.title);
  const heading = isWritten(finding.name) && finding.section ? [make("p", {}, make("b", {}, finding.section))] : [];
  return make("li", {}, make("b", {}, where), ...heading, make("p", {}, finding.words));
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
  offer("study", said.studies.map((study) => option(study.name, study.title)));
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
