/** Every state of the page, and how a customer comes to see it. It is long because they are all here, in one table. */
import type { Page } from "playwright-core";
import type { PageConfig } from "../../../web/config.ts";
import { createWorld, type FakeWorld, linkSecret } from "./fake-api.ts";
import { adp, connection, eachStatus, entity, hostile, many, paychex, rippling, twins } from "./samples.ts";

/** One state. */
export interface PageStateCase {
  readonly world?: Partial<FakeWorld>;
  readonly config?: Partial<PageConfig>;
  /** What comes after `/page` in the address. */
  readonly address?: string;
  readonly language?: string;
  /** What is there when the state is reached. */
  readonly shows: string;
  /** What the customer does to reach it. */
  readonly reach?: (page: Page) => Promise<void>;
  /** Answers that are part of the state, which the browser complains about. */
  readonly refused?: boolean;
  /** Whether its picture is also taken small and dark. */
  readonly small?: boolean;
}

const mixed = [adp(true), paychex, ...twins, rippling];
const healthy = [adp(), connection(), rippling];

const press =
  (name: string | RegExp, index = 0) =>
  async (page: Page) => {
    await page.getByRole("button", { name }).nth(index).click();
  };

const back = (status: string, connectionId = adp().connection_id) =>
  `?session_id=c0ffee00-0000-4000-8000-000000000000&status=${status}&connection_id=${connectionId}`;

const ended = (outcome: string | null, failure_reason: string | null = null, id: string | null = null) => ({
  ends: { status: outcome === null ? "failed" : "completed", outcome, failure_reason, connection_id: id },
});

const openRemove = async (page: Page) => {
  await press(/^Manage.*RUN/)(page);
  await press(/^Remove….*RUN/)(page);
  await page.getByRole("heading", { name: "What will happen" }).waitFor();
};

/** Each state by its name, which is also its picture's. */
export const pageStates: Readonly<Record<string, PageStateCase>> = {
  link: { address: `#${linkSecret}`, shows: "Open my connections", small: true },
  "link-used": {
    address: `#${linkSecret}`,
    world: { failures: { "POST sessions": [410, "link_used"] } },
    reach: press("Open my connections"),
    shows: "This link has already been used",
    refused: true,
  },
  "link-expired": {
    address: "#altered",
    reach: press("Open my connections"),
    shows: "This link no longer works",
    refused: true,
  },
  loading: { world: { connections: healthy, delay: 60_000 }, shows: "Loading your connections…" },
  empty: { world: { connections: [] }, shows: "Connect your first provider", small: true },
  error: {
    world: { failures: { "GET view": [503, "finch_unavailable"] } },
    shows: "We couldn’t load your connections",
    refused: true,
  },
  healthy: { world: { connections: healthy }, shows: "Everything is working", small: true },
  attention: { world: { connections: mixed }, shows: "Sign in to RUN Powered by ADP again", small: true },
  "attention-es": { world: { connections: mixed }, language: "es-MX", shows: "Sus conexiones", small: true },
  "attention-many": {
    world: { connections: [...eachStatus.slice(3, 6), adp(true)] },
    shows: "4 connections need you",
  },
  statuses: { world: { connections: eachStatus }, shows: "Can’t check right now", small: true },
  details: {
    world: { connections: healthy },
    reach: press(/^Manage.*RUN/),
    shows: "Social Security numbers",
    small: true,
  },
  single: { world: { connections: [connection()], customer: { name: "Acme", mode: "single" } }, shows: "1 connection" },
  connect: {
    world: { connections: healthy },
    reach: press("Add a connection"),
    shows: "What would you like to connect?",
    small: true,
  },
  "connect-account": {
    world: { connections: healthy },
    reach: async (page) => {
      await press("Add a connection")(page);
      await page.getByText("Another account at a provider you already use").click();
    },
    shows: "Which provider?",
  },
  "connect-company": {
    world: { connections: healthy },
    reach: press(/^Add another company.*RUN/),
    shows: "In which account?",
  },
  "remove-all": { world: { connections: healthy }, reach: openRemove, shows: "Remove all 4 companies", small: true },
  "remove-some": {
    world: { connections: healthy },
    reach: async (page) => {
      await openRemove(page);
      await page.getByText("Only some companies").click();
      await page.getByLabel("Northwind Retail Stores, Inc.").check();
    },
    shows: "Remove 1 company",
  },
  "remove-one": {
    world: { connections: healthy },
    reach: async (page) => {
      await press(/^Manage.*Gusto/)(page);
      await press(/^Remove….*Gusto/)(page);
    },
    shows: "Remove Gusto",
  },
  "remove-unknown": {
    world: {
      connections: healthy,
      failures: { [`GET connections/${connection().connection_id}/disconnect-preview`]: [503, "finch_unavailable"] },
    },
    reach: async (page) => {
      await press(/^Manage.*Gusto/)(page);
      await press(/^Remove….*Gusto/)(page);
    },
    shows: "We couldn’t check what would be removed",
    refused: true,
  },
  removing: {
    world: { connections: healthy },
    reach: async (page) => {
      await openRemove(page);
      await press("Remove all 4 companies")(page);
    },
    shows: "RUN Powered by ADP is being removed.",
  },
  duplicate: {
    world: { connections: mixed },
    reach: press("Compare and remove one…"),
    shows: "Which one should stay?",
  },
  "session-soon": {
    world: { connections: healthy, idleMinutes: 2 },
    shows: "Are you still there?",
  },
  "session-ended": {
    world: { connections: healthy, failures: { "POST connect-sessions": [401, "page_session_ended"] } },
    reach: async (page) => {
      await press("Add a connection")(page);
      await press("Continue to sign-in")(page);
    },
    shows: "This page has closed",
    refused: true,
    small: true,
  },
  offline: {
    world: { connections: healthy },
    reach: async (page) => {
      await page.getByText("Everything is working").waitFor();
      await page.context().setOffline(true);
    },
    shows: "You’re offline",
  },
  "returned-connected": {
    world: { connections: healthy, ...ended("connected", null, rippling.connection_id) },
    address: back("connected", rippling.connection_id),
    shows: "Rippling is connected.",
    small: true,
  },
  "returned-known": {
    world: { connections: healthy, ...ended("known") },
    address: back("known"),
    shows: "newer sign-in",
  },
  "returned-reconnected": {
    world: { connections: healthy, ...ended("reconnected") },
    address: back("reconnected"),
    shows: "RUN Powered by ADP is working again.",
  },
  "returned-cancelled": {
    world: { connections: healthy, ends: { status: "open", outcome: null, failure_reason: null, connection_id: null } },
    address: back("cancelled"),
    shows: "You left before finishing.",
  },
  "returned-failed": {
    world: { connections: healthy, ...ended(null, "invalid_grant") },
    address: back("failed"),
    shows: "couldn’t connect you",
  },
  "returned-lost": {
    world: { connections: healthy, ...ended(null, "token_lost") },
    address: back("failed"),
    shows: "nothing was saved",
  },
  "returned-conflict": {
    world: { connections: healthy, ...ended(null, "connection_conflict") },
    address: back("failed"),
    shows: "We couldn’t add this account here.",
  },
  "returned-other": {
    world: { connections: mixed, ...ended(null, "wrong_account") },
    address: back("other"),
    shows: "Add as another account",
  },
  "earlier-lost": {
    world: { connections: healthy, ...ended(null, "token_lost") },
    reach: async (page) => {
      const left = { sessionId: "c0ffee00-0000-4000-8000-000000000000", connectionId: null };
      await page.evaluate((departure) => {
        const threeHours = 3 * 3_600_000;
        localStorage.setItem("perch-page", JSON.stringify({ ...departure, leftAt: Date.now() - threeHours }));
      }, left);
      await page.reload();
    },
    shows: "Started 3 hours ago",
    small: true,
  },
  many: { world: { connections: many(500) }, shows: "Showing 50 of 500", small: true },
  hostile: {
    world: { connections: hostile, customer: { name: "<b>Müller & Söhne</b>", mode: "multiple" } },
    shows: "DROP TABLE",
  },
  "brand-light": { world: { connections: mixed }, config: { accent: "#ffd23f" }, shows: "Your connections" },
  "brand-dark": { world: { connections: mixed }, config: { accent: "#0b0d12", logo: true }, shows: "Your connections" },
  "many-companies": {
    world: {
      connections: [
        connection({
          entities: Array.from({ length: 30 }, (_, index) => entity(`Bakery ${index} LLC`, `${1_000 + index}`)),
        }),
      ],
    },
    shows: "Show all 30 companies",
  },
};

/** Serves the state and goes there. */
export const reachState = async (
  page: Page,
  server: { readonly url: string; world: FakeWorld; config: PageConfig },
  state: PageStateCase,
): Promise<void> => {
  server.world = createWorld(state.world);
  server.config = { ...server.config, accent: "#1f5a4c", logo: false, ...state.config };
  // The page looks at its session's end every few seconds.
  await page.goto(server.url + (state.address ?? ""));
  await state.reach?.(page);
  await page.getByText(state.shows).first().waitFor();
};
