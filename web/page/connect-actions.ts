import { CallFailed } from "../api/page-api.ts";
import type { ConnectEnd, ConnectStart, PageApi } from "../api/types.ts";
import type { Arrival } from "./arrival.ts";
import type { Departure, PageBrowser } from "./browser.ts";
import type { Core } from "./core.ts";
import type { EmbeddedEnd } from "./embedded-connect.ts";
import { afterConnect, afterEarlier, type ConnectResult, resultOf } from "./flashes.ts";

/** What connecting needs beside the page's state. */
export interface ConnectWays {
  readonly api: PageApi;
  readonly browser: PageBrowser;
  readonly platform: string;
  /** Opens Finch Connect inside the page. */
  readonly embed: (start: { readonly finchSessionId: string; readonly state: string }) => Promise<EmbeddedEnd>;
}

/** For how long an exchange is waited for: its session is read this often, with these pauses. */
const patience = [1_000, 2_000, 3_000, 5_000, 8_000, 13_000];

/** For so long a failure is told on a later visit. */
const remembered = 7 * 24 * 3_600_000;

/** What the customer does to connect. */
export const createConnectActions = (core: Core, { api, browser, platform, embed }: ConnectWays) => {
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      browser.later(resolve, milliseconds);
    });

  /** Waits for an exchange that is slow; what is shown afterwards is right even when it is given up. */
  const awaitEnd = async (sessionId: string, first: ConnectEnd): Promise<ConnectEnd> => {
    let end = first;
    for (const milliseconds of patience) {
      if (end.status !== "exchanging") break;
      await pause(milliseconds);
      end = await api.connectSession(sessionId);
    }
    return end;
  };

  const show = async (result: ConnectResult, connectionId: string | null) => {
    await core.refresh();
    const connection = core.state().connections.find(({ id }) => id === connectionId);
    core.set({ flash: afterConnect(result, platform, connection), focus: "flash" });
  };

  const departureOf = ({ sessionId }: ConnectStart, connectionId: string | null): Departure => ({
    ...{ sessionId, connectionId },
    leftAt: browser.now(),
  });

  const runEmbedded = async (start: ConnectStart & { readonly mode: "embedded" }, connectionId: string | null) => {
    core.set({ dialog: null, embedded: true });
    const came = await embed(start);
    core.set({ embedded: false });
    if (came.kind !== "success")
      return { result: came.kind === "closed" ? "cancelled" : "failed", connectionId } as const;
    browser.keep(departureOf(start, connectionId));
    const end = await awaitEnd(start.sessionId, await api.finish(came.authorizationCode, start.state));
    if (end.status !== "exchanging") browser.recall();
    return { result: resultOf(end, "failed"), connectionId: end.connectionId ?? connectionId };
  };

  const leaveFor = async (begin: () => Promise<ConnectStart>, connectionId: string | null) => {
    const ended = await core.attempt(async () => {
      const start = await begin();
      if (start.mode === "embedded") return runEmbedded(start, connectionId);
      browser.keep(departureOf(start, connectionId));
      browser.go(start.connectUrl);
      // The window goes away; until then nothing else is begun.
      await pause(10_000);
      return undefined;
    });
    if (ended !== undefined) await show(ended.result, ended.connectionId);
  };

  return {
    /** Connects something new, straight at a provider if one is given. */
    connect: (providerId: string | null) => leaveFor(() => api.connect(providerId), null),
    /** Signs in again to a connection that is there, also to add a company to it. */
    reconnect: (connectionId: string) => leaveFor(() => api.reconnect(connectionId), connectionId),
    /** Says what came of a Connect that took over the window. */
    welcomeBack: async (back: NonNullable<Arrival["back"]>) => {
      const departure = browser.recall();
      const isBack = departure?.sessionId === back.sessionId;
      // Another tab is still away.
      if (departure !== null && !isBack) browser.keep(departure);
      const known = isBack ? departure.connectionId : null;
      const record = await core.attempt(async () => awaitEnd(back.sessionId, await api.connectSession(back.sessionId)));
      if (core.state().screen !== "list") return;
      const unsure = { status: "", outcome: null, failureReason: null, connectionId: null, reauthenticates: null };
      if (isBack && record?.status === "exchanging") browser.keep(departure);
      const result = resultOf(record ?? unsure, back.status);
      await show(result, record?.connectionId ?? record?.reauthenticates ?? back.connectionId ?? known);
    },
    /** Says what came of a Connect that the customer had left before it ended, once, should it have failed. */
    lookBack: async () => {
      const departure = browser.recall();
      if (departure === null || browser.now() - departure.leftAt > remembered) return;
      const { sessionId, connectionId, leftAt } = departure;
      let end: ConnectEnd;
      try {
        end = await api.connectSession(sessionId);
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        if (error.trouble === "ended") core.end();
        // Of another customer's session nothing is said, and of what is no session's id neither.
        else if (!["not_found", "invalid_request"].includes(error.code)) browser.keep(departure);
        return;
      }
      if (["open", "exchanging"].includes(end.status)) browser.keep(departure);
      const { screen, flash, connections } = core.state();
      if (end.status !== "failed" || screen !== "list" || flash !== null) return;
      const about = end.reauthenticates ?? connectionId;
      const connection = connections.find(({ id }) => id === about);
      core.set({ flash: afterEarlier(resultOf(end, "failed"), { platform, startedAt: new Date(leftAt) }, connection) });
    },
  };
};
