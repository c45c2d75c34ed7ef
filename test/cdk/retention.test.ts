import { describe, expect, it } from "vitest";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { due, dueIndex, keys, ledger, ledgerIndex, listedIndex } from "#shared/dynamodb/keys.ts";
import { retention } from "#shared/retention.ts";
import { resourcesOf, synthesise } from "./support.ts";

const table = "ConnectionTable/Table";

/** What a deploy, a rollback and the deletion of a stack leave behind, since others hold on to it or it cannot be made again. */
const kept = [
  "Api",
  "BackendClients/Pool",
  "BackendClients/Pool/Backend",
  "BackendClients/Pool/Domain",
  "BackendClients/Pool/Server",
  "Bus",
  "ConnectionTable/Table",
  "DeadLetters/CheckSweeps",
  "DeadLetters/Checks",
  "DeadLetters/Deletions",
  "DeadLetters/Disconnects",
  "DeadLetters/Employers",
  "DeadLetters/Events",
  "DeadLetters/Reports",
  "DeadLetters/Rosters",
  "DeadLetters/SecretSweeps",
  "DeadLetters/Sweeps",
  "FinchApplication/Secret",
  "HashKey/Secret",
  "RosterPages/Bucket",
  "RosterPages/Key",
  "TokenKey/Key",
];

/** What is made again with what it belongs to: routes, queues, the bucket. */
const remade = /^Api\/Jwt$|\/Policy$/;

describe.each(["local", "production"])("what outlives a deploy on the stage %s", (stage) => {
  const assembly = synthesise(stage);
  const onAws = stage !== "local";

  it("is retained: the whole data stack, and every log", () => {
    const policies = assembly.resources
      .filter((each) => each.stack === "PerchData" && !remade.test(each.name))
      .map((each) => [each.name, each.deletionPolicy, each.updateReplacePolicy])
      .toSorted();
    expect(policies).toEqual(kept.map((name) => [name, "Retain", "Retain"]));
    for (const { deletionPolicy, properties } of resourcesOf(assembly, "AWS::Logs::LogGroup").values()) {
      expect([deletionPolicy, properties["RetentionInDays"]]).toEqual(["Retain", 90]);
    }
  });

  it("is not in the stacks that may be rebuilt, save logs", () => {
    const rebuilt = ["PerchApi", "PerchRosters"];
    const types = new Set(assembly.resources.filter(({ stack }) => rebuilt.includes(stack)).map(({ type }) => type));
    const everywhere = [
      "AWS::ApiGatewayV2::Integration",
      "AWS::ApiGatewayV2::Route",
      "AWS::ApiGatewayV2::Stage",
      "AWS::Events::Rule",
      "AWS::IAM::Policy",
      "AWS::IAM::Role",
      "AWS::Lambda::EventSourceMapping",
      "AWS::Lambda::Function",
      "AWS::Lambda::Permission",
      "AWS::Logs::LogGroup",
      "AWS::Logs::MetricFilter",
      // Work waits there, and is found again in the table.
      "AWS::SQS::Queue",
      "AWS::SQS::QueuePolicy",
      "AWS::StepFunctions::StateMachine",
    ];
    const onAwsOnly = ["AWS::Events::EventBusPolicy", "AWS::Lambda::Alias", "AWS::Lambda::Version"];
    expect([...types].toSorted()).toEqual([...everywhere, ...(onAws ? onAwsOnly : [])].toSorted());
  });

  it("is a table with the keys, indexes and attributes that the code uses", () => {
    const properties = resourcesOf(assembly, "AWS::DynamoDB::GlobalTable").get(table)?.properties;
    const schema = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: "HASH" },
      { AttributeName: sort, KeyType: "RANGE" },
    ];
    const [partition, sort] = Object.keys(keys.event("1"));
    const [ledgerPartition, ledgerSort] = Object.keys(ledger.customer("", "c" as CustomerId));
    const [dueShard, dueAt] = Object.keys(due("EVENT", "1", new Date(0)));
    expect(properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: schema(String(partition), String(sort)),
      LocalSecondaryIndexes: [
        { IndexName: listedIndex, KeySchema: schema("pk", "listed_at"), Projection: { ProjectionType: "ALL" } },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: dueIndex,
          KeySchema: schema(String(dueShard), String(dueAt)),
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
        {
          IndexName: ledgerIndex,
          KeySchema: schema(String(ledgerPartition), String(ledgerSort)),
          Projection: { ProjectionType: "ALL" },
        },
      ],
      SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
    });
  });

  // A developer's stack is forgotten by deleting its files: the protections are in nobody's way there.
  it("is protected against being deleted, and can be restored to any second", () => {
    const properties = resourcesOf(assembly, "AWS::DynamoDB::GlobalTable").get(table)?.properties;
    expect(properties?.["Replicas"]).toMatchObject([
      { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    ]);
    const pool = resourcesOf(assembly, "AWS::Cognito::UserPool").get("BackendClients/Pool");
    expect(pool?.properties["DeletionProtection"]).toBe(onAws ? "ACTIVE" : "INACTIVE");
  });

  it("has its names from the stage", () => {
    const name = (type: string, property: string) =>
      [...resourcesOf(assembly, type).values()].map(({ properties }) => properties[property]);
    expect(name("AWS::Events::EventBus", "Name")).toEqual([`perch-${stage}`]);
    expect(name("AWS::SecretsManager::Secret", "Name")).toEqual(
      ["finch-application", "hash-key"].map((secret) => `perch/${stage}/${secret}`),
    );
    expect(name("AWS::Cognito::UserPoolDomain", "Domain")).toEqual([`perch-${stage}-AWS::AccountId`]);
  });

  it("rotates its keys", () => {
    const keys = [...resourcesOf(assembly, "AWS::KMS::Key").values()].filter(({ stack }) => stack === "PerchData");
    expect(keys.map(({ name, properties }) => [name, properties["EnableKeyRotation"]])).toEqual([
      ["TokenKey/Key", true],
      ["RosterPages/Key", true],
    ]);
  });

  it("keeps pages of people for the time that the code says, open to nobody, and not without TLS", () => {
    const bucket = resourcesOf(assembly, "AWS::S3::Bucket").get("RosterPages/Bucket");
    expect(bucket?.properties).toMatchObject({
      LifecycleConfiguration: {
        Rules: [
          { Prefix: "pages/", ExpirationInDays: retention.rosterReadDays, Status: "Enabled" },
          { Prefix: "rosters/", ExpirationInDays: retention.rosterDays + 1, Status: "Enabled" },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" },
        ],
      },
      PublicAccessBlockConfiguration: {
        ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
    });
    expect(bucket?.properties["VersioningConfiguration"]).toBeUndefined();
    const policy = JSON.stringify(resourcesOf(assembly, "AWS::S3::BucketPolicy").get("RosterPages/Bucket/Policy"));
    expect(policy).toContain('{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
  });
});
