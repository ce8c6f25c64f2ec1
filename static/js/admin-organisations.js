/** Completes the name of an organisation in the queue's filter, among those whose applications the examiner sees. */

const SHORTEST = 2;
const PAUSE = 200;

for (const field of document.querySelectorAll("input[data-organisations]")) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-list`;
  field.after(list);
  field.setAttribute("list", list.id);
  let waiting;
  let last = 0;

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(field.value.trim()), PAUSE);
  });

  async function ask(text) {
    if (text.length < SHORTEST) return;
    const mine = ++last;
    try {
      const answer = await fetch(`${field.dataset.organisations}?${new URLSearchParams({ q: text })}`);
      if (!answer.ok || mine !== last) return;
      const { organisations } = await answer.json();
      list.replaceChildren(...organisations.map((name) => Object.assign(document.createElement("option"), { value: name })));
    } catch {
      // The field filters by what is typed all the same.
    }
  }
}
