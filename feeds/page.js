// feedgen-kusama: copies addresses and snippets, and lets the preview grow. Pages can be read without it.
(() => {
  const status = document.createElement("p");
  status.className = "hidden";
  status.role = "status";
  document.body.append(status);

  const select = (node) => getSelection().selectAllChildren(node);

  async function copy(node) {
    try {
      await navigator.clipboard.writeText(node.textContent.trim());
      return true;
    } catch { // no permission, or a page over plain http
      select(node);
      return document.execCommand("copy");
    }
  }

  function tell(button, words) {
    const before = button.dataset.words ?? (button.dataset.words = button.textContent);
    button.textContent = status.textContent = words;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => {
      button.textContent = before;
      status.textContent = "";
    }, 2500);
  }

  for (const button of document.querySelectorAll(".copyable > button")) {
    const node = button.previousElementSibling;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (await copy(node)) return tell(button, "Copied");
      select(node);
      tell(button, "Selected");
    });
  }

  addEventListener("message", ({ origin, source, data }) => {
    if (!["null", location.origin].includes(origin) || data?.type !== "feedgen-kusama:height") return;
    for (const frame of document.querySelectorAll("iframe.preview"))
      if (frame.contentWindow === source) frame.height = Math.min(data.height, 5000);
  });
})();
