/** Listens on the deployed bus, and holds what comes against `docs/events/`. */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import { afterAll, beforeAll } from "vitest";
import { patience } from "./patience.ts";
import { readStack } from "./stack.ts";
import { readTable } from "./table.ts";

/** An event as a service of the platform receives it. */
export interface BusEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: {
    readonly event_id: string;
    readonly customer_id: string;
    readonly subject: { readonly kind: string; readonly id: string; readonly version: number };
    readonly status?: string;
    readonly reason?: string;
    readonly connection_id?: string;
  };
}

/** What has come over the bus since a test file began. */
export interface Listener {
  /**
   * The events of a customer in the order of their subjects' versions, once there are so many and its outbox is empty.
   *
   * @throws Error naming what has come, when that does not happen.
   */
  readonly of: (customerId: string, count: number) => Promise<readonly BusEvent[]>;
  /** Every event that has come, of anybody. */
  readonly all: () => readonly BusEvent[];
}

/** Listens with a rule and a queue of the file's own, from before its tests until after them. */
export const listen = (): Listener => {
  const { awsEndpoint: endpoint, region, busName: EventBusName } = readStack();
  const config = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const [bridge, sqs] = [new EventBridgeClient(config), new SQSClient(config)];
  const name = `test-${randomUUID()}`;
  const events: BusEvent[] = [];
  let QueueUrl = "";

  beforeAll(async () => {
    ({ QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name })));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    const EventPattern = JSON.stringify({ source: ["perch"] });
    await bridge.send(new PutRuleCommand({ Name: name, EventBusName, EventPattern }));
    const Targets = [{ Id: "queue", Arn: Attributes?.["QueueArn"] }];
    await bridge.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets }));
  });

  afterAll(async () => {
    await bridge.send(new RemoveTargetsCommand({ Rule: name, EventBusName, Ids: ["queue"] }));
    await bridge.send(new DeleteRuleCommand({ Name: name, EventBusName }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  });

  let receiving = Promise.resolve();
  /** Takes what is in the queue; one after the other, for tests that wait at the same time. */
  const receive = (): Promise<void> => {
    receiving = receiving.then(async () => {
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return;
        events.push(...Messages.map(({ Body = "" }) => JSON.parse(Body) as BusEvent));
        const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: `${at}`, ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    });
    return receiving;
  };

  return {
    all: () => events,
    async of(customerId, count) {
      for (const giveUpAt = Date.now() + patience.timeout; ; await sleep(200)) {
        // First the outbox, then the queue: what is out of the one is in the other.
        const isEmpty = (await outboxOf(customerId)) === 0;
        await receive();
        const own = new Map(
          events.filter(({ detail }) => detail.customer_id === customerId).map((each) => [each.detail.event_id, each]),
        );
        if (isEmpty && own.size >= count) {
          return [...own.values()].toSorted(byVersion);
        }
        if (Date.now() > giveUpAt) {
          const types = [...own.values()].map((each) => each["detail-type"]);
          throw new Error(`${types.length} of ${count} events have come: ${types}; the outbox is empty: ${isEmpty}`);
        }
      }
    },
  };
};

/** Those of one version by their type, so that the order is always the same. */
const byVersion = (a: BusEvent, b: BusEvent): number =>
  a.detail.subject.version - b.detail.subject.version || (a["detail-type"] < b["detail-type"] ? -1 : 1);

/** How many events of a customer wait in the outbox. */
export const outboxOf = async (customerId: string): Promise<number> =>
  (await readTable()).filter((item) => item["sk"] === "EVENT" && item["customer_id"] === customerId).length;

const folder = join(import.meta.dirname, "../../docs/events");
const ajv = new Ajv2020({ strict: true, allErrors: true, formats: fullFormats });

/** The documented types of events, with what checks the detail of each. */
export const documentedEvents = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith(".schema.json"))
    .map((file) => [
      file.replace(".schema.json", ""),
      ajv.compile<unknown>(JSON.parse(readFileSync(join(folder, file), "utf8"))),
    ]),
);

/** What is wrong with an event, by its schema; empty when nothing is. */
export const breachesOf = (event: BusEvent): readonly string[] => {
  const type = event["detail-type"];
  const validate = documentedEvents.get(type);
  if (validate === undefined) return [`${type} is not documented`];
  return validate(event.detail) ? [] : [`${type}: ${ajv.errorsText(validate.errors, { dataVar: "detail" })}`];
};
