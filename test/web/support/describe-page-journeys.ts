/**
 * What a payroll administrator does on the connections page, by clicks, in a real browser on a deployed stack, through the
 * simulated Finch's own Connect. It is long because each journey of the page is here, for both of its modes.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import type { PageMode } from "../../../local/stack/assembly.ts";
import { callBackend } from "../../support/api.ts";
import { startChromium } from "../../support/chromium.ts";
import { awaitLook, listConnections } from "../../support/connections.ts";
import { controlFinch } from "../../support/finch.ts";
import { connect, createCustomer, type TestCustomer } from "../../support/journey.ts";
import { makeLink, useLink } from "../../support/page.ts";
import { patience } from "../../support/patience.ts";
import { expirePageLink } from "../../support/table.ts";
import {
  type CustomerPage,
  connectIn,
  endAt,
  expectNote,
  inspectState,
  openCustomerPage,
  press,
  type Scrutiny,
  shownConnections,
  signInByClicks,
  visitLink,
} from "./customer-page.ts";

/** Names for pictures, which people look at: one for each customer of the journeys. */
const names = [
  ...["Anchor Street Bakery", "Blue Door Florists", "Cedar Hill Dental", "Driftwood Books", "Elm Row Veterinary"],
  ...["Fifth Avenue Cleaners", "Garnet Coffee Roasters", "Hollow Oak Furniture", "Ivy Lane Daycare"],
  ...["Juniper Physical Therapy", "Kestrel Couriers", "Lantern Street Theatre"],
];

/** Has each state looked at this closely. */
export const describePageJourneys = (mode: PageMode, scrutiny: Scrutiny): void => {
  let chromium: Browser;
  beforeAll(async () => {
    chromium = await startChromium({});
  });
  afterAll(() => chromium?.close());

  const free = scrutiny.pictures === undefined ? [] : [...names];
  const createNamed = () => createCustomer(undefined, free.shift());
  const open = (customer: TestCustomer) => openCustomerPage(chromium, customer, mode);
  const inspect = (visited: CustomerPage, name: string) => inspectState(visited, name, scrutiny);
  const close = ({ page }: CustomerPage) => page.context().close();
  const patient = { timeout: 480_000 };

  /** A customer with a connection that Perch has looked at. */
  const createConnected = async (how?: Parameters<typeof connect>[1]) => {
    const customer = await createNamed();
    const { connectionId } = await connect(customer, how);
    return { customer, connectionId, look: await awaitLook(customer, connectionId) };
  };

  describe.concurrent(`the connections page in Chromium, ${mode}`, () => {
    it("connects the first provider, then a second one", patient, async () => {
      const customer = await createNamed();
      const visited = await open(customer);
      const { page } = visited;
      await inspect(visited, "empty");
      await press(page, "Connect your first provider");
      await signInByClicks(visited, { provider: "Gusto" });
      await expectNote(page, "Gusto is connected. The first copy of your information is on its way.");
      const [first, ...others] = await shownConnections(page);
      expect(others).toEqual([]);
      expect(first).toContain("Gusto");
      await inspect(visited, "connected");

      await press(page, "Add a connection");
      await page.getByRole("heading", { name: "What would you like to connect?" }).waitFor();
      await inspect(visited, "connect");
      await press(page, "Continue to sign-in");
      await signInByClicks(visited, { provider: "Rippling" });
      await expectNote(page, "Rippling is connected.");
      expect(await shownConnections(page)).toHaveLength(2);
      // What Connect brought back is in no history and no bookmark.
      expect(new URL(page.url()).search).toBe("");
      const listed = await listConnections(customer);
      expect(listed.map((connection) => connection.provider_id).toSorted()).toEqual(["gusto", "rippling"]);
      await inspect(visited, "two-providers");
      await close(visited);
    });

    it("connects another login of a provider, and says that both may be one company", patient, async () => {
      const { customer } = await createConnected();
      const visited = await open(customer);
      const { page } = visited;
      await press(page, "Add a connection");
      await page.getByText("Another account at a provider you already use").click();
      await press(page, "Continue to sign-in");
      // Connect knows the provider.
      await signInByClicks(visited, { username: "good_user_2" });
      await expectNote(page, "Gusto is connected.");
      const listed = await listConnections(customer);
      expect(listed).toHaveLength(2);
      for (const { connection_id: id } of listed) await awaitLook(customer, id);
      await vi.waitFor(async () => {
        const marked = await listConnections(customer);
        expect(marked.map((one) => one.possible_duplicates.length)).toEqual([1, 1]);
      }, patience);
      await page.reload();
      await page.getByRole("heading", { name: "These two may be the same company" }).waitFor();
      await inspect(visited, "possible-duplicate");
      await press(page, "Compare and remove one…");
      await page.getByRole("heading", { name: "Which one should stay?" }).waitFor();
      await inspect(visited, "compare");
      await press(page, "Cancel");
      await press(page, "Keep both");
      await expectNote(page, "Both connections stay.", false);
      expect(await page.getByRole("heading", { name: "These two may be the same company" }).count()).toBe(0);
      await page.reload();
      await page.getByText("Everything is working").first().waitFor();
      expect(await page.locator(".pair").count()).toBe(0);
      await close(visited);
    });

    it("connects several companies by one sign-in, removes one, then the whole connection", patient, async () => {
      const customer = await createNamed();
      const visited = await open(customer);
      const { page } = visited;
      await press(page, "Connect your first provider");
      const east = `${customer.name} East`;
      await signInByClicks(visited, { provider: "Rippling", username: "multi_entity", entities: [east] });
      await expectNote(page, "Rippling is connected.");
      const [connection] = await listConnections(customer);
      await awaitLook(customer, String(connection?.connection_id));
      await page.reload();
      await page.getByText("3 companies").first().waitFor();
      await inspect(visited, "several-companies");

      await press(page, /^Manage/);
      await press(page, /^Remove…/);
      await page.getByRole("heading", { name: "What will happen" }).waitFor();
      await page.getByText("Only some companies").click();
      await page.getByRole("checkbox", { name: east }).check();
      await inspect(visited, "remove-company");
      await press(page, "Remove 1 company");
      await expectNote(page, "1 company is being removed from Rippling.", false);
      await vi.waitFor(async () => {
        const companies = await page.locator(".ents li").allTextContents();
        expect(companies.filter((text) => text.includes(east))).toEqual([]);
      }, patience);

      if ((await page.getByRole("button", { name: /^Remove…/ }).count()) === 0) await press(page, /^Manage/);
      await press(page, /^Remove…/);
      await page.getByRole("heading", { name: "What will happen" }).waitFor();
      await inspect(visited, "remove-connection");
      await press(page, "Remove all 2 companies");
      await expectNote(page, "Rippling", false);
      await page.getByRole("heading", { name: "Connect your payroll or HR system" }).waitFor(patience);
      expect(await listConnections(customer)).toEqual([]);
      await inspect(visited, "removed");
      await close(visited);
    });

    it("says that nothing was changed after a refusal and after an error in Connect", patient, async () => {
      const { customer } = await createConnected();
      const visited = await open(customer);
      const { page } = visited;
      for (const [way, says, name] of [
        ["Deny and close", "You left before finishing. Nothing was changed.", "denied"],
        ["Simulate an error", "The sign-in didn’t work. Nothing was changed. Please try again.", "failed"],
      ] as const) {
        await press(page, "Add a connection");
        await press(page, "Continue to sign-in");
        const leave = connectIn(visited).getByRole("button", { name: way });
        await endAt(visited, () => leave.click());
        await expectNote(page, says);
        expect(await shownConnections(page)).toHaveLength(1);
        await inspect(visited, name);
      }
      await close(visited);
    });

    it("signs in again where the provider has signed it out", patient, async () => {
      const { customer, connectionId } = await createConnected();
      await controlFinch("POST", `connections/${connectionId}`, { status: "reauth" });
      await callBackend(`${customer.path}/connections/${connectionId}/introspect`, { method: "POST" });
      const visited = await open(customer);
      const { page } = visited;
      await page.getByRole("heading", { name: "Sign in to Gusto again" }).waitFor();
      await inspect(visited, "needs-you");
      await press(page, "Reconnect Gusto");
      await signInByClicks(visited);
      await expectNote(page, "Gusto is working again.");
      expect(await page.getByRole("heading", { name: "Sign in to Gusto again" }).count()).toBe(0);
      expect(await listConnections(customer)).toHaveLength(1);
      await inspect(visited, "reconnected");
      await close(visited);
    });

    it("opens nothing by a link that was used, altered, or is too old", patient, async () => {
      const customer = await createNamed();
      const used = await makeLink(customer);
      expect((await useLink(used)).status).toBe(201);
      const altered = await makeLink(customer);
      altered.hash = `${altered.hash.slice(1, -1)}${altered.hash.endsWith("A") ? "B" : "A"}`;
      const old = await makeLink(customer);
      await expirePageLink(old);
      for (const [name, link, says] of [
        ["link-used", used, "This link has already been used"],
        ["link-altered", altered, "This link no longer works"],
        ["link-expired", old, "This link no longer works"],
      ] as const) {
        const visited = await visitLink(chromium, link, mode);
        await press(visited.page, "Open my connections");
        await visited.page.getByRole("heading", { name: says }).waitFor();
        expect(await visited.page.content()).not.toContain(customer.name);
        // The browser complains of the refusal itself.
        const complaints = visited.complaints.filter((line) => !line.includes("status of 410"));
        await inspect({ ...visited, complaints }, name);
        await close(visited);
      }
    });

    it("says that it has closed when its session has ended", patient, async () => {
      const { customer } = await createConnected();
      const visited = await open(customer);
      const { page } = visited;
      // Another tab of the same browser closes it.
      const closed = await page.evaluate(async () => {
        const { session }: schema.PageView = JSON.parse(await (await fetch("/page/view")).text());
        const headers = { "content-type": "application/json", "x-perch-page": session.page_session_id };
        return (await fetch("/page/sessions", { method: "DELETE", headers })).status;
      });
      expect(closed).toBe(204);
      await press(page, "Add a connection");
      await press(page, "Continue to sign-in");
      await page.getByRole("heading", { name: "This page has closed" }).waitFor();
      expect(await page.content()).not.toContain(customer.name);
      const complaints = visited.complaints.filter((line) => !line.includes("status of 401"));
      await inspect({ ...visited, complaints }, "session-ended");
      await close(visited);
    });
  });
};
