/** The whole page without a browser: its state and actions, over an API that a test answers. It is long because they share one world. */
import { beforeEach, expect, it, vi } from "vitest";
import { decodeConnection, decodeView } from "../../../web/api/decode.ts";
import { CallFailed } from "../../../web/api/page-api.ts";
import type { ConnectEnd, PageApi } from "../../../web/api/types.ts";
import { type Arrival, readArrival, withoutArrival } from "../../../web/page/arrival.ts";
import type { Departure, PageBrowser } from "../../../web/page/browser.ts";
import { createPage } from "../../../web/page/create-page.ts";
import type { EmbeddedEnd } from "../../../web/page/embedded-connect.ts";
import { resultOf } from "../../../web/page/flashes.ts";
import { createWords } from "../../../web/words.tsx";
import { connection, rippling } from "../support/samples.ts";

const start = Date.parse("2026-03-01T09:00:00Z");
const minute = 60_000;

const completed = (change: Partial<ConnectEnd> = {}): ConnectEnd => ({
  status: "completed",
  outcome: "connected",
  failureReason: null,
  connectionId: rippling.connection_id,
  reauthenticates: null,
  ...change,
});

let now: number;
let went: string[];
let departure: Departure | null;
let embedded: EmbeddedEnd;
let api: { [Call in keyof PageApi]: ReturnType<typeof vi.fn<PageApi[Call]>> };

const session = () => ({
  id: "s",
  idleEndsAt: new Date(now + 30 * minute),
  endsAt: new Date(start + 480 * minute),
  idleMinutes: 30,
  returnUrl: null,
});

beforeEach(() => {
  now = start;
  went = [];
  departure = null;
  embedded = { kind: "closed" };
  const connections = [connection(), rippling].map(decodeConnection);
  const about = { ...decodeView({ customer: { name: "Acme", mode: "multiple" } }), session: session() };
  api = {
    openLink: vi.fn<PageApi["openLink"]>(async () => session()),
    view: vi.fn<PageApi["view"]>(async () => ({ ...about, connections, nextCursor: null })),
    more: vi.fn<PageApi["more"]>(async () => ({ connections: [], nextCursor: null })),
    connect: vi.fn<PageApi["connect"]>(async () => ({
      mode: "redirect",
      sessionId: "c",
      connectUrl: "https://connect",
    })),
    reconnect: vi.fn<PageApi["reconnect"]>(async () => ({
      mode: "embedded",
      sessionId: "c",
      finchSessionId: "f",
      state: "ours",
    })),
    finish: vi.fn<PageApi["finish"]>(async () => completed({ outcome: "reconnected" })),
    connectSession: vi.fn<PageApi["connectSession"]>(async () => completed()),
    connection: vi.fn<PageApi["connection"]>(async () => decodeConnection(connection())),
    preview: vi.fn<PageApi["preview"]>(async () => ({ companies: [], signIns: 1, siblings: [], version: 1 })),
    remove: vi.fn<PageApi["remove"]>(async () => decodeConnection(connection({ status: "disconnecting" }))),
    removeCompany: vi.fn<PageApi["removeCompany"]>(async () => decodeConnection(connection())),
    keep: vi.fn<PageApi["keep"]>(async () => decodeConnection(connection())),
    check: vi.fn<PageApi["check"]>(async () => decodeConnection(connection())),
    stay: vi.fn<PageApi["stay"]>(async () => session()),
    leave: vi.fn<PageApi["leave"]>(async () => {}),
  };
});

const browser: PageBrowser = {
  now: () => now,
  isOnline: () => true,
  isVisible: () => true,
  later: (act) => {
    queueMicrotask(act);
  },
  go: (url) => {
    went.push(url);
  },
  recall: () => {
    const kept = departure;
    departure = null;
    return kept;
  },
  keep: (kept) => {
    departure = kept;
  },
};

const open = async (arrival: Partial<Arrival> = {}) => {
  const page = createPage({
    api,
    browser,
    platform: "Harbor",
    arrival: { secret: null, back: null, ...arrival },
    embed: async () => embedded,
  });
  await page.begin();
  return page;
};

/** A flash's words, without its markup. */
const said = (page: Awaited<ReturnType<typeof open>>): string => {
  const textOf = (part: unknown): string => {
    if (Array.isArray(part)) return part.map(textOf).join("");
    if (typeof part === "object" && part !== null && "props" in part) {
      return textOf((part.props as { children?: unknown }).children);
    }
    return part === null || part === undefined ? "" : String(part);
  };
  return textOf(page.state().flash?.text(createWords("en")) ?? "");
};

it("a connection that nobody has looked at yet is looked at again until somebody has", async () => {
  const fresh = decodeConnection({ ...rippling, introspected_at: null });
  const looked = decodeConnection({ ...rippling, introspected_at: "2026-03-01T09:00:01Z" });
  const about = await api.view();
  api.view.mockResolvedValue({ ...about, connections: [looked] });
  api.view.mockResolvedValueOnce({ ...about, connections: [fresh] });
  api.view.mockClear();
  const page = await open();
  await vi.waitFor(() => expect(api.view).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(page.state().connections).toMatchObject([{ isLookedAt: true }]));
});

it("a link's secret is sent by its button alone, and its session loads the list", async () => {
  const page = await open({ secret: "secret" });
  expect(api.openLink).not.toHaveBeenCalled();
  expect(page.state().screen).toBe("link");
  await page.openLink();
  expect(api.openLink).toHaveBeenCalledExactlyOnceWith("secret");
  expect(page.state()).toMatchObject({ screen: "list", complete: true });
});

it.each([
  ["link_used", "link-used"],
  ["link_expired", "link-expired"],
  ["invalid_request", "link-expired"],
  ["internal_error", "link"],
])("a link that is refused as %s shows %s", async (code, screen) => {
  api.openLink.mockRejectedValue(new CallFailed("problem", code, "id"));
  const page = await open({ secret: "secret" });
  await page.openLink();
  expect(page.state().screen).toBe(screen);
});

it("all pages are read before any connection is shown", async () => {
  const first = await api.view();
  api.view.mockResolvedValue({ ...first, nextCursor: "1" });
  api.more.mockResolvedValueOnce({ connections: first.connections.slice(0, 1), nextCursor: "2" });
  const seen: number[] = [];
  const page = createPage({
    api,
    browser,
    platform: "",
    arrival: { secret: null, back: null },
    embed: async () => embedded,
  });
  page.subscribe(({ connections, complete }) => seen.push(complete ? connections.length : 0));
  await page.begin();
  expect(new Set(seen)).toEqual(new Set([0, 3]));
  expect(api.more.mock.calls).toEqual([["1"], ["2"]]);
});

it("any call that finds the session over shows so, and forgets the list", async () => {
  const page = await open();
  page.openDialog({ kind: "connect", pick: { what: "provider" } });
  api.connect.mockRejectedValue(new CallFailed("ended"));
  await page.connect(null);
  expect(page.state()).toMatchObject({ screen: "ended", dialog: null, connections: [] });
});

it("a redirect leaves once, however often the button is pressed, and remembers which connection it was for", async () => {
  api.reconnect.mockResolvedValue({ mode: "redirect", sessionId: "c", connectUrl: "https://connect" });
  const page = await open();
  await Promise.all([page.reconnect("id"), page.reconnect("id"), page.connect(null)]);
  expect(went).toEqual(["https://connect"]);
  expect(departure).toEqual({ sessionId: "c", connectionId: "id", leftAt: now });
});

it("after a return the session's record is believed, not the address", async () => {
  api.connectSession.mockResolvedValue(completed({ status: "failed", outcome: null, failureReason: "token_lost" }));
  const page = await open({ back: { sessionId: "c", status: "connected", connectionId: null } });
  expect(said(page)).toContain("nothing was saved");
  expect(page.state()).toMatchObject({ focus: "flash", flash: { failed: true } });
});

it("a failure that came after the customer had gone is told on the next visit, once, with a way to begin again", async () => {
  const failed = completed({ status: "failed", outcome: null, failureReason: "token_lost", connectionId: null });
  api.connectSession.mockResolvedValue(failed);
  departure = { sessionId: "c", connectionId: null, leftAt: start - 180 * minute };
  const page = await open({ secret: "a-link" });
  expect(api.connectSession).not.toHaveBeenCalled();
  await page.openLink();
  expect(said(page)).toContain("nothing was saved");
  const earlier = { headline: "state.lost", startedAt: new Date(start - 180 * minute), again: { connectionId: null } };
  expect(page.state().flash).toMatchObject({ earlier });
  expect([departure, page.state().focus]).toEqual([null, null]);
  expect((await open()).state().flash).toBeNull();
  expect(api.connectSession.mock.calls).toEqual([["c"]]);

  const one = decodeConnection(connection());
  departure = { sessionId: "c", connectionId: one.id, leftAt: start };
  expect((await open()).state().flash?.earlier?.again).toEqual({ connectionId: one.id });
  api.connectSession.mockResolvedValue({ ...failed, failureReason: "connection_conflict" });
  departure = { sessionId: "c", connectionId: null, leftAt: start };
  const refused = await open();
  expect(refused.state().flash?.earlier).toMatchObject({ headline: "state.conflict", again: null });
  expect(said(refused)).toContain("couldn’t add this account here");
});

it.each([
  ["still open", completed({ status: "open", outcome: null }), true],
  ["still exchanging", completed({ status: "exchanging", outcome: null }), true],
  ["well", completed(), false],
  ["without anything", completed({ status: "expired", outcome: null }), false],
])("nothing is said of an earlier sign-in that ended %s", async (_, end, isKept) => {
  api.connectSession.mockResolvedValue(end);
  departure = { sessionId: "c", connectionId: null, leftAt: start };
  expect((await open()).state().flash).toBeNull();
  expect(departure !== null).toBe(isKept);
});

it("nothing is said of an earlier sign-in that is another customer's or a week old; one that cannot be read is kept", async () => {
  const left = { sessionId: "c", connectionId: null, leftAt: start };
  for (const code of ["not_found", "invalid_request"]) {
    api.connectSession.mockRejectedValue(new CallFailed("problem", code));
    departure = left;
    expect((await open()).state()).toMatchObject({ screen: "list", flash: null });
    expect(departure).toBeNull();
  }
  api.connectSession.mockRejectedValue(new CallFailed("offline"));
  departure = left;
  expect((await open()).state()).toMatchObject({ screen: "list", flash: null });
  expect(departure).toEqual(left);
  departure = { ...left, leftAt: start - 8 * 1_440 * minute };
  await open();
  expect(departure).toBeNull();
  expect(api.connectSession).toHaveBeenCalledTimes(3);
});

it("a return to one tab leaves what another tab went for", async () => {
  departure = { sessionId: "other", connectionId: null, leftAt: start };
  await open({ back: { sessionId: "c", status: "connected", connectionId: null } });
  expect(departure).toMatchObject({ sessionId: "other" });
});

it("a slow exchange is waited for", async () => {
  api.connectSession
    .mockResolvedValueOnce(completed({ status: "exchanging" }))
    .mockResolvedValueOnce(completed({ status: "exchanging" }));
  const page = await open({ back: { sessionId: "c", status: "connected", connectionId: null } });
  expect(said(page)).toBe("Rippling is connected. The first copy of your information is on its way.");
  api.connectSession.mockResolvedValue(completed({ status: "exchanging" }));
  const other = await open({ back: { sessionId: "c", status: "connected", connectionId: null } });
  expect(said(other)).toContain("still finishing");
});

it("embedded, the code goes to Perch with the state of the session that asked for it", async () => {
  embedded = { kind: "success", authorizationCode: "code" };
  const page = await open();
  await page.reconnect("id");
  expect(api.finish).toHaveBeenCalledExactlyOnceWith("code", "ours");
  expect(said(page)).toBe("Rippling is working again.");
  expect(page.state()).toMatchObject({ embedded: false, busy: false });
});

it("embedded, closing and failing change nothing and say so", async () => {
  const page = await open();
  await page.reconnect("id");
  expect(said(page)).toBe("You left before finishing. Nothing was changed.");
  embedded = { kind: "failed" };
  await page.reconnect("id");
  expect(said(page)).toContain("Nothing was changed. Please try again.");
  expect(api.finish).not.toHaveBeenCalled();
});

it("what was previewed is what is removed, or nothing", async () => {
  const page = await open();
  const [first] = page.state().connections;
  if (first === undefined) throw new Error("There is no connection.");
  api.remove.mockRejectedValueOnce(new CallFailed("problem", "connection_changed"));
  expect(await page.remove(first, 1)).toBe("changed");
  expect(page.state().flash).toBeNull();
  expect(await page.remove(first, 2)).toBe("done");
  expect(api.remove).toHaveBeenLastCalledWith(first.id, 2);
  expect(page.state().connections[0]?.status).toBe("disconnecting");
});

it("of companies that are removed one after the other, as many are said as were", async () => {
  const page = await open();
  const [first] = page.state().connections;
  if (first === undefined) throw new Error("There is no connection.");
  api.removeCompany.mockResolvedValueOnce(first).mockRejectedValueOnce(new CallFailed("problem", "finch_unavailable"));
  await page.removeCompanies(first, ["a", "b", "c"]);
  expect(said(page)).toBe("1 company is being removed from Gusto.");
  expect(api.removeCompany).toHaveBeenCalledTimes(2);
});

it("a connection that has gone is said to be removed", async () => {
  const first = await api.view();
  const leaving = decodeConnection({ ...rippling, status: "disconnecting" });
  api.view.mockResolvedValueOnce({ ...first, connections: [leaving] });
  api.view.mockResolvedValue({ ...first, connections: [] });
  const page = await open();
  await vi.waitFor(() => expect(said(page)).toBe("Rippling was removed."));
});

it("two minutes before its end the session says so, and staying puts it off", async () => {
  const page = await open();
  now += 28 * minute + 1;
  page.tick();
  expect(page.state().soon).toBe("idle");
  await page.stay();
  expect(page.state().soon).toBeNull();
  now += 27 * minute;
  page.tick();
  expect(page.state()).toMatchObject({ soon: null, screen: "list" });
  now += 4 * minute;
  page.tick();
  expect(page.state().screen).toBe("ended");
});

it("the absolute end cannot be put off, and is said once", async () => {
  const page = await open();
  for (now = start; now < start + 470 * minute; now += 25 * minute) await page.stay();
  now = start + 479 * minute;
  page.tick();
  expect(page.state().soon).toBe("final");
  page.closeSoon();
  page.tick();
  expect(page.state().soon).toBeNull();
  now += minute;
  page.tick();
  expect(page.state().screen).toBe("ended");
});

it("leaving ends the session at Perch, too", async () => {
  const page = await open();
  await page.leave();
  expect(api.leave).toHaveBeenCalledOnce();
  expect(page.state().screen).toBe("ended");
});

it("offline nothing is changed, and what failed meanwhile is loaded when the network is back", async () => {
  const page = await open();
  page.wentOnline(false);
  await page.connect(null);
  expect(api.connect).not.toHaveBeenCalled();
  api.view.mockRejectedValueOnce(new CallFailed("offline"));
  const late = await open();
  expect(late.state().screen).toBe("failed");
  late.wentOnline(true);
  await vi.waitFor(() => expect(late.state().screen).toBe("list"));
});

it.each([
  [{ status: "completed", outcome: "known" }, "known"],
  [{ status: "failed", failureReason: "wrong_account" }, "other"],
  [{ status: "failed", failureReason: "connection_conflict" }, "conflict"],
  [{ status: "failed", failureReason: "customer_mismatch" }, "conflict"],
  [{ status: "failed", failureReason: "connection_limit" }, "limit"],
  [{ status: "failed", failureReason: "something_new" }, "failed"],
  [{ status: "expired", outcome: null }, "failed"],
] as const)("a session that says %j ended as %s", (change, result) => {
  expect(resultOf(completed(change), "failed")).toBe(result);
});

it.each([
  ["cancelled", "cancelled"],
  ["failed", "failed"],
  ["connected", "cancelled"],
])("a session that is open after a way back with status=%s ended as %s", (hint, result) => {
  expect(resultOf(completed({ status: "open", outcome: null }), hint)).toBe(result);
});

it("an address is read once: its secret and its hints are not in it afterwards", () => {
  expect(readArrival("https://perch/page?lang=es#SECRET")).toEqual({ secret: "SECRET", back: null });
  const back = "https://perch/page?lang=es&session_id=s&status=connected&connection_id=c";
  expect(readArrival(back)).toEqual({ secret: null, back: { sessionId: "s", status: "connected", connectionId: "c" } });
  expect(withoutArrival(`${back}#SECRET`)).toBe("/page?lang=es");
  expect(readArrival("https://perch/page#")).toEqual({ secret: null, back: null });
});
