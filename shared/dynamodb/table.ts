import { setTimeout } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Item } from "./item.ts";

/** The table and the client that reaches it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** Opens the table of this name over a client. */
export const openTable = (name: string, client: DynamoDBClient): Table => ({
  name,
  client: DynamoDBDocumentClient.from(client),
});

/** One action of a transaction; the table's name is filled in by `transact`. */
export type Action = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** What kept one action, and with it the whole transaction, from being carried out. */
export interface Cancellation {
  readonly failed: boolean;
  /** The item as it is, where the condition failed, it exists and `ALL_OLD` was asked for. */
  readonly item: Item | undefined;
}

/**
 * Carries out all actions or none. Undefined when they were carried out; else one cancellation per action, of which none
 * `failed` when it was only contention (another transaction on one of the items, throttling) and nothing is known.
 *
 * @throws whatever else DynamoDB answers.
 */
export const transact = async (table: Table, actions: readonly Action[]): Promise<Cancellation[] | undefined> => {
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: [...actions] }));
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = error.CancellationReasons ?? [];
    // A malformed request is a bug: it would fail for ever.
    if (reasons.some((reason) => reason.Code === "ValidationError")) throw error;
    return actions.map((_, index) => ({
      failed: reasons[index]?.Code === "ConditionalCheckFailed",
      item: itemOf(reasons[index]?.Item),
    }));
  }
};

const triesUnderContention = 10;

/**
 * The same, again and again under contention: for a transaction that checks an item which others check or change at the
 * same moment.
 *
 * @throws once it has met others ten times in a row.
 */
export const transactPatiently = async (
  table: Table,
  actions: readonly Action[],
): Promise<Cancellation[] | undefined> => {
  for (let attempt = 1; attempt <= triesUnderContention; attempt += 1) {
    const cancelled = await transact(table, actions);
    if (cancelled?.some(({ failed }) => failed) ?? true) return cancelled;
    await setTimeout(Math.random() * 10 * 2 ** attempt);
  }
  throw new Error("contention");
};

/** The item that a failed condition of a single write gave back (`ALL_OLD`); undefined for any other error. */
export const failedCondition = (error: unknown): { readonly item: Item | undefined } | undefined =>
  error instanceof ConditionalCheckFailedException ? { item: itemOf(error.Item) } : undefined;

/** Lets a write be refused by its condition: somebody else has changed the item, and that stands. */
export const unlessChanged = async (write: Promise<unknown>): Promise<void> => {
  try {
    await write;
  } catch (error) {
    if (!failedCondition(error)) throw error;
  }
};

// An exception's items are not unmarshalled by the document client.
const itemOf = (attributes: Parameters<typeof unmarshall>[0] | undefined): Item | undefined =>
  attributes && Object.keys(attributes).length > 0 ? (unmarshall(attributes) as Item) : undefined;
