/** The platform's end of Finch's webhooks, for one test. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import { startFinch } from "./support.ts";

/** A webhook as it arrived. */
type Received = {
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent, to the byte. */
  readonly raw: string;
  readonly body: {
    readonly event_type: string;
    readonly connection_id: string;
    readonly entity_id: string | null;
    readonly data: { readonly status: string; readonly authentication_method: unknown };
  };
};

/** 32 characters, as Finch's dashboard shows a secret. */
export const [webhookSecret, newerSecret] = ["5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH", "q83vEjRWeJCrze8SNFZ4kKvN7xI0Vniq"];

/** Listens until the test ends; answers with what `statuses` holds (0: never), then with 200. */
export const startReceiver = async (...statuses: number[]) => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString("utf8");
    const headers = request.headers as Record<string, string>;
    received.push({ headers, raw, body: raw.startsWith("{") ? JSON.parse(raw) : raw });
    const status = statuses.shift() ?? 200;
    if (status > 0) response.writeHead(status, { location: "/elsewhere" }).end("thank you");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`, received };
};

/** What the door says of the webhooks, as far as tests look at it by name. */
type WebhookLog = {
  readonly endpoint: unknown;
  readonly rules: unknown;
  readonly deliveries: readonly {
    readonly eventId: string;
    readonly status: string;
    readonly nextAttemptAt: string | null;
    readonly attempts: readonly { readonly status: number | null }[];
  }[];
};

/** Registers the address and says what its log holds. */
export const registerAt = async (
  { control }: Awaited<ReturnType<typeof startFinch>>,
  url: string,
  secrets: readonly string[] = [webhookSecret],
) => {
  const { status, body } = await control("PUT", "webhooks", { url, secrets });
  if (status !== 200) throw new Error(body.message);
  return {
    log: async (connectionId?: string): Promise<WebhookLog> => {
      const filter = connectionId === undefined ? "" : `?connection_id=${connectionId}`;
      return (await control("GET", `webhooks${filter}`)).body as unknown as WebhookLog;
    },
  };
};

/** A simulator whose time stands still between the calls that move it, and the platform's end of its webhooks. */
export const startWithWebhooks = async (...statuses: number[]) => {
  // The SDK compares with the clock on the wall.
  const beganAt = Date.now();
  const finch = await startFinch({ clock: () => new Date(beganAt) });
  const receiver = await startReceiver(...statuses);
  const { log } = await registerAt(finch, receiver.url);
  const advance = (ms: number) => finch.control("POST", "clock", { advance_ms: ms });
  const arrived = async (count: number): Promise<readonly Received[]> => {
    await expect.poll(() => receiver.received.length, { interval: 2 }).toBe(count);
    return receiver.received;
  };
  const settled = async () => {
    await expect
      .poll(async () => (await log()).deliveries.filter(({ status }) => status === "waiting"), { interval: 2 })
      .toEqual([]);
    return receiver.received;
  };
  return { ...finch, ...receiver, log, advance, arrived, settled };
};
