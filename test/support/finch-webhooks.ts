/**
 * The webhooks of the simulated Finch, for tests with a deployed stack. All tests share one Finch: so each call is about one
 * connection. A test of its own cannot know a connection before it is made; it looks for it with `finchConnectionsOf`.
 */
import { expect, vi } from "vitest";
import { controlFinch } from "./finch.ts";
import { patience } from "./patience.ts";

/** A webhook in Finch's log. */
export interface FinchDelivery {
  readonly eventId: string;
  readonly eventType: string;
  readonly connectionId: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: "waiting" | "held" | "lost" | "delivered" | "given_up";
  /** A null status: nobody answered. */
  readonly attempts: readonly { readonly status: number | null; readonly answer: string }[];
}

interface Deliveries {
  readonly deliveries: readonly FinchDelivery[];
}

/** What befalls the next events of a connection; see `local/finch/README.md`. */
export interface FinchWebhookRule {
  readonly kind: "lose" | "hold" | "double" | "override";
  /** 1 when left out. */
  readonly times?: number | "until_cleared";
  readonly event_type?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly authentication_method?: "string" | "object";
}

/** The webhooks of one connection. */
export const webhooksOf = (connectionId: string) => {
  const about = { connection_id: connectionId };
  const retry = (): Promise<Deliveries> => controlFinch("POST", "webhooks/retry", about);
  const log = async () => (await controlFinch<Deliveries>("GET", `webhooks?connection_id=${connectionId}`)).deliveries;
  return {
    /** What was sent, or not, of this connection; the oldest first. */
    log,
    /** Lets something befall the connection's next events. */
    rule: (rule: FinchWebhookRule): Promise<unknown> => controlFinch("POST", "webhooks/rules", { ...rule, ...about }),
    /** Ends what was asked for with `rule`. */
    clearRules: (): Promise<unknown> => controlFinch("DELETE", `webhooks/rules?connection_id=${connectionId}`),
    /** Sends what is held, one after another. */
    release: (order: "oldest_first" | "newest_first" = "oldest_first"): Promise<Deliveries> =>
      controlFinch("POST", "webhooks/release", { ...about, order }),
    /** Tries what failed at once, instead of after 5 s, 5 min, 30 min and 2 h. */
    retry,
    /** Sends any event about the connection, documented or not. */
    send: (event: object): Promise<Deliveries> => controlFinch("POST", "webhooks/events", { ...event, ...about }),
    /** Waits until nothing is on its way; what is held stays. Returns the log. */
    settled: async (): Promise<readonly FinchDelivery[]> => {
      await vi.waitFor(async () => {
        const waiting = (await log()).filter(({ status }) => status === "waiting");
        // What a busy machine did not answer in time, Finch would send again minutes later.
        if (waiting.some(({ attempts }) => attempts.length > 0)) await retry();
        expect(waiting).toEqual([]);
      }, patience);
      return log();
    },
  };
};

/** Sends an event that was lost, or delivered long ago, once more under its id. */
export const resendWebhook = (eventId: string): Promise<Deliveries> =>
  controlFinch("POST", "webhooks/resend", { event_id: eventId });
