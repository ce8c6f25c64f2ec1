/** Proposes the window around an edition's week, 15 days before and after, as long as nobody chose another. */

const DAY = 24 * 3600 * 1000;
const field = (name) => document.getElementById(`id_${name}`);

function proposal(value, days) {
  const day = Date.parse(value);
  return Number.isNaN(day) ? "" : new Date(day + days * DAY).toISOString().slice(0, 10);
}

function follow(week, window, days) {
  let proposed = proposal(week.value, days);
  const fill = () => {
    if (window.value && window.value !== proposed) return;
    proposed = proposal(week.value, days);
    window.value = proposed;
  };
  week.addEventListener("change", fill);
}

const tolerance = Number(field("window_starts_on").dataset.tolerance);
follow(field("week_starts_on"), field("window_starts_on"), -tolerance);
follow(field("week_ends_on"), field("window_ends_on"), tolerance);
