/** What draws a small map is heavy: it waits in a template, and starts, in its order, when the map is about to be seen. */

const NEARLY = "300px";
const frame = document.querySelector("[data-when-seen]");
const { content } = document.getElementById(frame.dataset.whenSeen);
const watch = new IntersectionObserver(start, { rootMargin: NEARLY });
watch.observe(frame);

function start(entries) {
  if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
  watch.disconnect();
  // Otherwise scripts that are added run as they come.
  for (const script of content.querySelectorAll("script[src]")) script.async = false;
  document.body.append(content);
}
