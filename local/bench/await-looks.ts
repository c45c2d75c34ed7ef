import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../stack/api-client.ts";
import { Refusal } from "../stack/refusal.ts";

const patienceMs = 300_000;

/**
 * Waits until what new tokens set off is over, the looks and the reading of employers: nothing else waits behind them then.
 *
 * @param path the customer's, in the API.
 * @throws Refusal when it is not after five minutes.
 */
export const awaitLooks = async (api: ApiClient, path: string): Promise<void> => {
  for (const giveUpAt = performance.now() + patienceMs; ; await sleep(1_000)) {
    const waiting = await countWaiting(api, path);
    if (waiting === 0) return;
    if (performance.now() > giveUpAt) throw new Refusal(`${waiting} connections are not looked at after 5 minutes.`);
  }
};

const countWaiting = async (api: ApiClient, path: string): Promise<number> => {
  let waiting = 0;
  for await (const connection of list<{ introspected_at: string | null }>(api, `${path}/connections`)) {
    if (connection.introspected_at === null) waiting += 1;
  }
  for await (const connection of list<{ employers: { status: string }[] }>(api, `${path}/employers`)) {
    if (connection.employers.some(({ status }) => status === "unread")) waiting += 1;
  }
  return waiting;
};

async function* list<Connection>(api: ApiClient, path: string): AsyncGenerator<Connection> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: { connections: Connection[]; next_cursor: string | null } = await api.call(
      "GET",
      `${path}?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    yield* page.connections;
    cursor = page.next_cursor;
  }
}
