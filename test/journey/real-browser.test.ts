/** A person's way in a real browser: from the link through Finch Connect and back, and then the list by the API. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sharedFolder } from "../../local/stack/places.ts";
import { cookieName } from "../support/browser.ts";
import { startChromium } from "../support/chromium.ts";
import { listConnections, readBack } from "../support/connections.ts";
import { awaitEnd, createCustomer, returnUrl, startSession, startSessionWithoutReturn } from "../support/journey.ts";
import { patience } from "../support/patience.ts";
import { readStack } from "../support/stack.ts";

/** Stands for the platform's own application, to which the browser returns. */
let platform: Server;
let chromium: Browser;

beforeAll(async () => {
  platform = createServer((_, response) => {
    response
      .writeHead(200, { "content-type": "text/html" })
      .end("<!doctype html><title>App</title><h1>Integrations</h1>");
  });
  await new Promise<void>((resolve) => platform.listen(0, "127.0.0.1", resolve));
  chromium = await startChromium({ [new URL(returnUrl).host]: (platform.address() as AddressInfo).port });
});

afterAll(async () => {
  await chromium?.close();
  platform?.close();
});

it("connects by clicks, from the link to the platform's page", async () => {
  const customer = await createCustomer();
  const session = await startSession(customer);
  const context = await chromium.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });

  await page.goto(session.connect_url);
  expect(new URL(page.url()).origin).toBe(new URL(readStack().finchUrl).origin);
  expect(page.url()).not.toContain(new URL(session.connect_url).pathname.slice("/connect/".length));
  await page.getByRole("button", { name: "Gusto" }).click();
  await page.getByLabel("Username").fill("good_user");
  await page.getByLabel("Password").fill("good_pass");
  await page.getByRole("button", { name: "Sign in and connect" }).click();
  await page.waitForURL(`${returnUrl}?*`, patience);
  expect(await page.getByRole("heading").textContent()).toBe("Integrations");
  const back = Object.fromEntries(new URL(page.url()).searchParams);
  expect(back).toMatchObject({ session_id: session.session_id, status: "connected" });
  expect(complaints).toEqual([]);

  const cookies = await context.cookies(readStack().apiUrl);
  expect(cookies).toMatchObject([
    { name: cookieName, domain: "localhost", path: "/", httpOnly: true, secure: true, sameSite: "Lax" },
  ]);
  expect(cookies[0]?.value).toMatch(/^[\w-]{43}$/);

  const [listed, ...others] = await listConnections(customer);
  expect(others).toEqual([]);
  expect(listed?.connection_id).toBe(back["connection_id"]);
  await readBack(customer, String(listed?.connection_id), { provider: "gusto", company: customer.name });
});

it("shows pages that a person can read, on a phone and in the dark", async () => {
  const customer = await createCustomer();
  const session = await startSessionWithoutReturn(customer);
  const folder = join(sharedFolder, "pages");
  const context = await chromium.newContext({ colorScheme: "dark", viewport: { width: 360, height: 640 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // That a page is a 410 is no complaint about the page.
    if (message.type() === "error" && !message.text().includes("status of 410")) complaints.push(message.text());
  });
  await page.goto(session.connect_url);
  await page.getByRole("button", { name: "BambooHR" }).click();
  await page.getByRole("button", { name: "Deny and close" }).click();
  await page.getByRole("heading", { name: "You did not connect" }).waitFor();
  await page.screenshot({ path: join(folder, "denied.png") });

  await page.goto(session.connect_url);
  await page.getByRole("button", { name: "BambooHR" }).click();
  await page.getByLabel("Username").fill("good_user");
  await page.getByLabel("Password").fill("good_pass");
  await page.getByRole("button", { name: "Sign in and connect" }).click();
  // A page that waits may come in between; it goes on by itself.
  await page.getByRole("heading", { name: "You are connected" }).waitFor(patience);
  await page.screenshot({ path: join(folder, "connected.png") });
  expect((await awaitEnd(customer, session.session_id)).status).toBe("completed");

  await page.goto(session.connect_url);
  expect(await page.getByRole("heading").textContent()).toBe("This link has ended");
  // The style sheet is let in by the page's own policy, and nothing is wider than the screen.
  const card = await page.getByRole("main").boundingBox();
  expect(card?.width).toBeLessThanOrEqual(360);
  await page.screenshot({ path: join(folder, "ended.png") });
  expect(complaints).toEqual([]);
});
