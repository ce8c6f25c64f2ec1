/**
 * What the server says of a page that was saved, put into the page that is open without disturbing whoever fills it.
 */

export const FIELD = ".fr-input-group, .fr-select-group, .fr-checkbox-group, .fr-radio-group, .fr-upload-group";

/* The fault of one field as the server tells it, put in or taken away; the words, where they are new. */
export function showFault(field, fresh) {
  const isGroup = field.matches("fieldset");
  const root = isGroup ? field : field.closest("fieldset.fr-fieldset[id^='id_']") ?? field;
  const id = root.id;
  const wrapper = root.matches("fieldset") ? root : root.closest(FIELD);
  const theirs = fresh.getElementById(id);
  if (!wrapper || !theirs) return "";
  const [old, block] = [wrapper.querySelector(`[id='${id}_error']`), fresh.getElementById(`${id}_error`)];
  const words = block?.textContent.trim() ?? "";
  if ((old?.textContent.trim() ?? "") === words) return "";
  old?.remove();
  if (block) wrapper.append(document.importNode(block, true));
  const kind = [...wrapper.classList].find((name) => /^fr-(fieldset|(input|select|checkbox|radio|upload)-group)$/.test(name));
  if (kind) wrapper.classList.toggle(`${kind}--error`, Boolean(block));
  describe(root, `${id}_error`, Boolean(block));
  return words && `${labelOf(root)}\u00a0: ${words}`;
}

function describe(field, id, isFaulty) {
  const others = (field.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((name) => name && name !== id);
  const names = isFaulty ? [...others, id] : others;
  if (names.length) field.setAttribute("aria-describedby", names.join(" "));
  else field.removeAttribute("aria-describedby");
  if (field.matches("fieldset")) return;
  if (isFaulty) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function labelOf(field) {
  const label = field.matches("fieldset") ? field.querySelector("legend") : field.labels?.[0];
  return label?.firstChild?.textContent.trim() ?? "";
}

/* The list on top of a page that came back with faults: those that remain, without calling out again. */
export function showList(fresh) {
  const list = document.getElementById("erreurs");
  if (!list || list.contains(document.activeElement)) return;
  const other = fresh.getElementById("erreurs");
  list.removeAttribute("role");
  if (other) list.replaceChildren(...document.importNode(other, true).childNodes);
  else list.remove();
}

/* The four findings as they now are; said are those that changed. */
export function showFindings(fresh) {
  const read = (root) => [...root.querySelectorAll("[data-reading]")].map((item) => item.textContent.replace(/\s+/g, " ").trim());
  const before = new Set(read(document));
  for (const part of document.querySelectorAll("[data-verdict]")) {
    const other = fresh.getElementById(part.id);
    if (other && !part.contains(document.activeElement)) part.replaceChildren(...document.importNode(other, true).childNodes);
  }
  return read(fresh).filter((words) => !before.has(words)).map((words) => `${words}.`);
}
