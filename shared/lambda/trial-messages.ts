import { parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import type { Standstill, Trial, TrialReport } from "../connection/try-connections.ts";

type Body = Readonly<Record<string, unknown>>;

/** A trial as the event of the function that carries it out: ids and a number. */
export const toTrialEvent = ({ connections, mostCalls }: Trial) => ({
  connections: connections.map(({ customerId, connectionId }) => ({
    customer_id: customerId,
    connection_id: connectionId,
  })),
  most_calls: mostCalls,
});

/** The function's event as a trial. @throws TypeError if somebody else called with something else. */
export const readTrialEvent = (event: unknown): Trial => {
  const { connections, most_calls: mostCalls }: Body = Object(event);
  return { connections: readList(connections).map(readConnection), mostCalls: readCount(mostCalls) };
};

/** A report as the function's answer. */
export const toTrialAnswer = ({ looked, undecided, calls, inTrouble, standstill }: TrialReport) => ({
  ...{ looked, undecided, calls, standstill },
  in_trouble: inTrouble.map(({ customerId, connectionId, madeAt }) => ({
    customer_id: customerId,
    connection_id: connectionId,
    made_at: madeAt.toISOString(),
  })),
});

/** The function's answer as a report. @throws TypeError if it is none. */
export const readTrialAnswer = (answer: unknown): TrialReport => {
  const { looked, undecided, calls, in_trouble: inTrouble, standstill }: Body = Object(answer);
  return {
    looked: readCount(looked),
    undecided: readCount(undecided),
    calls: readCount(calls),
    inTrouble: readList(inTrouble).map((each) => ({
      ...readConnection(each),
      madeAt: new Date(String(each["made_at"])),
    })),
    standstill: standstills.find((each) => each === standstill),
  };
};

const standstills: readonly Standstill[] = ["platform_trouble", "rate_limited", "budget_used_up"];

const malformed = () => new TypeError("malformed trial");

const readConnection = (named: Body) => {
  const { customer_id, connection_id } = named;
  const customerId = typeof customer_id === "string" ? parseCustomerId(customer_id) : undefined;
  const connectionId = typeof connection_id === "string" ? parseConnectionId(connection_id) : undefined;
  if (customerId === undefined || connectionId === undefined) throw malformed();
  return { customerId, connectionId };
};

const readList = (value: unknown): Body[] => {
  if (!Array.isArray(value)) throw malformed();
  return value.map((each) => Object(each));
};

const readCount = (value: unknown): number => {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw malformed();
  return Number(value);
};
