/** States of the page in a real browser, under its real headers, for who sees it and for who does not. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { collectComplaints, findBarriers, findLayoutFaults } from "./support/inspect.ts";
import { type PageServer, startPageServer } from "./support/page-server.ts";
import { pageStates, reachState } from "./support/states.ts";

let server: PageServer;
let chromium: Browser;

beforeAll(async () => {
  [server, chromium] = await Promise.all([startPageServer(), startChromium({})]);
});

afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

// Some seconds each: a quarter of them here, each in one of two ways. The nightly tests see all of them in all ways.
const someStates = Object.entries(pageStates).filter((_, index) => index % 4 === 0);
const ways = [
  { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
] as const;

for (const [index, [name, state]] of someStates.entries()) {
  const way = ways[index % ways.length] ?? ways[0];
  it(`${name}: no barrier, nothing cut off, no complaint, ${way.colorScheme} at ${way.viewport.width}`, async () => {
    const context = await chromium.newContext({ ...way, reducedMotion: "reduce", locale: state.language ?? "en-US" });
    const page = await context.newPage();
    const complaints = collectComplaints(page);
    await reachState(page, server, state);
    expect(await findBarriers(page)).toEqual([]);
    expect(await findLayoutFaults(page)).toEqual([]);
    // That the answer was a refusal is a part of the state.
    expect(complaints.filter((line) => !state.refused || !line.includes("Failed to load resource"))).toEqual([]);
    await context.close();
  });
}
