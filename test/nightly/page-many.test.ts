/** A customer with 500 connections on the deployed stack: what a browser tells of the first view. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awaitLooks } from "../../local/bench/await-looks.ts";
import { createApiClient } from "../../local/stack/api-client.ts";
import { callBackend } from "../support/api.ts";
import { startChromium } from "../support/chromium.ts";
import { recordFigure } from "../support/evidence.ts";
import { mintToken } from "../support/finch.ts";
import { createCustomer } from "../support/journey.ts";
import { startOwnStack } from "../support/own-stack.ts";
import { readStack } from "../support/stack.ts";
import { openCustomerPage } from "../web/support/customer-page.ts";
import { measurePaint, type Paint } from "../web/support/paint.ts";

const own = await startOwnStack("kms");
afterAll(own.remove, 60_000);

/** An odd number, of which there is a median. */
const turns = 5;
let chromium: Browser;

beforeAll(async () => {
  chromium = await startChromium({});
}, 120_000);

afterAll(() => chromium?.close());

it("500 connections are drawn by one request, and nothing moves", { timeout: 600_000 }, async () => {
  const customer = await createCustomer();
  const companies = Array.from({ length: 500 }, (_, at) => `Bakery ${at} of ${customer.id}`);
  const connectNext = async (): Promise<void> => {
    for (let company = companies.pop(); company !== undefined; company = companies.pop()) {
      const { accessToken } = await mintToken({ provider: "gusto", company });
      const brought = { json: { access_token: accessToken } };
      expect((await callBackend(`${customer.path}/connections`, brought)).status).toBe(201);
    }
  };
  await Promise.all(Array.from({ length: 8 }, connectNext));
  // What Perch does by itself with a new connection goes on meanwhile, and would be measured, too.
  await awaitLooks(await createApiClient(readStack()), customer.path);
  const opened = await openCustomerPage(chromium, customer, "redirect");
  const cookies = await opened.page.context().cookies();
  const paints: Paint[] = [];
  for (let turn = 0; turn < turns; turn += 1) paints.push(await measurePaint(chromium, opened.page.url(), cookies));
  const record = (what: string, of: (paint: Paint) => number) => {
    const ordered = paints.map(of).toSorted((a, b) => a - b);
    const median = Math.round(ordered[(turns - 1) / 2] ?? 0);
    recordFigure(`page, 500 connections: ${what}`, median, "ms", `Chromium, local stack, median of ${turns}.`);
  };
  record("first content", (paint) => paint.firstContentMs);
  record("largest content", (paint) => paint.largestContentMs);
  record("first row", (paint) => paint.firstRowMs);
  // How long it takes is the machine's, too, and is not asserted.
  for (const paint of paints) {
    expect(paint.layoutShift).toBeLessThan(0.05);
    expect(paint.scriptBytes).toBeLessThanOrEqual(40 * 1024);
    expect(paint.dataRequests).toBe(1);
  }
});
