import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext } from "playwright-core";

/** What a browser says of its own about the page's first view. */
export interface Paint {
  /** Milliseconds from the start of the navigation until something was drawn, the largest thing, and the first connection. */
  readonly firstContentMs: number;
  readonly largestContentMs: number;
  readonly firstRowMs: number;
  /** How much moved without having been asked to (https://web.dev/articles/cls); 0 is best. */
  readonly layoutShift: number;
  /** Bytes of all scripts, gzipped. */
  readonly scriptBytes: number;
  /** How often the page's API was asked. */
  readonly dataRequests: number;
}

/** Before any of the page's own script: notes what the browser tells, and when the first connection is there. */
const observe = () => {
  const noted = { largest: 0, shift: 0, row: 0 };
  Object.assign(globalThis, { noted });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) noted.largest = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) noted.shift += value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  new MutationObserver((_, observer) => {
    if (document.querySelector("article") === null) return;
    noted.row = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
};

/** Opens the page once more in a browser that has nothing of it yet but its session, and reads what the browser noted. */
export const measurePaint = async (
  chromium: Browser,
  url: string,
  cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [],
): Promise<Paint> => {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.addInitScript(observe);
    await page.goto(url);
    await page.locator("article").first().waitFor();
    // What moves soon after the connections are there counts, too.
    await page.waitForTimeout(500);
    const seen = await page.evaluate(() => {
      const { largest, shift, row } = Reflect.get(globalThis, "noted") as Readonly<Record<string, number>>;
      const [first] = performance.getEntriesByName("first-contentful-paint");
      const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      return {
        ...{ first: first?.startTime ?? Number.NaN, largest, shift, row },
        scripts: loaded.map(({ name }) => name).filter((name) => name.endsWith(".js")),
        calls: loaded.filter(({ initiatorType }) => initiatorType === "fetch").length,
      };
    });
    const scripts = await Promise.all(seen.scripts.map(async (name) => (await fetch(name)).arrayBuffer()));
    return {
      firstContentMs: seen.first,
      largestContentMs: seen.largest ?? Number.NaN,
      firstRowMs: seen.row ?? Number.NaN,
      layoutShift: seen.shift ?? Number.NaN,
      scriptBytes: scripts.map((script) => gzipSync(Buffer.from(script)).length).reduce((sum, size) => sum + size, 0),
      dataRequests: seen.calls,
    };
  } finally {
    await context.close();
  }
};
