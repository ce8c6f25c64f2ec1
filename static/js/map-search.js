/**
 * The filters of the map page without loading it again. A change is given to the map at once; the server's own page of
 * that search is then asked for, and what it says of tags, counts, choices and list takes the place of what was there.
 */

const SETTLE = 250; // ms: several boxes are ticked in a row

/** `show(query, { isNew })` is called at each change, `settle(query, data)` with the data of the server's page; `ask(query)` is returned. */
export function followSearch({ show, settle }) {
  const form = document.querySelector("form[data-filters]");
  let last = queryOf(form);
  let turn = 0;
  let timer;

  async function ask(query, { isNew = true, isOfForm = false } = {}) {
    clearTimeout(timer);
    if (query === last) return;
    last = query;
    const mine = ++turn;
    const address = `${location.pathname}${query ? `?${query}` : ""}`;
    if (isNew) history.pushState(null, "", address + location.hash);
    show(query, { isNew });
    document.getElementById("map-list").setAttribute("aria-busy", "true");
    try {
      const page = await pageAt(address);
      if (mine !== turn) return;
      renew(page);
      if (!isOfForm) replaceFields(form, page.querySelector("form[data-filters]"));
      else if (queryOf(form) === query) renewWords(form, page.querySelector("form[data-filters]"));
      keepFocus();
      settle(query, JSON.parse(page.getElementById("map-data").textContent));
    } catch {
      location.assign(address);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(queryOf(form), { isOfForm: true });
  });
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(queryOf(form), { isOfForm: true }), SETTLE);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".filters a, #map-results a, #map-list a");
    if (!link || !isPlain(event) || link.pathname !== location.pathname || link.hash) return;
    event.preventDefault();
    ask(link.search.slice(1));
  });
  addEventListener("popstate", () => ask(location.search.slice(1), { isNew: false }));
  return ask;
}

const isPlain = ({ button, metaKey, ctrlKey, shiftKey, altKey }) => !button && !metaKey && !ctrlKey && !shiftKey && !altKey;

/** As the form would send it: filters.js leaves out what is empty. */
const queryOf = (form) => new URLSearchParams(new FormData(form)).toString();

async function pageAt(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function renew(page) {
  document.querySelector("h1").textContent = page.querySelector("h1").textContent;
  document.getElementById("map-embed").search = page.getElementById("map-embed").search;
  const [fold, freshFold] = [document, page].map((root) => root.querySelector("[data-filters-fold] > summary"));
  fold.replaceChildren(...freshFold.childNodes);
  renewResults(document.getElementById("map-results"), page.getElementById("map-results"));
  const list = document.getElementById("map-list");
  list.replaceChildren(...page.getElementById("map-list").childNodes);
  list.removeAttribute("aria-busy");
  document.getElementById("map-feeds").replaceChildren(...page.getElementById("map-feeds").childNodes);
  const [alternates, fresh] = [document, page].map((root) => root.querySelectorAll("link[rel=alternate]"));
  alternates.forEach((link, rank) => link.setAttribute("href", fresh[rank].getAttribute("href")));
}

/** What had the focus may be gone with its filter. */
function keepFocus() {
  if (document.activeElement === document.body) document.getElementById("resultats").focus();
}

/** Around the live count, which stays in its place so that its change is announced. */
function renewResults(old, fresh) {
  const [count, freshCount] = [old, fresh].map((root) => root.querySelector("#resultats"));
  if (count.textContent !== freshCount.textContent) count.replaceChildren(...freshCount.childNodes);
  for (const node of [...old.childNodes]) if (node !== count) node.remove();
  const nodes = [...fresh.childNodes];
  const rank = nodes.indexOf(freshCount);
  count.before(...nodes.slice(0, rank));
  count.after(...nodes.slice(rank + 1));
}

/** The words beside the fields, which keep what is typed; all of them where one is at fault. */
function renewWords(form, fresh) {
  const [words, freshWords] = [form, fresh].map((root) => [...root.querySelectorAll("label, summary, option")]);
  const isAtFault = [form, fresh].some((one) => one.querySelector(".fr-error-text"));
  if (isAtFault || words.length !== freshWords.length) return replaceFields(form, fresh);
  words.forEach((label, rank) => label.replaceChildren(...freshWords[rank].childNodes));
  const [deeds, freshDeeds] = [form, fresh].map((root) => root.querySelector(".fr-btns-group"));
  for (const deed of [...deeds.children].slice(1)) deed.remove();
  deeds.append(...[...freshDeeds.children].slice(1));
}

/** What was unfolded stays so, and the field that had the focus has it again. */
function replaceFields(form, fresh) {
  const focused = form.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...form.querySelectorAll("details")].map((fold) => fold.open);
  form.replaceChildren(...fresh.childNodes);
  form.querySelectorAll("details").forEach((fold, rank) => (fold.open ||= open[rank] ?? false));
  if (focused) document.getElementById(focused)?.focus();
}
