// Keeps a page current: every three seconds it is read again, and the parts that changed are replaced where they are.
// What the reader opened stays open, and nothing changes under a text that is selected or a field that is used or checked. A page that
// takes long to be made is read less often, so that looking costs the server at most a twentieth of its time.
(() => {
  const every = 3000;
  const rest = 20;

  const busy = () => {
    const selection = document.getSelection();
    const focused = document.activeElement;
    return document.hidden
      || (selection && !selection.isCollapsed)
      || (focused && focused.closest("[data-live]") !== null)
      || document.querySelector("[data-live] input:checked") !== null;
  };

  const replace = (now, next) => {
    if (now.dataset.html === next.innerHTML) {
      return;
    }
    now.dataset.html = next.innerHTML;
    const places = [...now.querySelectorAll(".scroll")].map(part => [part.scrollLeft, part.scrollTop]);
    next.querySelectorAll("details[id]").forEach(details => {
      const shown = document.getElementById(details.id);
      details.open = shown !== null && shown.open === true;
    });
    now.replaceChildren(...next.childNodes);
    now.querySelectorAll(".scroll").forEach((part, i) => {
      [part.scrollLeft, part.scrollTop] = places[i] || [0, 0];
    });
    count();
  };

  const refresh = async () => {
    const begun = performance.now();
    try {
      if (!busy()) {
        const answer = await fetch(location.href, { headers: { Accept: "text/html", "Cloacina-Refresh": "true" } });
        // Without content the server has other things to do: what is shown stays.
        if (answer.status === 200 && !answer.redirected && !busy()) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          document.querySelectorAll("[data-live]").forEach(now => {
            const next = page.getElementById(now.id);
            if (next !== null) {
              replace(now, next);
            }
          });
        }
      }
    } catch (e) {
      // the server is not reached: what is shown stays, and the next try may succeed
    }
    setTimeout(refresh, Math.max(every, rest * (performance.now() - begun)));
  };

  // One box selects all of the page; without a script it is not there. The list may be replaced, so the document listens.
  const boxes = () => [...document.querySelectorAll("input[name=selected]")];
  const all = () => document.getElementById("all");

  const count = () => {
    const checked = boxes().filter(box => box.checked).length;
    if (all() !== null) {
      all().hidden = false;
      all().checked = checked > 0 && checked === boxes().length;
      all().indeterminate = checked > 0 && checked < boxes().length;
    }
  };

  document.addEventListener("change", event => {
    if (event.target === all()) {
      boxes().forEach(box => {
        box.checked = event.target.checked;
      });
    }
    count();
  });
  window.addEventListener("pageshow", count);

  if (document.querySelector("[data-live]") !== null) {
    setTimeout(refresh, every);
  }
})();
