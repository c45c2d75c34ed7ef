import { expect } from "vitest";
import type { Answer } from "./api.ts";
import { readConnection } from "./connections.ts";
import { itemsAbout } from "./table.ts";
import type { OwnConnection } from "./trouble.ts";

/** More than a connection has of looks that its token, Finch's webhook and a sweep bring about in a row. */
const mostTries = 6;

/**
 * Expects an act to leave what is read as it is. Perch looks at a connection by itself, too, as often as a webhook or a sweep
 * asks it to: where such a look came in between, the act is not what has changed anything, and is tried again.
 *
 * @param read what is stored, as the API tells it or as the table has it.
 * @returns what was read before and after.
 */
export const expectUnchanged = async <State>(
  read: () => Promise<State>,
  act: () => Promise<unknown>,
  what?: string,
): Promise<State> => {
  for (let tries = 1; ; tries += 1) {
    const before = await read();
    await act();
    const after = await read();
    if (tries === mostTries || looksIn(before) === looksIn(after)) {
      expect(after, what).toEqual(before);
      return after;
    }
  }
};

/** When Finch was asked about the connections, and their employers read; and the webhooks that were answered. */
const looksIn = (state: unknown): string =>
  [...JSON.stringify(state).matchAll(/"(?:introspected_at|read_at)":[^,}]*|"WEBHOOK#[^"]*"/g)].join();

/** Expects what has made a connection to be answered with it once more when it is repeated, and to change nothing. */
export const expectSameAgain = async (
  { customer, connectionId }: OwnConnection,
  status: number,
  repeat: () => Promise<Answer>,
): Promise<void> => {
  const readKept = async () => ({
    connection: await readConnection(customer, connectionId),
    items: await itemsAbout(customer.id),
  });
  let again: Answer | undefined;
  const { connection } = await expectUnchanged(readKept, async () => {
    again = await repeat();
  });
  expect([again?.status, again?.json()]).toEqual([status, connection]);
};
