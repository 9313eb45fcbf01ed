(function () {
  "use strict";

  // light or dark: as the system says until the reader chooses; set before anything is painted
  var root = document.documentElement;
  function remembered() {
    try { return localStorage.getItem("foresay-theme"); } catch (_) { return null; }
  }
  function remember(theme) {
    try { localStorage.setItem("foresay-theme", theme); } catch (_) { /* for this page only */ }
  }
  var chosen = remembered();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  function themeToggle() {
    var button = document.querySelector(".theme-toggle");
    if (!button) return;
    var system = window.matchMedia("(prefers-color-scheme: dark)");
    function dark() { return root.dataset.theme ? root.dataset.theme === "dark" : system.matches; }
    // it says what it does
    function label() { button.textContent = dark() ? "Light colours" : "Dark colours"; }
    button.addEventListener("click", function () {
      root.dataset.theme = dark() ? "light" : "dark";
      remember(root.dataset.theme);
      label();
    });
    system.addEventListener("change", label);
    label();
    button.hidden = false;
  }

  // without this script every tab is shown, one after the other
  function tabs(set, number) {
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
    function show(on, focus) {
      buttons.forEach(function (button, at) {
        button.setAttribute("aria-selected", String(at === on));
        button.tabIndex = at === on ? 0 : -1;
        panels[at].hidden = at !== on;
      });
      if (focus) buttons[on].focus();
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
    panels.forEach(function (panel, at) {
      panel.addEventListener("reveal", function () { show(at, false); });
    });
  }

  // a link may lead into a tab or a fold that is closed
  function reveal() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    var hidden = false;
    for (var at = target; at; at = at.parentElement) {
      if (at.matches(".tab[hidden]")) { at.dispatchEvent(new Event("reveal")); hidden = true; }
      if (at.matches("details:not([open])")) { at.open = true; hidden = true; }
    }
    if (hidden) target.scrollIntoView();
  }

  // paper has no folds
  function unfoldOnPaper() {
    var folded = [];
    window.addEventListener("beforeprint", function () {
      folded = Array.from(document.querySelectorAll("main details:not([open])"));
      folded.forEach(function (each) { each.open = true; });
    });
    window.addEventListener("afterprint", function () {
      folded.forEach(function (each) { each.open = false; });
    });
  }

  // what scrolls is a stop of the keyboard, and a named region, only where it has to be scrolled
  function scrolling(frame) {
    if (frame.matches("pre")) frame.setAttribute("aria-label", "Code");
    if (frame.matches(".equation")) frame.setAttribute("aria-label", "Equation");
    var named = frame.hasAttribute("aria-label") || frame.hasAttribute("aria-labelledby");
    function adapt() {
      var wide = frame.scrollWidth > frame.clientWidth + 1;
      frame.classList.toggle("is-wide", wide);
      if (wide) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
      if (wide && named) frame.setAttribute("role", "region");
      else frame.removeAttribute("role");
    }
    new ResizeObserver(adapt).observe(frame);
    adapt();
  }

  // the contents fold away on a narrow screen, and mark where the reader is
  function contents(list) {
    var fold = list.querySelector("details");
    var wide = window.matchMedia("(min-width: 63rem)");
    function adapt() { fold.open = wide.matches; }
    adapt();
    wide.addEventListener("change", adapt);
    list.querySelector("summary").addEventListener("click", function (event) {
      if (wide.matches) event.preventDefault();
    });
    list.addEventListener("click", function (event) {
      if (event.target.closest("a") && !wide.matches) fold.open = false;
    });
    var links = new Map();
    list.querySelectorAll("a").forEach(function (link) {
      if (link.pathname !== location.pathname || !link.hash) return;
      var target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target) links.set(target.querySelector("h2, h3, h4") || target, link);
    });
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        links.forEach(function (link) {
          if (link.getAttribute("aria-current") === "true") link.removeAttribute("aria-current");
        });
        var link = links.get(entry.target);
        if (!link.hasAttribute("aria-current")) link.setAttribute("aria-current", "true");
      });
    }, { rootMargin: "0px 0px -70% 0px" });
    links.forEach(function (_, heading) { observer.observe(heading); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    themeToggle();
    document.querySelectorAll(".tabset").forEach(tabs);
    document.querySelectorAll("main :is(.table-scroll, pre, .equation, :is(p, dd):has(> math))").forEach(scrolling);
    document.querySelectorAll(".contents").forEach(contents);
    unfoldOnPaper();
    window.addEventListener("hashchange", reveal);
    reveal();
  });
})();
