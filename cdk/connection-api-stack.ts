// It is long because it names every function with what it may do.
import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget, SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { ConnectionDataStack } from "./connection-data-stack.ts";
import { ApiFunction } from "./constructs/api-function.ts";
import { ConnectionChecks, type ConnectionChecksProps } from "./constructs/connection-checks.ts";
import { ConnectionsPage } from "./constructs/connections-page.ts";
import { secretSweepRuleName, sweepRuleName } from "./constructs/dead-letters.ts";
import { EventPublishers } from "./constructs/event-publishers.ts";
import { Gateway } from "./constructs/gateway.ts";
import { Hints } from "./constructs/hints.ts";
import { OutboxStream } from "./constructs/outbox-stream.ts";
import { WorkQueue } from "./constructs/work-queue.ts";
import { type Route, rosterRouteFunctions } from "./routes.ts";
import type { Stage } from "./stages.ts";

/** What the API stack is made from. */
export interface ConnectionApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  readonly routes: readonly Route[];
  /** The folder that holds the functions' bundles. */
  readonly bundles: string;
}

/** What changes something when a caller of the API asks for it. */
const changing = [
  ...["put-customer", "delete-customer", "create-connect-session", "cancel-connect-session", "create-connection"],
  ...["update-connection", "accept-connection", "delete-connection", "disconnect-entity", "keep-duplicate"],
  ...["introspect-connection", "create-reauthenticate-session"],
];

/** What may be rebuilt at any time: functions, their permissions and the routes to them. */
export class ConnectionApiStack extends Stack {
  /** Who is asked to look at a connection. */
  readonly checks: ConnectionChecks;
  readonly #functions: ApiFunction[] = [];

  constructor(scope: Construct, id: string, props: ConnectionApiStackProps) {
    super(scope, id, props);
    this.#addCustomers(props);
    const exchange = this.#addExchange(props);
    this.#addSessions(props, exchange);
    this.#addConnections(props, exchange);
    this.#addUse(props);
    new ConnectionsPage(this, "ConnectionsPage", {
      ...{ ...props, exchange },
      create: (name, bundles = props.bundles) => this.#create({ ...props, bundles }, name),
    });
    this.#addBackground(props);
    this.#addAudit(props);
    const parts: ConnectionChecksProps = { ...props, create: (...about) => this.#create(props, ...about) };
    this.checks = new ConnectionChecks(this, "Checks", parts);
    const { checks } = this;
    for (const name of ["drive-disconnect", "forward-to-finch", "change-page-connection"])
      checks.letRequest(this.#find(name).fn);
    this.#addEmployers(props, checks);
    new Hints(this, "Hints", { ...parts, checks });
    if (props.stage.tokenStore === "secrets-manager") this.#addSecretSweep(props);
    for (const name of ["get-health", "get-openapi", "answer-unknown-path"]) this.#create(props, name);
    this.#addGateway(props);
  }

  /** All functions, in the order of their making. */
  get functions(): readonly ApiFunction[] {
    return this.#functions;
  }

  #create(
    { bundles, stage }: ConnectionApiStackProps,
    name: string,
    timeout?: Duration,
    deadLetters?: Queue,
  ): ApiFunction {
    const made = new ApiFunction(this, name, { name, bundles, stage, timeout, deadLetters });
    this.#functions.push(made);
    return made;
  }

  #addCustomers(props: ConnectionApiStackProps) {
    const { table } = props.data;
    const putCustomer = this.#create(props, "put-customer");
    table.letWriteCustomers(putCustomer.fn);
    putCustomer.fn.addEnvironment("DEFAULT_CUSTOMER_MODE", props.stage.defaultCustomerMode);
    table.letReadCustomers(this.#create(props, "get-customer").fn);
    table.letReadLedger(this.#create(props, "list-customers").fn);
    table.letReadDeletions(this.#create(props, "get-customer-deletion").fn);
  }

  #addExchange(props: ConnectionApiStackProps): ApiFunction {
    const { table, tokenStore, finch, publicUrl } = props.data;
    // Finch's own limit on a request is 6 minutes; who sends a code must live to store what comes back.
    const exchange = this.#create(props, "exchange-authorization-code", Duration.minutes(7));
    table.letClaimConnections(exchange.fn);
    tokenStore.letSeal(exchange.fn);
    tokenStore.letDestroy(exchange.fn);
    finch.letAuthenticate(exchange.fn);
    exchange.fn.addEnvironment("FINCH_CLIENT_TYPE", props.stage.finchClientType);
    exchange.fn.addEnvironment("PUBLIC_URL", publicUrl);
    return exchange;
  }

  #addSessions(props: ConnectionApiStackProps, exchange: ApiFunction) {
    const { table, finch, publicUrl } = props.data;
    for (const name of ["create-connect-session", "create-reauthenticate-session"]) {
      const { fn } = this.#create(props, name);
      table.letReadCustomers(fn);
      table.letCreateSessions(fn);
      finch.letAuthenticate(fn);
      fn.addEnvironment("PUBLIC_URL", publicUrl);
      fn.addEnvironment("RETURN_ORIGINS", props.stage.returnOrigins.join(","));
    }
    table.letReadSessions(this.#create(props, "get-connect-session").fn);
    table.letReadSessions(this.#create(props, "get-connect-pending").fn);
    const listSessions = this.#create(props, "list-connect-sessions");
    table.letReadLedger(listSessions.fn);
    table.letReadCustomers(listSessions.fn);
    const open = this.#create(props, "open-connect");
    const callback = this.#create(props, "receive-connect-callback");
    const cancel = this.#create(props, "cancel-connect-session");
    for (const { fn } of [open, callback, cancel]) {
      table.letReadSessions(fn);
      table.letUpdateSessions(fn);
    }
    exchange.letInvoke(callback, "EXCHANGE_FUNCTION_NAME");
  }

  #addConnections(props: ConnectionApiStackProps, exchange: ApiFunction) {
    const { table, tokenStore, finch } = props.data;
    const create = this.#create(props, "create-connection");
    exchange.letInvoke(create, "EXCHANGE_FUNCTION_NAME");
    table.letImportConnections(create.fn);
    tokenStore.letSeal(create.fn);
    tokenStore.letDestroy(create.fn);
    finch.letAuthenticate(create.fn);
    create.fn.addEnvironment("FINCH_CLIENT_TYPE", props.stage.finchClientType);
    const list = this.#create(props, "list-connections");
    table.letListConnections(list.fn);
    table.letReadCustomers(list.fn);
    table.letReadCustomers(this.#create(props, "get-connection").fn);
    table.letLabelConnections(this.#create(props, "update-connection").fn);
    table.letAcceptConnections(this.#create(props, "accept-connection").fn);
    const remove = this.#create(props, "delete-connection");
    table.letDiscardConnections(remove.fn);
    tokenStore.letDestroy(remove.fn);
    table.letLabelConnections(this.#create(props, "disconnect-entity").fn);
    table.letLabelConnections(this.#create(props, "keep-duplicate").fn);
    table.letFindSiblings(this.#create(props, "preview-disconnect").fn);
    const introspect = this.#create(props, "introspect-connection");
    table.letCheckConnections(introspect.fn);
    table.letMarkDuplicates(introspect.fn);
    introspect.fn.addEnvironment("CHECK_INTERVAL_HOURS", `${props.stage.checkIntervalHours}`);
    tokenStore.letOpen(introspect.fn);
    tokenStore.letDestroy(introspect.fn);
    finch.letReach(introspect.fn);
  }

  /** What the connections are good for: their tokens, and requests that are forwarded with them. */
  #addUse(props: ConnectionApiStackProps) {
    const { table, tokenStore, finch } = props.data;
    const handOut = this.#create(props, "get-access-token");
    table.letUseTokens(handOut.fn);
    tokenStore.letOpen(handOut.fn);
    const forward = this.#create(props, "forward-to-finch");
    table.letUseTokens(forward.fn);
    tokenStore.letOpen(forward.fn);
    finch.letReach(forward.fn);
    forward.fn.addEnvironment("FORWARD_RULES", props.stage.forwardRules.join(","));
  }

  /** Who did what: everything that changes something on request writes it down, and one function tells it. */
  #addAudit(props: ConnectionApiStackProps) {
    const { table } = props.data;
    for (const name of changing) table.letRecordActs(this.#find(name).fn);
    const audit = this.#create(props, "list-audit");
    table.letReadAudit(audit.fn);
    table.letReadCustomers(audit.fn);
  }

  /** What runs without a request: the outbox, what has fallen due, and the disconnects. */
  #addBackground(props: ConnectionApiStackProps) {
    const { table, tokenStore, finch, hashKey, bus, deadLetters } = props.data;
    const publish = this.#create(props, "publish-events", Duration.minutes(1));
    table.letPublish(publish.fn);
    new OutboxStream(this, "OutboxStream", {
      table: table.table,
      publisher: publish.fn,
      deadLetters: deadLetters.events,
    });
    const sweep = this.#create(props, "sweep-due", Duration.minutes(4), deadLetters.sweeps);
    table.letSweep(sweep.fn);
    new EventPublishers(this, "EventPublishers", {
      bus,
      functions: [publish.fn, sweep.fn],
      exclusive: props.stage.onAws,
    });
    const workerTimeout = Duration.minutes(5);
    const drive = this.#create(props, "drive-disconnect", workerTimeout);
    table.letDriveDisconnects(drive.fn);
    tokenStore.letOpen(drive.fn);
    tokenStore.letDestroy(drive.fn);
    finch.letReach(drive.fn);
    hashKey.letHash(drive.fn);
    const disconnects = new WorkQueue(this, "Disconnects", {
      worker: drive.fn,
      workerTimeout,
      deadLetters: deadLetters.disconnects,
    });
    for (const name of ["sweep-due", "delete-connection", "disconnect-entity", "change-page-connection"]) {
      disconnects.letSend(this.#find(name).fn, "DISCONNECT_QUEUE_URL");
    }
    this.#addDeletions(props, sweep, disconnects);
    // Known by its ARN only: it lets the rule in by the rule's name, and this stack needs nothing of the queue's.
    const lostRuns = Queue.fromQueueArn(this, "LostRuns", deadLetters.sweeps.queueArn);
    new Rule(this, "SweepDue", {
      ruleName: sweepRuleName(props.stage),
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaTarget(sweep.fn, { retryAttempts: 0, deadLetterQueue: lostRuns })],
    });
  }

  /** The deletions of customers: who asks for one, and who drives it. */
  #addDeletions(props: ConnectionApiStackProps, sweep: ApiFunction, disconnects: WorkQueue) {
    const { table, deadLetters } = props.data;
    const remove = this.#create(props, "delete-customer");
    table.letDeleteCustomers(remove.fn);
    const workerTimeout = Duration.minutes(5);
    const drive = this.#create(props, "drive-deletion", workerTimeout);
    table.letDriveDeletions(drive.fn);
    props.data.rosterPages.letErase(drive);
    disconnects.letSend(drive.fn, "DISCONNECT_QUEUE_URL");
    const worker = { worker: drive.fn, workerTimeout, deadLetters: deadLetters.deletions };
    const deletions = new WorkQueue(this, "Deletions", worker);
    for (const { fn } of [remove, sweep, drive]) deletions.letSend(fn, "DELETION_QUEUE_URL");
  }

  /** Who reads what Finch says of employers, after a look at their connection, and who tells it. */
  #addEmployers(props: ConnectionApiStackProps, checks: ConnectionChecks) {
    const { table, tokenStore, finch, deadLetters } = props.data;
    const list = this.#create(props, "list-employers");
    table.letListConnections(list.fn);
    table.letReadCustomers(list.fn);
    const workerTimeout = Duration.minutes(12);
    const read = this.#create(props, "read-employers", workerTimeout);
    table.letKeepEmployers(read.fn);
    tokenStore.letOpen(read.fn);
    finch.letReach(read.fn);
    checks.letRequest(read.fn);
    // One at a time: each may wait for its turn with Finch.
    const worker = { worker: read.fn, workerTimeout, deadLetters: deadLetters.employers, batchSize: 1 };
    const reads = new WorkQueue(this, "Employers", worker);
    for (const { fn } of [read, ...checks.looking]) reads.letSend(fn, "EMPLOYER_QUEUE_URL");
  }

  /** Once a day, and as often again as it takes to get through: secrets that no token's item names are removed. */
  #addSecretSweep(props: ConnectionApiStackProps) {
    const { table, tokenStore, deadLetters } = props.data;
    const workerTimeout = Duration.minutes(15);
    const sweep = this.#create(props, "sweep-secrets", workerTimeout);
    table.letReadTokens(sweep.fn);
    tokenStore.letSweep(sweep.fn);
    sweep.fn.addEnvironment("SWEEP_SECRETS", props.stage.sweepSecrets);
    const worker = { worker: sweep.fn, workerTimeout, deadLetters: deadLetters.secretSweeps };
    const runs = new WorkQueue(this, "SecretSweeps", worker);
    const lostRuns = Queue.fromQueueArn(this, "LostSecretSweeps", deadLetters.secretSweeps.queueArn);
    runs.letSend(sweep.fn, "SWEEP_SECRETS_QUEUE_URL");
    new Rule(this, "SweepSecrets", {
      ruleName: secretSweepRuleName(props.stage),
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new SqsQueue(runs.queue, { message: RuleTargetInput.fromObject({}), deadLetterQueue: lostRuns })],
    });
  }

  #find(name: string): ApiFunction {
    const found = this.functions.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no function ${name}`);
    return found;
  }

  #addGateway({ data, routes }: ConnectionApiStackProps) {
    const find = (name: string): IFunction => this.#find(name).toInvoke();
    const own = routes.filter((route) => !rosterRouteFunctions.includes(route.function));
    const { api, domain, jwt, authorizer } = data;
    new Gateway(this, "Gateway", { api, domain, routes: own, jwt, authorizer, find });
  }
}
