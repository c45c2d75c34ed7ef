/**
 * Every state of the page in every way: wide and narrow, light and dark, with more space between letters and lines, with letters
 * twice as large. With `PERCH_PICTURES=1` it also takes the pictures of `docs/page`.
 */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { collectComplaints, findBarriers, findLayoutFaults } from "../web/support/inspect.ts";
import { type PageServer, startPageServer } from "../web/support/page-server.ts";
import { takePicture } from "../web/support/picture.ts";
import { pageStates, reachState } from "../web/support/states.ts";

const pictures = join(import.meta.dirname, "../../docs/page");

let server: PageServer;
let chromium: Browser;

beforeAll(async () => {
  [server, chromium] = await Promise.all([startPageServer(), startChromium({})]);
}, 120_000);

afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

/** WCAG 1.4.12 and 1.4.4. */
const adaptations = [
  "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }",
  ":root { font-size: 200% }",
];

for (const [name, state] of Object.entries(pageStates)) {
  it(`${name}: no barrier and nothing cut off, in any way that it can be seen`, { timeout: 300_000 }, async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [1280, 320]) {
        const viewport = { width, height: 900 };
        const locale = state.language ?? "en-US";
        const context = await chromium.newContext({ viewport, colorScheme, locale, reducedMotion: "reduce" });
        const page = await context.newPage();
        const complaints = collectComplaints(page);
        await reachState(page, server, state);
        const way = `${colorScheme} at ${width}`;
        expect([way, ...(await findBarriers(page))]).toEqual([way]);
        expect([way, ...(await findLayoutFaults(page))]).toEqual([way]);
        const unexpected = complaints.filter((line) => !state.refused || !line.includes("Failed to load resource"));
        expect([way, ...unexpected]).toEqual([way]);
        if (process.env["PERCH_PICTURES"] === "1" && width === 1280 && colorScheme === "light") {
          await takePicture(page, join(pictures, `${name}-1280.webp`));
        }
        for (const adaptation of width === 320 && colorScheme === "light" ? adaptations : []) {
          const sideways = await page.evaluate((css) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
            return document.documentElement.scrollWidth - innerWidth;
          }, adaptation);
          expect([way, adaptation, sideways <= 1]).toEqual([way, adaptation, true]);
        }
        await context.close();
      }
    }
  });
}
