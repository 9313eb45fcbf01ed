(function () {
  "use strict";
  // tab sets: without this script every tab is shown, one after the other
  document.querySelectorAll(".tabset").forEach(function (set, number) {
    var panels = Array.from(set.querySelectorAll(":scope > .tab"));
    if (!panels.length) return;
    var list = document.createElement("div");
    list.className = "tab-list";
    list.setAttribute("role", "tablist");
    var buttons = panels.map(function (panel, at) {
      var title = panel.querySelector(".tab-title");
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = title.textContent.trim();
      button.id = "tab-" + number + "-" + at;
      button.setAttribute("role", "tab");
      panel.id = panel.id || "panel-" + number + "-" + at;
      button.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      title.hidden = true;
      list.appendChild(button);
      return button;
    });
    function show(chosen, focus) {
      buttons.forEach(function (button, at) {
        var on = at === chosen;
        button.setAttribute("aria-selected", String(on));
        button.tabIndex = on ? 0 : -1;
        panels[at].hidden = !on;
      });
      if (focus) buttons[chosen].focus();
    }
    list.addEventListener("click", function (event) {
      var at = buttons.indexOf(event.target);
      if (at >= 0) show(at, false);
    });
    list.addEventListener("keydown", function (event) {
      var at = buttons.indexOf(document.activeElement);
      var last = buttons.length - 1;
      var to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
      if (at >= 0 && to !== undefined) { event.preventDefault(); show(to, true); }
    });
    set.insertBefore(list, panels[0]);
    show(0, false);
  });

  // the contents fold away on a narrow screen, and mark where the reader is
  var contents = document.querySelector(".contents");
  if (!contents) return;
  var fold = contents.querySelector("details");
  var wide = window.matchMedia("(min-width: 63rem)");
  function adapt() { fold.open = wide.matches; }
  adapt();
  wide.addEventListener("change", adapt);
  contents.querySelector("summary").addEventListener("click", function (event) {
    if (wide.matches) event.preventDefault();
  });
  contents.addEventListener("click", function (event) {
    if (event.target.closest("a") && !wide.matches) fold.open = false;
  });
  if (!("IntersectionObserver" in window)) return;
  var links = new Map();
  contents.querySelectorAll("a").forEach(function (link) {
    var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) links.set(target.querySelector("h2, h3, h4") || target, link);
  });
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      links.forEach(function (link) { link.removeAttribute("aria-current"); });
      links.get(entry.target).setAttribute("aria-current", "true");
    });
  }, { rootMargin: "0px 0px -70% 0px" });
  links.forEach(function (_, heading) { observer.observe(heading); });
})();
