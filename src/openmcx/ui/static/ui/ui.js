// What scripts add to pages that are complete without them: tabs for languages, a search in long lists, the progress of
// an upload, and one box that ticks all. Nothing is loaded from elsewhere, nothing is stored.
(() => {
  "use strict";

  const make = (name, attributes = {}, text = "") => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };

  // --- tabs for the languages of a text -------------------------------------------------------------------------------
  const languageTabs = (root) => {
    const boxes = [...root.querySelectorAll(":scope > .lang-box")];
    const fieldOf = (box) => box.querySelector("input:not([type=hidden]), textarea");
    const fields = boxes.map(fieldOf);
    const tabs = [];
    const tablist = make("div", { class: "lang-tabs", role: "tablist" });
    const legend = root.closest("fieldset")?.querySelector("legend");
    tablist.setAttribute("aria-label", legend ? legend.textContent.trim() : fields[0].name);
    const choose = (chosen, focus) => {
      tabs.forEach((tab, place) => {
        tab.setAttribute("aria-selected", String(place === chosen));
        tab.tabIndex = place === chosen ? 0 : -1;
        boxes[place].hidden = place !== chosen;
      });
      if (focus) tabs[chosen].focus();
    };
    const markMissing = () => {
      const some = fields.some((field) => field.value.trim());
      tabs.forEach((tab, place) => {
        tab.querySelector(".lang-tab-missing").hidden = !some || Boolean(fields[place].value.trim());
      });
    };
    const addTab = (box, place) => {
      const tab = make("button", { type: "button", role: "tab", id: `${fields[place].id}-tab` });
      tab.append(make("span", { lang: fields[place].lang }, box.querySelector("label").firstChild.textContent.trim()));
      tab.append(" ", make("span", { class: "lang-tab-missing" }, root.dataset.missing));
      box.id = `${fields[place].id}-panel`;
      box.setAttribute("role", "tabpanel");
      box.setAttribute("aria-labelledby", tab.id);
      tab.setAttribute("aria-controls", box.id);
      tab.addEventListener("click", () => choose(place, false));
      fields[place].addEventListener("focus", () => choose(place, false));
      tablist.append(tab);
      tabs.push(tab);
    };
    // Two languages stand below one another; more are tabs.
    const showTabs = () => {
      if (boxes.length < 3) return;
      if (!tabs.length) {
        root.prepend(tablist);
        root.classList.add("lang-tabbed");
      }
      boxes.slice(tabs.length).forEach((box) => addTab(box, tabs.length));
      markMissing();
    };
    tablist.addEventListener("keydown", (event) => {
      const rtl = getComputedStyle(tablist).direction === "rtl";
      const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
      const now = tabs.findIndex((tab) => tab.tabIndex === 0);
      const next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1
        : step ? (now + step + tabs.length) % tabs.length : -1;
      if (next < 0) return;
      event.preventDefault();
      choose(next, true);
    });
    root.addEventListener("input", markMissing);
    // Links of the error summary lead to a box; it must be visible to take the focus.
    root.revealFor = (target) => {
      const place = fields.indexOf(target);
      if (place >= 0) choose(place, false);
    };
    // The button for a further language: its box is made here, where without a script the form comes back with it.
    const more = root.nextElementSibling?.matches(".lang-more") ? root.nextElementSibling : null;
    more?.querySelector("button").addEventListener("click", (event) => {
      const select = more.querySelector("select");
      const option = select.selectedOptions[0];
      if (!option.value) return;
      event.preventDefault();
      const field = fields[0].cloneNode(false);
      const name = fields[0].name.slice(0, -fields[0].lang.length - 1);
      for (const other of ["value", "aria-invalid", "autofocus"]) field.removeAttribute(other);
      field.name = `${name}_${option.value}`;
      field.id = fields[0].id.replace(/\d+$/, String(boxes.length));
      field.lang = option.value;
      field.value = "";
      const box = make("div", { class: "lang-box" });
      const label = make("label", { for: field.id }, `${option.dataset.name} `);
      label.append(make("span", { class: "lang-missing", hidden: "" }, root.dataset.missing));
      box.append(make("input", { type: "hidden", name: `${name}-language`, value: option.value }), label, field);
      root.append(box);
      boxes.push(box);
      fields.push(field);
      option.remove();
      select.value = "";
      showTabs();
      if (tabs.length) choose(tabs.length - 1, false);
      field.focus();
    });
    showTabs();
    if (!tabs.length) return;
    const own = fields.findIndex((field) => field.lang === document.documentElement.lang);
    const invalid = fields.findIndex((field) => field.getAttribute("aria-invalid") === "true" && field.value.trim());
    const asked = fields.findIndex((field) => field.autofocus);
    choose(asked >= 0 ? asked : invalid >= 0 ? invalid : Math.max(own, 0), false);
    if (asked >= 0) fields[asked].focus();
  };

  // --- a search in a long list ----------------------------------------------------------------------------------------
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const autocomplete = (select) => {
    const MOST = 500; // what is beyond is named by its number
    const id = select.id;
    const box = make("div", { class: "autocomplete" });
    const input = make("input", {
      type: "text", class: "form-control", role: "combobox", autocomplete: "off", id,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-options`,
    });
    for (const name of ["aria-describedby", "aria-invalid", "required", "lang"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    const list = make("ul", { class: "autocomplete-options", role: "listbox", id: `${id}-options` });
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    list.setAttribute("aria-label", label ? label.textContent.trim() : select.name);
    list.hidden = true;
    const status = make("p", { class: "autocomplete-said visually-hidden", role: "status" });
    const panel = make("div", { class: "autocomplete-panel" });
    panel.append(list, status);
    select.id = `${id}-list`;
    select.removeAttribute("required");
    select.hidden = true;
    select.before(box);
    box.append(input, panel, select);
    let active = -1;

    const current = () => select.options[select.selectedIndex];
    const said = () => (current() && current().value ? current().text : "");
    const say = (text, isShown) => {
      status.textContent = text;
      status.classList.toggle("visually-hidden", !isShown);
    };
    const close = () => {
      list.hidden = true;
      say("", false);
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      active = -1;
    };
    const mark = (place) => {
      const items = [...list.querySelectorAll("[role=option]")];
      active = place < items.length ? place : -1;
      items.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", items[active].id);
      items[active].scrollIntoView({ block: "nearest" });
    };
    const open = (everything) => {
      const words = everything ? [] : plain(input.value).split(/\s+/).filter(Boolean);
      const found = [...select.options].filter(
        (option) => option.value && words.every((word) => plain(option.text).includes(word)),
      );
      list.replaceChildren(...found.slice(0, MOST).map((option, number) => {
        const item = make("li", { role: "option", id: `${id}-option-${number}`, "aria-selected": "false" }, option.text);
        if (option.lang) item.lang = option.lang;
        item.dataset.value = option.value;
        return item;
      }));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      const { none, found: told, more } = select.dataset;
      const counted = told.replace("{count}", found.length);
      if (!found.length) say(none, true);
      else if (found.length > MOST) say(`${counted}. ${more.replace("{count}", found.length - MOST)}`, true);
      else say(counted, false);
      mark(everything ? found.findIndex((option) => option === current()) : found.length && words.length ? 0 : -1);
    };
    const take = (value) => {
      select.value = value;
      input.value = said();
      close();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    input.value = said();
    input.addEventListener("input", () => open(false));
    input.addEventListener("click", () => (list.hidden ? open(true) : close()));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) return open(true);
        const number = list.children.length;
        mark(event.key === "ArrowDown" ? (active + 1) % number : (active > 0 ? active : number) - 1);
      } else if (event.key === "Enter" && !list.hidden && active >= 0) {
        event.preventDefault();
        take(list.querySelectorAll("[role=option]")[active].dataset.value);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        input.value = said();
        close();
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) take(item.dataset.value);
    });
    input.addEventListener("blur", () => {
      const same = [...select.options].find((option) => plain(option.text) === plain(input.value.trim()));
      if (!input.value.trim() && [...select.options].some((option) => !option.value)) select.value = "";
      else if (same) select.value = same.value;
      input.value = said();
      close();
    });
  };

  // --- the progress of an upload --------------------------------------------------------------------------------------
  const WORTH_SHOWING = 1_000_000;

  const showUpload = (form) => {
    form.addEventListener("submit", (event) => {
      const drop = form.querySelector(".file-drop");
      const files = [...form.querySelectorAll(".file-drop input[type=file]")].flatMap((one) => [...one.files]);
      if (files.reduce((sum, file) => sum + file.size, 0) < WORTH_SHOWING) return;
      event.preventDefault();
      const data = new FormData(form, event.submitter);
      const line = make("p", { class: "upload-progress progress-bar-line" });
      const bar = make("progress", { max: "100", value: "0", "aria-label": drop.dataset.uploading });
      const words = make("span", { role: "status" }, `${drop.dataset.uploading}: 0 %`);
      line.append(bar, words);
      drop.append(line);
      const buttons = [...form.querySelectorAll("button[type=submit]")];
      buttons.forEach((button) => { button.disabled = true; });
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (at) => {
        if (!at.lengthComputable) return;
        bar.value = Math.floor((100 * at.loaded) / at.total);
        words.textContent = `${drop.dataset.uploading}: ${bar.value} %`;
      });
      request.addEventListener("load", () => {
        const here = new URL(form.action || location.href, location.href);
        if (request.responseURL && new URL(request.responseURL).pathname !== here.pathname) {
          location.assign(request.responseURL);
          return;
        }
        const answer = new DOMParser().parseFromString(request.responseText, "text/html");
        document.title = answer.title;
        document.body.replaceWith(document.adoptNode(answer.body));
        enhance(document);
        (document.querySelector(".error-summary") || document.querySelector("main")).focus();
        scrollTo(0, 0);
      });
      // Should the connection break, the browser sends the form as it would have without us, and says what is wrong.
      request.addEventListener("error", () => form.submit());
      request.open("POST", form.action || location.href);
      request.send(data);
    });
  };

  // --- one box that ticks all -----------------------------------------------------------------------------------------
  const tickAll = (root) => {
    const boxes = [...root.querySelectorAll("tbody input[type=checkbox][name=rows]")];
    const head = root.querySelector(".bulk-all");
    if (!boxes.length || !head) return;
    head.hidden = false;
    const all = head.querySelector("input");
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
      for (const said of root.querySelectorAll("[data-ticked]")) said.textContent = String(ticked);
    };
    all.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = all.checked; });
      count();
    });
    root.addEventListener("change", count);
    count();
  };

  // --- the menus of the header ----------------------------------------------------------------------------------------
  // Laid over the page they would hide what has the focus; so they close when they are left, and on Esc.
  const openMenus = () => [...document.querySelectorAll(".main-nav-fold[open], .menu[open]")];
  const belongsTo = (menu, node) =>
    menu.contains(node) || (menu.matches(".main-nav-fold") && menu.nextElementSibling.contains(node));
  const closeOthers = (event) => {
    for (const menu of openMenus()) if (!belongsTo(menu, event.target)) menu.open = false;
  };
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("pointerdown", closeOthers);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    for (const menu of openMenus()) {
      const hadFocus = belongsTo(menu, document.activeElement);
      menu.open = false;
      if (hadFocus) menu.querySelector("summary").focus();
    }
  });
  document.documentElement.classList.add("scripted");

  const once = (root, selector, enhanceOne) => {
    for (const element of root.querySelectorAll(selector)) {
      if (element.dataset.enhanced !== undefined) continue;
      element.dataset.enhanced = "";
      enhanceOne(element);
    }
  };
  function enhance(root) {
    once(root, "[data-languages]", languageTabs);
    once(root, "select[data-autocomplete]", autocomplete);
    once(root, "form[enctype='multipart/form-data']:has(.file-drop)", showUpload);
    once(root, ".bulk", tickAll);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    target?.closest("[data-languages]")?.revealFor?.(target);
  });
  document.addEventListener("htmx:afterSettle", () => enhance(document));
  enhance(document);
})();
