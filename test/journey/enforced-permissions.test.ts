/** The emulated AWS asks the policies of whoever calls it: the journeys pass with what each function may do, and no more. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  type AwsAnswer,
  assumeRole,
  type Credentials,
  callAws,
  isRefused,
  json,
  readRoleArn,
  root,
} from "../support/least-privilege/call-aws.ts";
import { readStack } from "../support/stack.ts";

const { tableName: TableName, tokenKeyArn: KeyId } = readStack();
const key = (kind: string) => ({ pk: { S: `${kind}#nobody` }, sk: { S: "nothing" } });
const dynamo = (operation: string, body: object) => json("dynamodb", `DynamoDB_20120810.${operation}`, body);

const requests = {
  "reads a customer": dynamo("GetItem", { TableName, Key: key("CUSTOMER") }),
  "reads a sealed token": dynamo("GetItem", { TableName, Key: key("TOKENS") }),
  "reads both at once": dynamo("TransactGetItems", {
    TransactItems: ["CUSTOMER", "TOKENS"].map((kind) => ({ Get: { TableName, Key: key(kind) } })),
  }),
  "finds a customer's sealed tokens": dynamo("Query", {
    ...{ TableName, KeyConditionExpression: "pk = :pk" },
    ExpressionAttributeValues: { ":pk": { S: "TOKENS#nobody" } },
  }),
  scans: dynamo("Scan", { TableName }),
  "seals under a customer and a connection": json("kms", "TrentService.Encrypt", {
    ...{ KeyId, Plaintext: "bm90aGluZw==" },
    EncryptionContext: { customer_id: "nobody", connection_id: "nothing" },
  }),
  "seals under a customer only": json("kms", "TrentService.Encrypt", {
    ...{ KeyId, Plaintext: "bm90aGluZw==" },
    EncryptionContext: { customer_id: "nobody" },
  }),
};

/** Which of the requests the policies let through. */
const letThrough = async (credentials: Credentials): Promise<readonly string[]> => {
  const answered = await Promise.all(
    Object.entries(requests).map(async ([name, request]) => [name, await callAws(request, credentials)] as const),
  );
  return answered.filter(([, answer]) => !isRefused(answer)).map(([name]) => name);
};

describe("the emulated AWS", () => {
  let reader: Credentials;
  let opener: Credentials;
  beforeAll(async () => {
    reader = await assumeRole(await readRoleArn("get-connection"));
    opener = await assumeRole(await readRoleArn("get-access-token"));
  });

  it("lets a function's role do what its policies say, and refuses the rest", async () => {
    expect(await letThrough(reader)).toEqual(["reads a customer"]);
    const ofTokens = ["reads a sealed token", "reads both at once", "finds a customer's sealed tokens"];
    expect(await letThrough(opener)).toEqual(["reads a customer", ...ofTokens]);
    expect(await letThrough(await assumeRole(await readRoleArn("create-connection")))).toEqual([
      "reads a customer",
      "seals under a customer and a connection",
    ]);
  });

  it("refuses nothing to whoever deploys", async () => {
    expect(await letThrough(root)).toEqual(Object.keys(requests));
  });

  it("knows nobody by a name alone", async () => {
    const forged: Credentials = { ...opener, secretAccessKey: reader.secretAccessKey };
    const asked = async (): Promise<AwsAnswer> => callAws(requests["reads a customer"], forged);
    expect((await asked()).text).toMatch(/InvalidSignature|SignatureDoesNotMatch/);
  });
});
