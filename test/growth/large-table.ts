/** Tables with so many connections, which are there as soon as DynamoDB is: they come with its start, as an export. */
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Connection } from "#shared/connection/connection.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { toConnectionItem, toTokenRecord } from "#shared/dynamodb/connection-item.ts";
import { keys } from "#shared/dynamodb/keys.ts";
import { aConnection, aTokenRecord, newTokenId } from "../support/builders.ts";
import { type Dynoxide, startDynoxide } from "../support/dynoxide.ts";

/** How many connections a customer has. */
export interface Owned {
  readonly customerId: CustomerId;
  readonly count: number;
}

const madeFrom = Date.UTC(2026, 0, 1);
/** None of them is due for years. */
const nextCheckAt = new Date(Date.UTC(2036, 0, 1));
/** As long as an access token's with KMS. */
const ciphertext = new Uint8Array(200);

/** A customer's connections, oldest first, each made a second after the other. */
export function* connectionsOf({ customerId, count }: Owned): Generator<Connection> {
  for (let index = 0; index < count; index += 1) {
    const createdAt = new Date(madeFrom + index * 1_000);
    const tokens = [aTokenRecord({ tokenId: newTokenId(), createdAt })];
    yield aConnection({ customerId, createdAt, nextCheckAt, tokens });
  }
}

/**
 * Starts a DynamoDB whose table has these connections, each with its owner and its token.
 *
 * @param description what DescribeTable says of the table.
 */
export const startLargeTable = async (
  tableName: string,
  description: object,
  connections: Iterable<Connection>,
): Promise<Dynoxide> => {
  const folder = mkdtempSync(join(tmpdir(), "perch-growth-"));
  try {
    const schema = join(folder, "schema.json");
    const source = join(folder, "export");
    const data = join(source, tableName, "data");
    mkdirSync(data, { recursive: true });
    writeFileSync(schema, JSON.stringify(description));
    await pipeline(
      Readable.from(linesOf(connections)),
      createGzip({ level: 1 }),
      createWriteStream(join(data, "items.json.gz")),
    );
    return await startDynoxide({ folder: source, schema });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function* linesOf(connections: Iterable<Connection>): Generator<string> {
  for (const connection of connections) {
    const { customerId, connectionId, createdAt, tokens } = connection;
    const owner = {
      ...keys.owner(connectionId),
      customer_id: customerId,
      claimed_at: createdAt.toISOString(),
      token_ids: tokens.map(({ tokenId }) => tokenId),
    };
    const lines = [toConnectionItem(connection), owner].map((item) => lineOf(marshall(item)));
    for (const record of tokens) {
      const item = { ...keys.token(customerId, connectionId, record.tokenId), record: toTokenRecord(record) };
      lines.push(lineOf({ ...marshall(item), ciphertext: { B: Buffer.from(ciphertext).toString("base64") } }));
    }
    yield lines.join("");
  }
}

const lineOf = (item: object): string => `${JSON.stringify({ Item: item })}\n`;
