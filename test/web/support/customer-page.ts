/** The connections page of the deployed stack in a real browser, and the simulated Finch's Connect in it. */
import { join } from "node:path";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { expect, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import type { PageMode } from "../../../local/stack/assembly.ts";
import type { TestCustomer } from "../../support/journey.ts";
import { makeLink } from "../../support/page.ts";
import { patience } from "../../support/patience.ts";
import { collectComplaints, findBarriers, findLayoutFaults } from "./inspect.ts";
import { takePicture } from "./picture.ts";

/** A customer's page in a browser. */
export interface CustomerPage {
  readonly page: Page;
  /** What the browser complained about so far. */
  readonly complaints: readonly string[];
  readonly mode: PageMode;
}

/** How closely each state is looked at, and whether its picture is taken. */
export interface Scrutiny {
  readonly colorSchemes: readonly ("light" | "dark")[];
  /** Where pictures go; none are taken when left out. */
  readonly pictures?: string;
}

/** Opens a browser of its own at a link to the page; the link is not used yet. */
export const visitLink = async (chromium: Browser, link: URL, mode: PageMode): Promise<CustomerPage> => {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(patience.timeout);
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.goto(link.href);
  return { page, complaints, mode };
};

/** Opens the page of a customer by a link; what is connected, or that nothing is, is shown then. */
export const openCustomerPage = async (
  chromium: Browser,
  customer: Pick<TestCustomer, "path">,
  mode: PageMode,
  input: Partial<schema.PageSessionInput> = {},
): Promise<CustomerPage> => {
  const visited = await visitLink(chromium, await makeLink(customer, input), mode);
  await visited.page.locator("main .btn.primary").click();
  await visited.page.locator(".list-head, .steps").first().waitFor();
  return visited;
};

/** The buttons of the page by their name, or by how it begins: what follows says what they are about. */
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole("button", { name }).first().click();

/** Waits for a note about what came of the last action, which has the focus if it came by a way through Connect. */
export const expectNote = async (page: Page, text: string, focused = true): Promise<void> => {
  const note = page.locator(".flash");
  await note.getByText(text).waitFor();
  if (!focused) return;
  await vi.waitFor(async () => expect(await page.locator(".flash:focus").count()).toBe(1), patience);
};

/** The connections that are shown, one text each. */
export const shownConnections = (page: Page): Promise<readonly string[]> => page.locator("article").allTextContents();

/** Where Connect is: the window, or a frame in it. */
export const connectIn = ({ page, mode }: CustomerPage): Page | FrameLocator =>
  mode === "redirect" ? page : page.frameLocator("#finch-connect-iframe");

/** Who signs in at Connect, and with what. */
export interface ConnectSteps {
  /** By the name that Connect shows; nothing is chosen when left out, since Connect knows it. */
  readonly provider?: string;
  readonly username?: string;
  readonly company?: string;
  /** The entities to tick besides those that are ticked; the picker is not expected when left out. */
  readonly entities?: readonly string[];
}

/** Goes through Connect by clicks. */
export const signInByClicks = async (
  visited: CustomerPage,
  { provider, username = "good_user", company, entities }: ConnectSteps = {},
): Promise<void> => {
  const connect = connectIn(visited);
  if (provider !== undefined) await connect.getByRole("button", { name: provider, exact: true }).click();
  await connect.getByLabel("Username").fill(username);
  await connect.getByLabel("Password").fill("good_pass");
  if (company !== undefined) await connect.locator("#company").fill(company);
  const enter = connect.getByRole("button", { name: "Sign in and connect" });
  if (entities === undefined) return endAt(visited, () => enter.click());
  await enter.click();
  for (const name of entities) await connect.getByLabel(name, { exact: true }).check();
  await endAt(visited, () => connect.getByRole("button", { name: "Connect", exact: true }).click());
};

/** Presses what ends Connect, and waits until the page says what came of it. */
export const endAt = async ({ page }: CustomerPage, end: () => Promise<void>): Promise<void> => {
  await end();
  await page.locator(".flash").waitFor();
};

/**
 * Looks at the page as it is now, for barriers and for what is cut off or was complained about, wide and at 320 pixels; takes
 * its picture where pictures are taken.
 */
export const inspectState = async (
  { page, complaints, mode }: CustomerPage,
  name: string,
  { colorSchemes, pictures }: Scrutiny,
): Promise<void> => {
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme });
    expect([name, colorScheme, ...(await findBarriers(page))]).toEqual([name, colorScheme]);
  }
  await page.setViewportSize({ width: 320, height: 800 });
  expect([name, ...(await findLayoutFaults(page))]).toEqual([name]);
  if (pictures !== undefined) await takePicture(page, join(pictures, `${mode}-${name}-320.webp`));
  await page.setViewportSize({ width: 1280, height: 900 });
  if (pictures !== undefined) {
    await page.emulateMedia({ colorScheme: "light" });
    await takePicture(page, join(pictures, `${mode}-${name}-1280.webp`));
  }
  expect([name, ...complaints]).toEqual([name]);
};
