/** What is tried on rosters' pages, their key, and the state machine. */
import { type Attempt, attempt } from "./attempt.ts";
import { type AwsRequest, json } from "./call-aws.ts";
import type { Deployed } from "./deployed.ts";

const pagesKey = "RosterPages/Key";
const bucket = "RosterPages/Bucket";
const machine = "Rosters/Machine";

const contexts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "both names": { customer_id: "of-somebody", roster_id: "of-somebody" },
  "others' names": { customer_id: "of-another", roster_id: "of-another" },
  "the customer only": { customer_id: "of-somebody" },
  "the roster only": { roster_id: "of-somebody" },
  "a connection's names": { customer_id: "of-somebody", connection_id: "of-somebody" },
  "no context": {},
};

export const rosterAttempts = (deployed: Deployed): Attempt[] => [
  ...pagesKeyAttempts(deployed),
  ...objectAttempts(deployed),
  ...executionAttempts(deployed),
];

const pagesKeyAttempts = ({ arnOf, pagesCiphertext }: Deployed): Attempt[] => {
  const KeyId = arnOf(pagesKey);
  return Object.entries(contexts).flatMap(([words, EncryptionContext]) => {
    const bodies = {
      Encrypt: { Plaintext: Buffer.from("nothing").toString("base64"), EncryptionContext },
      Decrypt: { CiphertextBlob: pagesCiphertext, EncryptionContext },
      GenerateDataKey: { KeySpec: "AES_256", EncryptionContext },
    };
    const context = Object.entries(EncryptionContext).map(([name, value]) => [
      `kms:EncryptionContext:${name}`,
      [value],
    ]);
    return Object.entries(bodies).map(([operation, body]) => {
      const request = json("kms", `TrentService.${operation}`, { KeyId, ...body });
      return attempt(`kms:${operation}`, pagesKey, request, Object.fromEntries(context), `, ${words}`);
    });
  });
};

const objectAttempts = ({ idOf }: Deployed): Attempt[] => {
  const place = `/${idOf(bucket)}`;
  const s3 = (method: NonNullable<AwsRequest["method"]>, path: string, query?: string): AwsRequest => ({
    ...{ service: "s3", method, path: `${place}${path}` },
    ...(query !== undefined && { query }),
    ...(method === "PUT" && { body: "nothing" }),
  });
  const methods = { GetObject: "GET", PutObject: "PUT", DeleteObject: "DELETE" } as const;
  const objects = ["pages", "rosters", "elsewhere"].flatMap((life) =>
    Object.entries(methods).map(([operation, method]) => {
      const path = `/${life}/nobody/nothing`;
      return attempt(`s3:${operation}`, `${bucket}${path}`, s3(method, path));
    }),
  );
  const lists = ["pages/", "rosters/", "elsewhere/", undefined].map((prefix) => {
    const query = prefix === undefined ? "list-type=2" : `list-type=2&prefix=${encodeURIComponent(prefix)}`;
    const context = prefix === undefined ? {} : { "s3:prefix": [prefix] };
    return attempt("s3:ListBucket", bucket, s3("GET", "", query), context, `, below ${prefix}`);
  });
  return [...objects, ...lists];
};

const executionAttempts = ({ idOf }: Deployed): Attempt[] => {
  const stateMachineArn = idOf(machine);
  const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:nobody`;
  const states = (operation: string, resource: string, body: object): Attempt =>
    attempt(`states:${operation}`, resource, json("states", `AWSStepFunctions.${operation}`, body));
  return [
    // Its input is no JSON: no execution begins.
    states("StartExecution", machine, { stateMachineArn, input: "{" }),
    states("UpdateStateMachine", machine, { stateMachineArn }),
    ...["DescribeExecution", "GetExecutionHistory", "StopExecution"].map((operation) =>
      states(operation, `${machine}:nobody`, { executionArn }),
    ),
  ];
};
