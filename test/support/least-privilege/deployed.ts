/** What is deployed, under the names that the table of permissions has. */
import type { TokenStoreName } from "../../../local/stack/options.ts";
import { type Resource, resourcesOf, synthesise } from "../../cdk/support.ts";
import { readStack } from "../stack.ts";
import { askAws, form, json, readElements } from "./call-aws.ts";

const account = "000000000000";

export interface Deployed {
  /** A deployed thing's own name: a queue's URL, a function's name, a key's id. */
  readonly idOf: (name: string) => string;
  readonly arnOf: (name: string) => string;
  /** The names of all things of a type, such as `AWS::SQS::Queue`. */
  readonly namesOf: (type: string) => readonly string[];
  /** The functions by their folders. */
  readonly functions: readonly string[];
  readonly streamArn: string;
  /** Where reading the table's stream begins. */
  readonly shardIterator: string;
  /** A text of a customer `of-somebody` and a roster `of-somebody` under the key of rosters' pages. */
  readonly pagesCiphertext: string;
  /** A text of a customer `of-somebody` and a connection `of-somebody` under the token key. */
  readonly ciphertext: string;
}

const listPhysicalIds = async (stackName: string): Promise<ReadonlyMap<string, string>> => {
  const ids = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = { StackName: stackName, ...(NextToken && { NextToken }) };
    const xml: string = await askAws(form("cloudformation", "ListStackResources", page));
    for (const member of readElements(xml, "member")) {
      const [logicalId] = readElements(member, "LogicalResourceId");
      const [physicalId] = readElements(member, "PhysicalResourceId");
      if (logicalId !== undefined && physicalId !== undefined) ids.set(logicalId, physicalId);
    }
    [NextToken] = readElements(xml, "NextToken");
  } while (NextToken !== undefined);
  return ids;
};

const toArn = (type: string, id: string, region: string): string => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  switch (type) {
    case "AWS::DynamoDB::GlobalTable":
      return arn("dynamodb", `table/${id}`);
    case "AWS::SQS::Queue":
      return arn("sqs", id.split("/").at(-1) ?? "");
    case "AWS::KMS::Key":
      return arn("kms", `key/${id}`);
    case "AWS::Lambda::Function":
      return arn("lambda", `function:${id}`);
    case "AWS::IAM::Role":
      return `arn:aws:iam::${account}:role/${id}`;
    default:
      return id;
  }
};

/** Reads the stack that `PERCH_OUTPUTS` names, whose tokens are kept so. */
export const readDeployed = async (tokenStore: TokenStoreName): Promise<Deployed> => {
  const { region, tableName, tokenKeyArn } = readStack();
  const assembly = synthesise("local", { context: { tokenStore } });
  const physicalIds = new Map(
    (await Promise.all(assembly.stackNames.map(listPhysicalIds))).flatMap((ids) => [...ids.entries()]),
  );
  const byName = new Map<string, Resource>(
    assembly.resources.filter(({ logicalId }) => physicalIds.has(logicalId)).map((each) => [each.name, each]),
  );
  const find = (name: string) => {
    const resource = byName.get(name);
    if (resource === undefined) throw new Error(`${name} is not deployed`);
    return { type: resource.type, id: physicalIds.get(resource.logicalId) ?? "" };
  };
  const namesOf = (type: string) => [...resourcesOf(assembly, type).keys()];

  const streams = (operation: string, body: object) =>
    askAws(json("dynamodb", `DynamoDBStreams_20120810.${operation}`, body)).then((text) => JSON.parse(text));
  const [{ StreamArn: streamArn }] = (await streams("ListStreams", { TableName: tableName })).Streams;
  const [{ ShardId }] = (await streams("DescribeStream", { StreamArn: streamArn })).StreamDescription.Shards;
  const begin = { StreamArn: streamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
  const encrypt = async (KeyId: string, name: string): Promise<string> => {
    const EncryptionContext = { customer_id: "of-somebody", [name]: "of-somebody" };
    const text = { KeyId, Plaintext: Buffer.from("nothing").toString("base64"), EncryptionContext };
    return JSON.parse(await askAws(json("kms", "TrentService.Encrypt", text))).CiphertextBlob;
  };

  return {
    idOf: (name) => find(name).id,
    arnOf(name) {
      const { type, id } = find(name);
      return toArn(type, id, region);
    },
    namesOf,
    functions: namesOf("AWS::Lambda::Function").map((name) => name.replace(/\/Function$/, "")),
    streamArn,
    shardIterator: (await streams("GetShardIterator", begin)).ShardIterator,
    ciphertext: await encrypt(tokenKeyArn, "connection_id"),
    pagesCiphertext: await encrypt(find("RosterPages/Key").id, "roster_id"),
  };
};
