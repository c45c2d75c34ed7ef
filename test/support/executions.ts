/** What Step Functions keeps of a roster: its execution and those of its connections, with their histories. */
import { expect } from "vitest";
import { account } from "../../local/stack/environments.ts";
import { askAws, json } from "./least-privilege/call-aws.ts";
import { readStack } from "./stack.ts";

/** An execution as `DescribeExecution` and `GetExecutionHistory` tell of it. */
export interface Execution {
  readonly described: { readonly input: string; readonly output?: string | null; readonly status: string };
  readonly events: readonly HistoryEvent[];
}

type HistoryEvent = Readonly<Record<string, unknown>> & { readonly type: string };

const ask = async <Said>(operation: string, body: object): Promise<Said> =>
  JSON.parse(await askAws(json("states", `AWSStepFunctions.${operation}`, body))) as Said;

/** All pages of an answer that comes in pages. */
const askAll = async <Item>(operation: string, name: string, body: object): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for (let nextToken: string | undefined; ; ) {
    const page: Readonly<Record<string, unknown>> = await ask(operation, { ...body, ...(nextToken && { nextToken }) });
    items.push(...(page[name] as readonly Item[]));
    nextToken = page["nextToken"] as string | undefined;
    if (nextToken === undefined) return items;
  }
};

/** The ARN of a roster's execution; one that was lost is followed by another of the next number. */
export const executionOf = (rosterId: string, number = 1): string =>
  `arn:aws:states:${readStack().region}:${account}:execution:perch-local-rosters:${rosterId}-${number}`;

const read = async (executionArn: string): Promise<Execution> => ({
  described: await ask("DescribeExecution", { executionArn }),
  events: await askAll("GetExecutionHistory", "events", { executionArn, maxResults: 1_000 }),
});

/** Reads a roster's execution, and after it the child execution of each of its connections. */
export const readExecutions = async (rosterId: string, number = 1): Promise<readonly Execution[]> => {
  const executionArn = executionOf(rosterId, number);
  const runs = await askAll<{ mapRunArn: string }>("ListMapRuns", "mapRuns", { executionArn });
  const children = await Promise.all(
    runs.map(({ mapRunArn }) => askAll<{ executionArn: string }>("ListExecutions", "executions", { mapRunArn })),
  );
  return Promise.all([executionArn, ...children.flat().map((child) => child.executionArn)].map(read));
};

/** What a step is told and says: ids, and how far it is. Nothing else has a place in a history. */
const words = ["more", "wait", "done", "ready", "void", "failed", "plan", "read", "give_up", "reconcile", "fail"];
const names = [
  ...["customer_id", "roster_id", "connection_id", "connections", "plan", "read", "step", "state", "wait_seconds"],
  ...["Error", "Cause", "errorType", "errorMessage", "trace"],
];
/** Step Functions takes 256 KB; an event of these has some ids, and 40 bytes for each connection. */
const mostBytes = 2_048;
const bytesOfConnection = 100;
const longestWaitSeconds = 1_800;

interface References {
  readonly customerId: string;
  readonly rosterId: string;
  readonly connectionIds: readonly string[];
}

/**
 * Expects that executions hold references and nothing else: each text that a step is given, says or throws is an id of
 * the roster, of its customer or of a connection, or one of the few words that say how far it is. What an event holds is
 * small, however many people there are.
 *
 * @returns how many bytes the largest event has.
 */
export const expectReferencesOnly = (executions: readonly Execution[], known: References): number => {
  const { customerId, rosterId, connectionIds } = known;
  const references = new Set([customerId, rosterId, ...connectionIds, ...words]);
  const told = executions.flatMap(({ described: { input, output }, events }) => [
    input,
    ...(output ? [output] : []),
    ...events.flatMap(payloadsOf),
  ]);
  const found = told.flatMap((text) => [...leavesOf(JSON.parse(text))]);
  expect(found.filter((leaf) => !isReference(leaf, references))).toEqual([]);
  // Each of them was met, so that the right histories were read, and to their end.
  const values = new Set(found.map(({ value }) => value));
  for (const id of [customerId, rosterId, ...connectionIds]) expect(values).toContain(id);
  // A task is scheduled, and answers or fails.
  for (const { events } of executions) expect(events.length).toBeGreaterThan(1);
  const events = executions.flatMap((execution) => execution.events.map((event) => JSON.stringify(event)));
  const largest = Math.max(...[...told, ...events].map((text) => Buffer.byteLength(text)));
  expect(largest).toBeLessThan(mostBytes + bytesOfConnection * connectionIds.length);
  return largest;
};

/** What was given to a step, or to the machine, and what it said or threw. */
const payloadsOf = (event: HistoryEvent): string[] =>
  Object.entries(event)
    .filter(([name]) => name.endsWith("EventDetails"))
    .flatMap(([, details]) => {
      const { input, output, parameters, cause } = Object(details) as Readonly<Record<string, unknown>>;
      const thrownJson = typeof cause === "string" ? asJson(cause) : undefined;
      return [input, output, parameters, thrownJson].filter((payload) => typeof payload === "string");
    });

/** What a function threw comes as JSON, what Step Functions says itself as a text. */
const asJson = (cause: string): string => {
  try {
    JSON.parse(cause);
    return cause;
  } catch {
    return JSON.stringify(cause);
  }
};

/** A name or a value in a JSON text. */
type Leaf = { readonly name: string; readonly value?: never } | { readonly name?: never; readonly value: unknown };

function* leavesOf(value: unknown): Generator<Leaf> {
  if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      if (!Array.isArray(value)) yield { name };
      yield* leavesOf(part);
    }
  } else yield { value };
}

/** The one sentence that a step throws, its kind, and where in the bundle it was thrown. */
const thrown = /^(?:(?:Error(?:: )?)?(?:a step of a roster has failed)?| *at .+)$/;

const isReference = ({ name, value }: Leaf, references: ReadonlySet<string>): boolean => {
  if (name !== undefined) return names.includes(name);
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 && value <= longestWaitSeconds;
  return typeof value === "string" && (references.has(value) || thrown.test(value));
};
