/** The whole way of a customer through the page and through Connect, by keyboard alone, on the deployed stack. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startChromium } from "../support/chromium.ts";
import { awaitLook, listConnections } from "../support/connections.ts";
import { createCustomer } from "../support/journey.ts";
import { makeLink } from "../support/page.ts";
import { patience } from "../support/patience.ts";
import { expectNote, visitLink } from "../web/support/customer-page.ts";

let chromium: Browser;

beforeAll(async () => {
  chromium = await startChromium({});
});

afterAll(() => chromium?.close());

/** What has the focus, as a screen reader calls it, and whether it can be seen that it has. */
const readFocus = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return { name: "", isVisible: false };
    const own = focused.getAttribute("aria-label") ?? focused.textContent ?? "";
    const labels = focused instanceof HTMLInputElement ? (focused.labels ?? []) : [];
    const name = own.trim() || [...labels].map((label) => label.textContent ?? "").join(" ") || focused.id;
    // A radio that is drawn by its label shows the focus there.
    const shown = [focused, focused.closest("label"), focused.parentElement].filter((element) => element !== null);
    const isVisible = shown.some((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    });
    return { name: name.trim(), isVisible };
  });

/** Presses Tab until what has this name has the focus. Each stop on the way is somewhere, and can be seen. */
const tabTo = async (page: Page, wanted: RegExp): Promise<void> => {
  const stops: string[] = [];
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    const { name, isVisible } = await readFocus(page);
    stops.push(name.slice(0, 40));
    // After the last stop comes the browser itself.
    if (name !== "") expect([name, isVisible]).toEqual([name, true]);
    if (wanted.test(name)) return;
  }
  throw new Error(`The Tab key does not reach ${wanted}, but ${stops.join(" | ")}`);
};

/** Waits until what has this name has the focus: a browser draws first. */
const focusIs = (page: Page, wanted: RegExp) =>
  vi.waitFor(async () => expect((await readFocus(page)).name).toMatch(wanted), patience);

const isLost = async (page: Page): Promise<boolean> => (await readFocus(page)).name === "";

it("connects, looks, adds, removes, and leaves, by keyboard alone", async () => {
  const customer = await createCustomer();
  const { page, complaints } = await visitLink(chromium, await makeLink(customer), "redirect");
  const enter = () => page.keyboard.press("Enter");
  const signIn = async (provider: RegExp) => {
    await page.getByRole("heading", { name: "Choose your provider" }).waitFor();
    await tabTo(page, provider);
    await enter();
    await page.getByRole("heading", { name: /^Sign in to/ }).waitFor();
    await tabTo(page, /^Username$/);
    await page.keyboard.type("good_user");
    await tabTo(page, /^Password$/);
    await page.keyboard.type("good_pass");
    await enter();
    await page.locator(".flash").waitFor(patience);
  };

  await tabTo(page, /^Open my connections$/);
  await enter();
  await page.getByRole("heading", { name: "Connect your payroll or HR system" }).waitFor();
  await tabTo(page, /^Connect your first provider$/);
  await enter();
  await signIn(/^Gusto$/);
  await expectNote(page, "Gusto is connected.");
  const [connection] = await listConnections(customer);
  await awaitLook(customer, String(connection?.connection_id));

  // The skip link is the first stop of a page that is opened anew.
  await page.reload();
  await page.locator("article").waitFor();
  await page.keyboard.press("Tab");
  expect(await readFocus(page)).toEqual({ name: "Skip to your connections", isVisible: true });
  await tabTo(page, /^Manage/);
  await page.keyboard.press("Space");
  await page.getByText("Reference for support").waitFor();
  expect((await readFocus(page)).name).toMatch(/^Manage/);
  await page.keyboard.press("Space");
  await page.getByText("Reference for support").waitFor({ state: "hidden" });

  await page.reload();
  await page.locator("article").waitFor();
  await tabTo(page, /^Add a connection$/);
  await enter();
  await page.getByRole("heading", { name: "What would you like to connect?" }).waitFor();
  await page.keyboard.press("ArrowDown");
  expect(await page.getByRole("radio", { name: /^Another account/ }).isChecked()).toBe(true);
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await focusIs(page, /^Add a connection$/);
  await enter();
  await tabTo(page, /^Continue to sign-in$/);
  await enter();
  await signIn(/^Rippling$/);
  await expectNote(page, "Rippling is connected.");
  await tabTo(page, /^Dismiss$/);
  await enter();
  await focusIs(page, /^Your connections$/);

  await tabTo(page, /^Manage.*Rippling/);
  await enter();
  await tabTo(page, /^Remove…/);
  await enter();
  await page.getByRole("heading", { name: "What will happen" }).waitFor();
  await focusIs(page, /^Keep it$/);
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await focusIs(page, /^Remove…/);
  await enter();
  await page.getByRole("heading", { name: "What will happen" }).waitFor();
  await tabTo(page, /^Remove Rippling$/);
  await enter();
  await page.getByText("Rippling is being removed.").first().waitFor();
  await focusIs(page, /^Your connections$/);
  await page.getByText("Rippling was removed.").first().waitFor(patience);
  // What had the focus is still there.
  expect(await isLost(page)).toBe(false);
  expect((await listConnections(customer)).map((one) => one.provider_id)).toEqual(["gusto"]);
  expect(complaints).toEqual([]);
  await page.context().close();
});
