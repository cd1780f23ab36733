// Judges pages with Lighthouse as it does by default: a phone on a slow network, in navigation mode.
//
// Reads {"chromium", "flags", "pages": [{"name", "url", "form": {"selector": value …}, "submit": selector}]} and answers
// {"pages": [{"name", "scores": {category: 0…100}, "faults": {category: [sentence …]}, "bytes"}]}. A page with a form is
// filled in first; what is judged then is the navigation that its button starts, so the answer to a POST as well.
import {readFileSync} from 'node:fs';

import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';

const question = JSON.parse(readFileSync(0, 'utf8'));
const browser = await puppeteer.launch({
  executablePath: question.chromium,
  args: question.flags,
  headless: true,
  defaultViewport: null,
});

async function judge({name, url, form, submit}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  let requestor = url;
  if (form) {
    await page.goto(url);
    for (const [selector, value] of Object.entries(form)) {
      await page.$eval(selector, (field, text) => {
        for (let box = field.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
        if (field.type === 'radio') field.click(); else field.value = text;
      }, value);
    }
    requestor = async () => page.$eval(submit, (button) => button.click());
  }
  const {lhr} = await lighthouse(requestor, {logLevel: 'error', output: 'json'}, undefined, page);
  if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`);
  const scores = {};
  const faults = {};
  for (const category of Object.values(lhr.categories)) {
    scores[category.id] = Math.round(category.score * 100);
    faults[category.id] = category.auditRefs
      .map(({id, weight}) => ({weight, audit: lhr.audits[id]}))
      .filter(({weight, audit}) => weight > 0 && audit.score !== null && audit.score < 0.9)
      .map(({audit}) => {
        const where = (audit.details?.items ?? []).slice(0, 3).map((one) => one.node?.snippet ?? one.description ?? one.url);
        return [audit.id, audit.displayValue, ...where].filter(Boolean).join(' · ');
      });
  }
  await context.close();
  return {name, address: lhr.finalDisplayedUrl, scores, faults, bytes: lhr.audits['total-byte-weight']?.numericValue};
}

const pages = [];
try {
  for (const page of question.pages) pages.push(await judge(page));
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify({pages}));
