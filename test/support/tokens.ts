/** Which tokens of a connection Perch holds, and which work at Finch. */
import { expect, vi } from "vitest";
import { readConnection } from "./connections.ts";
import { liveConnections } from "./finch.ts";
import { patience } from "./patience.ts";
import { itemsAbout } from "./table.ts";
import type { OwnConnection } from "./trouble.ts";

/** The tokens of a connection that Perch holds, as hashes that Finch knows too; each has its sealed item, and no other has. */
export const heldTokens = async ({ connectionId }: OwnConnection): Promise<readonly string[]> => {
  const items = await itemsAbout(connectionId);
  const connection = items.find((item) => item["sk"] === `CONNECTION#${connectionId}`);
  const tokens = connection?.["tokens"] as readonly { readonly token_id: string; readonly fingerprint: string }[];
  const sealed = items.filter((item) => `${item["pk"]}`.startsWith("TOKENS#")).map((item) => `${item["sk"]}`);
  expect(sealed.toSorted()).toEqual(
    tokens.map(({ token_id: id }) => `CONNECTION#${connectionId}#TOKEN#${id}`).toSorted(),
  );
  return tokens.map(({ fingerprint }) => Buffer.from(fingerprint, "base64url").toString("hex"));
};

/** The hashes of the tokens that work at Finch, the oldest first. */
export const tokensAtFinch = async ({ connectionId }: OwnConnection): Promise<readonly string[]> =>
  (await liveConnections()).find(({ id }) => id === connectionId)?.liveTokens.map(({ hash }) => hash) ?? [];

/** Waits until a look that nobody asked for has left one token, which is the newest unless several came at once. */
export const awaitNewest = async (own: OwnConnection, atOnce = 1): Promise<void> => {
  await vi.waitFor(
    async () => expect((await readConnection(own.customer, own.connectionId)).tokens).toHaveLength(1),
    patience,
  );
  // Of those that came at once, the last that was stored is the newest: Finch may have issued it first.
  expect((await tokensAtFinch(own)).slice(-atOnce)).toEqual(expect.arrayContaining([...(await heldTokens(own))]));
};
