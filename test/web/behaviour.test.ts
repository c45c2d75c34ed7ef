/** What the page does in a real browser: with a link, with Finch Connect in a frame, by keyboard alone, and with 500 connections. It is long because they share one browser. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { createWorld, linkSecret } from "./support/fake-api.ts";
import { collectComplaints } from "./support/inspect.ts";
import { type PageServer, startPageServer } from "./support/page-server.ts";
import { adp, connection, many, rippling } from "./support/samples.ts";

/** As long as a busy machine may take to draw. */
const patient = { timeout: 60_000 };

let server: PageServer;
let chromium: Browser;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  [server, chromium] = await Promise.all([startPageServer(), startChromium({})]);
});

afterAll(async () => {
  await chromium?.close();
  await server?.close();
});

beforeEach(async () => {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  page = await context.newPage();
  complaints = collectComplaints(page);
  server.world = createWorld({ connections: [adp(), connection(), rippling] });
  server.config = { ...server.config, mode: "redirect" };
});

afterEach(() => page.context().close());

const changes = () => server.world.calls.filter((call) => !call.startsWith("GET"));

it("opening a link spends nothing, and takes its secret out of the address; its button spends it", async () => {
  const referrers: string[] = [];
  page.on("request", (request) => referrers.push(`${request.url()} ${request.headers()["referer"] ?? ""}`));
  await page.goto(`${server.url}?lang=es#${linkSecret}`);
  await page.getByRole("button", { name: "Abrir mis conexiones" }).waitFor();
  expect(server.world.calls).toEqual([]);
  expect(page.url()).toBe(`${server.url}?lang=es`);
  await page.getByRole("button", { name: "Abrir mis conexiones" }).click();
  await page.getByRole("heading", { name: "Sus conexiones" }).waitFor();
  // The heading is there before what it is about.
  await expect.poll(() => server.world.calls, patient).toEqual(["POST sessions", "GET view"]);
  expect(referrers.join("\n")).not.toContain(linkSecret);
  expect(complaints).toEqual([]);
});

it("a platform's name is text in the title, in dialogs, in what failed and in what is read out, whatever it is", async () => {
  const before = server.config;
  const platform = `"'><img src="/page/probe" onerror="ran=1"><script>ran=1</script>\u202e$&{n}`;
  server.config = { ...before, platform };
  const conflict = { status: "failed", outcome: null, failure_reason: "connection_conflict", connection_id: null };
  server.world = createWorld({ connections: [], returnUrl: "https://app.example.com/", ends: conflict });
  const probes: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("probe")) probes.push(request.url());
  });
  const expectText = async () => {
    // The heading is there before what it is about.
    const body = async () => (await page.locator("body").textContent()) ?? "";
    await expect.poll(body, patient).toContain(`"'><img src="/page/probe"`);
    const text = await body();
    // What would turn the text around is gone, and nothing in a name is taken for a hole of a text.
    expect([text.includes("\u202e"), text.includes("$&{n}")]).toEqual([false, true]);
    expect(await page.locator("img, body script").count()).toBe(0);
    expect([await page.evaluate(() => Reflect.get(globalThis, "ran")), ...probes]).toEqual([undefined]);
  };
  for (const address of [`#${linkSecret}`, "?session_id=c0ffee00-0000-4000-8000-000000000000&status=failed", ""]) {
    await page.goto("about:blank");
    await page.goto(server.url + address);
    await page.locator("h1").waitFor();
    if (address.startsWith("?")) await page.getByText("We couldn’t add this account here").waitFor();
    await expectText();
  }
  expect(await page.title()).toContain("<img");
  server.world = createWorld({ connections: [adp(), connection()] });
  await page.reload();
  await page.getByRole("button", { name: "Add a connection" }).click();
  await expectText();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Manage.*Gusto/ }).click();
  await page.getByRole("button", { name: /^Remove….*Gusto/ }).click();
  await page.getByRole("heading", { name: "What will happen" }).waitFor();
  await expectText();
  expect(complaints).toEqual([]);
  server.config = before;
});

it("the customer is named, also where nothing is connected", async () => {
  const lead = () => page.locator(".lead").textContent();
  await page.goto(server.url);
  await expect.poll(lead, patient).toContain("Northwind Trading Co. has connected to");
  server.world = createWorld({ connections: [] });
  await page.reload();
  await expect.poll(lead, patient).toContain("Northwind Trading Co. has no payroll or HR system connected to");
});

it("is drawn when the API answers before the page is painted", async () => {
  const view = await (await fetch(`${server.url}/view?limit=500`)).text();
  await page.addInitScript((body) => {
    globalThis.fetch = async () => new Response(body, { headers: { "content-type": "application/json" } });
  }, view);
  await page.goto(server.url);
  const articles = page.locator("article");
  // What never comes is missing, and not a wait that was too long.
  await articles
    .first()
    .waitFor(patient)
    .catch(() => {});
  expect(await articles.count()).toBe(3);
});

it("going offline and coming back is said to who does not see it", async () => {
  await page.goto(server.url);
  await page.locator("article").first().waitFor();
  await page.context().setOffline(true);
  const said = page.locator("#polite");
  await expect.poll(() => said.textContent(), patient).toBe("You’re offline");
  await page.context().setOffline(false);
  await page.getByRole("heading", { name: "You’re offline" }).waitFor({ state: "detached" });
  await expect.poll(() => said.textContent(), patient).toBe("You’re back online.");
});

/** A page of Finch Connect that says this to the window that shows it. */
const connectSays = (
  ...messages: readonly object[]
) => `<!doctype html><title>Connect</title><h1>Finch Connect</h1><script>
for (const message of ${JSON.stringify(messages)}) parent.postMessage({ name: "finch-auth-message-v2", ...message }, "*");
</script>`;

const connectEmbedded = async () => {
  server.world.mode = "embedded";
  server.config = { ...server.config, mode: "embedded" };
  await page.goto(server.url);
  await page.getByRole("button", { name: "Add a connection" }).click();
  await page.getByRole("button", { name: "Continue to sign-in" }).click();
};

it("embedded, what Connect gives is handed in with the state of this session", async () => {
  server.connectPage = connectSays({ kind: "success", code: "the-code", state: "ours" });
  server.world.ends = { ...server.world.ends, connection_id: rippling.connection_id };
  await connectEmbedded();
  await page.getByText("Rippling is connected.").first().waitFor();
  expect(server.world.bodies.at(-1)).toEqual({ authorization_code: "the-code", state: "ours" });
  await expect.poll(() => page.locator(".flash:focus").count(), patient).toBe(1);
  expect(complaints).toEqual([]);
});

it("embedded, another state is never handed in", async () => {
  server.connectPage = connectSays({ kind: "success", code: "the-code", state: "theirs" });
  await connectEmbedded();
  await page.getByText("The sign-in didn’t work.").first().waitFor();
  expect(changes()).toEqual(["POST connect-sessions"]);
});

it("embedded, a message of another origin or another window counts for nothing, though Finch's SDK would take it", async () => {
  server.connectPage = "<!doctype html><title>Connect</title><h1>Finch Connect</h1>";
  await connectEmbedded();
  const frame = page.locator("#finch-connect-iframe");
  await frame.waitFor();
  expect(await frame.getAttribute("title")).toBe("Sign in to your provider");
  const connectOrigin = server.connectUrl;
  for (const origin of [connectOrigin, `${connectOrigin}.attacker.example`]) {
    await page.evaluate((from) => {
      const data = { name: "finch-auth-message-v2", kind: "success", code: "stolen", state: "ours" };
      window.dispatchEvent(new MessageEvent("message", { data, origin: from, source: window }));
    }, origin);
  }
  // The origin begins like Connect's, and the window is the right one.
  await page.evaluate((from) => {
    const connect = document.querySelector<HTMLIFrameElement>("#finch-connect-iframe");
    const data = { name: "finch-auth-message-v2", kind: "success", code: "stolen", state: "ours" };
    window.dispatchEvent(new MessageEvent("message", { data, origin: from, source: connect?.contentWindow ?? null }));
  }, `${connectOrigin}.attacker.example`);
  await page.waitForTimeout(300);
  expect(await frame.count()).toBe(1);
  expect(changes()).toEqual(["POST connect-sessions"]);
});

it("embedded, closing Connect says that nothing was changed, and the page is usable again", async () => {
  server.connectPage = connectSays({ kind: "closed" });
  await connectEmbedded();
  await page.getByText("You left before finishing. Nothing was changed.").first().waitFor();
  await expect.poll(() => page.locator("#finch-connect-iframe").count(), patient).toBe(0);
  const isInert = () => page.locator(".page").evaluate((element) => element.hasAttribute("inert"));
  await expect.poll(isInert, patient).toBe(false);
});

/** Presses Tab until what has the focus has this name. */
const tabTo = async (name: RegExp) => {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? "");
    if (name.test(focused)) return;
  }
  throw new Error(`Nothing with ${name} can be reached with the Tab key.`);
};

/** The same for a kind of input, which has no text of its own. */
const tabToInput = async (type: string) => {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.getAttribute("type") === wanted, type)) return;
  }
  throw new Error(`No ${type} can be reached with the Tab key.`);
};

it("by keyboard alone a company is removed, and the focus is never lost", async () => {
  await page.goto(server.url);
  await page.getByText("Everything is working").first().waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to your connections");
  await tabTo(/^Manage.*RUN/);
  await page.keyboard.press("Enter");
  await tabTo(/^Remove….*RUN/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "What will happen" }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await expect.poll(focused, patient).toBe("Keep it");
  await page.keyboard.press("Escape");
  await expect.poll(focused, patient).toMatch(/^Remove…/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "What will happen" }).waitFor();
  await tabToInput("radio");
  await page.keyboard.press("ArrowUp");
  await tabToInput("checkbox");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Remove 1 company" }).waitFor();
  await tabTo(/^Remove 1 company$/);
  await page.keyboard.press("Enter");
  await page.getByText("1 company is being removed").first().waitFor();
  await expect.poll(focused, patient).toBe("Your connections");
  expect(changes()).toEqual([`DELETE connections/${adp().connection_id}/entities/${adp().entities[0]?.id}`]);
});

it("500 connections are one request, in their place at once, and found without another", async () => {
  server.world = createWorld({ connections: many(500) });
  await page.addInitScript(() => {
    Object.assign(window, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
        if (!hadRecentInput)
          Object.assign(window, { shifted: (window as unknown as { shifted: number }).shifted + value });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(server.url);
  await page.getByText("Showing 50 of 500").waitFor();
  await page.waitForTimeout(500);
  // What moves later moves because the customer has asked for it.
  expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBeLessThan(0.05);
  expect(server.world.calls).toEqual(["GET view"]);
  // The oldest of them needs the customer, and is the first.
  await page
    .getByRole("button", { name: /^Reconnect/ })
    .first()
    .waitFor();
  expect(await page.locator(".rows .conn").first().textContent()).toContain("Sign-in needed");
  await page.getByRole("searchbox").fill("bakery 321");
  await page.getByText("Corner Bakery 321 LLC").waitFor();
  expect(await page.locator(".rows .conn").count()).toBe(1);
  await page.getByRole("searchbox").fill("");
  await page.getByRole("radio", { name: "In progress (5)" }).check();
  expect(await page.locator(".rows .conn").count()).toBe(5);
  await page.getByRole("radio", { name: "All (500)" }).check();
  await page.getByRole("button", { name: "Show 50 more" }).click();
  await page.getByText("Showing 100 of 500").waitFor();
  expect(server.world.calls).toEqual(["GET view"]);
});

it("by keyboard alone all rows are shown, and the focus goes on to the first that has come", async () => {
  server.world = createWorld({ connections: many(70) });
  await page.goto(server.url);
  const more = page.getByRole("button", { name: "Show 20 more" });
  await more.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".rows .conn").count(), patient).toBe(70);
  expect(await more.count()).toBe(0);
  const row = page.locator(".rows .conn").nth(50);
  await expect.poll(() => row.evaluate((element) => element.contains(document.activeElement)), patient).toBe(true);
});
