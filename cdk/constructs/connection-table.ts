// It is long because all verbs of the one table are here.
import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { retention } from "../../shared/retention.ts";

/** What a function may do to an item. Reading and writing a transaction's parts are separate permissions in IAM. */
type ItemAction = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "ConditionCheckItem" | "Query";

/** The kinds of items, by the word that their partition key begins with (`shared/dynamodb/keys.ts`). */
type ItemKind =
  | "CUSTOMER"
  | "OWNER"
  | "TOKENS"
  | "SESSION"
  | "SESSIONS"
  | "DELETION"
  | "PAGE"
  | "OUTBOX"
  | "WEBHOOK"
  | "PARKED"
  | "PARKINGS"
  | "SWEEP"
  | "COMPANY"
  | "SOURCE"
  | "AUDIT"
  | "ROSTERS"
  | "BUDGET";

/**
 * The one table. Hands out verbs, never itself: each verb is an environment variable and exactly the actions that it takes,
 * on exactly the kinds of items that it touches (`dynamodb:LeadingKeys`). No verb scans.
 */
export class ConnectionTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      // Newest first within one customer, readable consistently: a connection is listed as soon as its session completes.
      localSecondaryIndexes: [
        {
          indexName: "listed",
          sortKey: { name: "listed_at", type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
      // Work that falls due (sessions to sweep, events to publish, deletions to go on with), spread over shards.
      globalSecondaryIndexes: [
        {
          indexName: "due",
          partitionKey: { name: "due_shard", type: AttributeType.STRING },
          sortKey: { name: "due_at", type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
        // Lists beyond one partition: a customer's sessions, and (spread over shards) all customers.
        {
          indexName: "ledger",
          partitionKey: { name: "ledger", type: AttributeType.STRING },
          sortKey: { name: "ledger_at", type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      dynamoStream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: retention.pointInTimeRecoveryDays,
      },
      timeToLiveAttribute: "ttl",
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Create or replace a customer's record. */
  letWriteCustomers(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["UpdateItem"]);
  }

  /** Read a customer's record, or one of its connections. */
  letReadCustomers(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["GetItem"]);
  }

  /** Page through a customer's connections. */
  letListConnections(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["Query"], "listed");
  }

  /** Read one Connect session. */
  letReadSessions(fn: LambdaFunction) {
    this.#let(fn, "SESSION", ["GetItem"]);
  }

  /** Store a new Connect session, for a customer that is not on its way out. */
  letCreateSessions(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["ConditionCheckItem"]);
    this.#let(fn, "SESSION", ["PutItem"]);
    this.#let(fn, "SESSIONS", ["PutItem"]);
  }

  /** Record openings of a Connect session and how they ended. */
  letUpdateSessions(fn: LambdaFunction) {
    this.#let(fn, "SESSION", ["UpdateItem"]);
  }

  /** Turn a token into a connection, its owner, its token item and its events. */
  letImportConnections(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["GetItem", "ConditionCheckItem", "PutItem", "UpdateItem"]);
    this.#let(fn, "OWNER", ["PutItem", "UpdateItem"]);
    this.#let(fn, "TOKENS", ["PutItem"]);
    this.#let(fn, "OUTBOX", ["PutItem"]);
  }

  /** The same for an exchanged token, with the end of its session. */
  letClaimConnections(fn: LambdaFunction) {
    this.letImportConnections(fn);
    this.#let(fn, "SESSION", ["GetItem", "UpdateItem"]);
  }

  /** Read a connection with its sealed tokens, record what Finch says of it or put it off, and drop what is superfluous. */
  letCheckConnections(fn: LambdaFunction) {
    this.letLabelConnections(fn);
    this.#let(fn, "CUSTOMER", ["UpdateItem"]);
    this.#let(fn, "TOKENS", ["GetItem", "DeleteItem"]);
  }

  /** Find out whose a connection is. */
  letFindOwners(fn: LambdaFunction) {
    this.#let(fn, "OWNER", ["GetItem"]);
  }

  /** Change what a connection's own item says, with the events that tell of it. */
  letLabelConnections(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["GetItem", "PutItem"]);
    this.#let(fn, "OUTBOX", ["PutItem"]);
  }

  /** Take a held connection into use, under its customer's limit. */
  letAcceptConnections(fn: LambdaFunction) {
    this.letLabelConnections(fn);
    this.#let(fn, "CUSTOMER", ["UpdateItem"]);
  }

  /** Discard a held connection with its tokens, or ask for a disconnect. */
  letDiscardConnections(fn: LambdaFunction) {
    this.letLabelConnections(fn);
    this.#let(fn, "CUSTOMER", ["DeleteItem"]);
    this.#let(fn, "OWNER", ["DeleteItem"]);
    this.#let(fn, "TOKENS", ["GetItem", "DeleteItem"]);
    this.#forgetMarks(fn);
  }

  /** Find the connections of one company, and drop what leads to none. Sees ids only. */
  letFindSiblings(fn: LambdaFunction) {
    this.letReadCustomers(fn);
    this.#let(fn, "COMPANY", ["Query", "DeleteItem"]);
  }

  /** Enter a connection into the index of employers, and mark it and others of its customer as possible duplicates. */
  letMarkDuplicates(fn: LambdaFunction) {
    this.letLabelConnections(fn);
    for (const kind of ["COMPANY", "SOURCE"] as const) this.#let(fn, kind, ["Query", "PutItem", "DeleteItem"]);
  }

  /** Take a connection out of the index of employers. */
  #forgetMarks(fn: LambdaFunction) {
    for (const kind of ["COMPANY", "SOURCE"] as const) this.#let(fn, kind, ["DeleteItem"]);
  }

  /** Drive a disconnect to its end: tokens and connection go, a tombstone stays, and of a deletion a line of its receipt. */
  letDriveDisconnects(fn: LambdaFunction) {
    this.letLabelConnections(fn);
    this.#let(fn, "CUSTOMER", ["DeleteItem", "UpdateItem"]);
    this.#let(fn, "OWNER", ["PutItem"]);
    this.#let(fn, "TOKENS", ["GetItem", "DeleteItem"]);
    this.letFindSiblings(fn);
    this.#forgetMarks(fn);
    this.#let(fn, "DELETION", ["PutItem"]);
  }

  /** Mark a customer, store its deletion, and cancel its open sessions. */
  letDeleteCustomers(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["GetItem", "UpdateItem"]);
    this.#let(fn, "SESSIONS", ["Query"]);
    this.#let(fn, "SESSION", ["UpdateItem"]);
    this.#let(fn, "DELETION", ["GetItem", "PutItem"]);
  }

  /** Read a deletion and the lines of its receipt. */
  letReadDeletions(fn: LambdaFunction) {
    this.#let(fn, "DELETION", ["GetItem", "Query"]);
  }

  /** Erase a customer: its sessions, each connection by asking for its disconnect, and at last its record. Sees no token. */
  letDriveDeletions(fn: LambdaFunction) {
    this.letReadDeletions(fn);
    this.#let(fn, "DELETION", ["UpdateItem"]);
    this.#let(fn, "SESSIONS", ["Query", "DeleteItem"]);
    this.#let(fn, "SESSION", ["GetItem", "DeleteItem"]);
    this.letListConnections(fn);
    this.letLabelConnections(fn);
    this.#let(fn, "CUSTOMER", ["DeleteItem"]);
    this.#let(fn, "ROSTERS", ["GetItem", "Query", "UpdateItem", "DeleteItem"]);
  }

  /** Know a webhook again that had its effect, and remember those about connections that nobody has. */
  letRememberWebhooks(fn: LambdaFunction) {
    this.#let(fn, "WEBHOOK", ["GetItem", "PutItem"]);
    this.#let(fn, "PARKED", ["PutItem", "UpdateItem", "DeleteItem"]);
    this.#let(fn, "PARKINGS", ["UpdateItem"]);
  }

  /** Read sealed tokens, each by its key. */
  letReadTokens(fn: LambdaFunction) {
    this.#let(fn, "TOKENS", ["GetItem"]);
  }

  /** Use a connection's tokens: read them beside it, by its customer, and write down who uses one. Changes nothing else. */
  letUseTokens(fn: LambdaFunction) {
    this.letReadCustomers(fn);
    this.#let(fn, "TOKENS", ["GetItem", "Query"]);
    this.letRecordActs(fn);
  }

  /** Keep what is read of employers beside their connection, with its tokens. Changes nothing else. */
  letKeepEmployers(fn: LambdaFunction) {
    this.#let(fn, "CUSTOMER", ["GetItem", "UpdateItem"]);
    this.letReadTokens(fn);
  }

  /** Count what is sent to Finch before it is sent. Knows of no customer. */
  letSpendBudgets(fn: LambdaFunction) {
    this.#let(fn, "BUDGET", ["UpdateItem"]);
  }

  /** Store a new session of the connections page, for a customer that is there. */
  letCreatePageSessions(fn: LambdaFunction) {
    this.letReadCustomers(fn);
    this.#let(fn, "PAGE", ["PutItem"]);
  }

  /** Find out by its cookie who calls from the connections page, and note that the page is used. */
  letEnterPage(fn: LambdaFunction) {
    this.letReadCustomers(fn);
    this.#let(fn, "PAGE", ["GetItem", "UpdateItem"]);
  }

  /** Use up the link of a session of the connections page, and end the session. */
  letOpenPageSessions(fn: LambdaFunction) {
    this.letEnterPage(fn);
    this.#let(fn, "PAGE", ["DeleteItem"]);
  }

  /** Begin a roster for a customer that is not on its way out and has not too many connections, or find the one that runs. */
  letStartRosters(fn: LambdaFunction) {
    this.letListConnections(fn);
    this.#let(fn, "CUSTOMER", ["ConditionCheckItem"]);
    this.#let(fn, "ROSTERS", ["GetItem", "PutItem", "UpdateItem"]);
    this.letRecordActs(fn);
  }

  /** Read rosters' state and progress. Of people it sees ids. */
  letReadRosters(fn: LambdaFunction) {
    this.#let(fn, "ROSTERS", ["GetItem", "Query"]);
  }

  /** Find the newest roster. */
  letFindRosters(fn: LambdaFunction) {
    this.#let(fn, "ROSTERS", ["GetItem"]);
  }

  /** Read people through a connection that it is named, with its tokens, and note how far that is. Changes no connection. */
  letReadPeople(fn: LambdaFunction) {
    this.letReadCustomers(fn);
    this.letReadTokens(fn);
    this.#let(fn, "ROSTERS", ["GetItem", "PutItem", "ConditionCheckItem"]);
  }

  /** Name what is to be read, and publish a roster of it, with the event that tells of it. Sees no token. */
  letReconcileRosters(fn: LambdaFunction) {
    this.letListConnections(fn);
    this.letReadRosters(fn);
    this.#let(fn, "ROSTERS", ["PutItem", "UpdateItem"]);
    this.#let(fn, "OUTBOX", ["PutItem"]);
  }

  /** Keep what the platform decides on two individuals of a customer's connections. */
  letDecideMatches(fn: LambdaFunction) {
    this.letReadCustomers(fn);
    this.#let(fn, "CUSTOMER", ["ConditionCheckItem"]);
    this.#let(fn, "ROSTERS", ["GetItem", "PutItem"]);
    this.letRecordActs(fn);
  }

  /** Write down who has made a change. Reads none of it. */
  letRecordActs(fn: LambdaFunction) {
    this.#let(fn, "AUDIT", ["PutItem"]);
  }

  /** Page through who did what to a customer's things. */
  letReadAudit(fn: LambdaFunction) {
    this.#let(fn, "AUDIT", ["Query"]);
  }

  /** Page through a customer's sessions, or through all customers. */
  letReadLedger(fn: LambdaFunction) {
    this.#letQuery(fn, "ledger");
  }

  /** Find what has fallen due, give up sessions, and publish events. Sees keys of other work, never a token. */
  letSweep(fn: LambdaFunction) {
    this.#letQuery(fn, "due");
    this.#let(fn, "SESSION", ["GetItem", "UpdateItem"]);
    this.#let(fn, "OUTBOX", ["GetItem", "PutItem", "DeleteItem"]);
  }

  /** Find out which connections are due for a look, and pause. Sees keys, never a token. */
  letSweepChecks(fn: LambdaFunction) {
    this.#letQuery(fn, "due");
    this.#let(fn, "SWEEP", ["GetItem", "UpdateItem"]);
  }

  /** Take published events from the outbox. */
  letPublish(fn: LambdaFunction) {
    this.#let(fn, "OUTBOX", ["DeleteItem"]);
  }

  /** A global index has partition keys of its own, so that the table's leading keys say nothing about its queries. */
  #letQuery(fn: LambdaFunction, index: "ledger" | "due") {
    fn.addEnvironment("TABLE_NAME", this.table.tableName);
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ["dynamodb:Query"], resources: [`${this.table.tableArn}/index/${index}`] }),
    );
  }

  #let(fn: LambdaFunction, kind: ItemKind, actions: readonly ItemAction[], index?: "listed") {
    fn.addEnvironment("TABLE_NAME", this.table.tableName);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [index === undefined ? this.table.tableArn : `${this.table.tableArn}/index/${index}`],
        conditions: {
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${kind}#*`] },
          // Of no values at all, ForAllValues holds.
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      }),
    );
  }
}
