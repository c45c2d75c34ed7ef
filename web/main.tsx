import { render } from "preact";
import { createPageApi } from "./api/page-api.ts";
import { App } from "./app.tsx";
import { configName, type PageSettings } from "./config.ts";
import { readArrival, withoutArrival } from "./page/arrival.ts";
import { thisBrowser } from "./page/browser.ts";
import { createPage } from "./page/create-page.ts";
import { openEmbedded } from "./page/embedded-connect.ts";
import { chooseLanguage } from "./texts/languages.ts";
import { createWords } from "./words.tsx";

const content = document.querySelector<HTMLMetaElement>(`meta[name="${configName}"]`)?.content ?? "";
const settings = JSON.parse(content) as PageSettings;

const arrival = readArrival(location.href);
// Before anything else is loaded: from here on the secret is in this script alone.
history.replaceState(null, "", withoutArrival(location.href));

const asked = new URL(location.href).searchParams.get("lang");
const language = chooseLanguage([...(asked === null ? [] : [asked]), ...navigator.languages], settings.languages);
document.documentElement.lang = language;
const words = createWords(language);

const page = createPage({
  api: createPageApi((input, init) => fetch(input, init)),
  browser: thisBrowser,
  platform: settings.platform,
  arrival,
  embed: (start) => openEmbedded({ ...start, connectUrl: settings.connectUrl, title: words.plain("connect.frame") }),
});

window.addEventListener("online", () => page.wentOnline(true));
window.addEventListener("offline", () => page.wentOnline(false));
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) page.seen(true);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") page.seen(false);
});
setInterval(page.tick, 5_000);

const place = document.querySelector("#app");
if (place !== null) render(<App words={words} settings={settings} page={page} />, place);
void page.begin();
