import { type ConnectionId, type CustomerId, parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import { parseRosterId, type Roster, type RosterId } from "./roster.ts";

/** What the state machine tells a step: ids and nothing else. */
export interface StepInput {
  readonly step: string;
  readonly customerId: CustomerId;
  readonly rosterId: RosterId;
  readonly connectionId: ConnectionId | undefined;
}

/** Reads a step's input. @throws TypeError for what names no roster. */
export const readStepInput = (input: unknown): StepInput => {
  const { step, customer_id, roster_id, connection_id } = Object(input) as Readonly<Record<string, unknown>>;
  const customerId = parseCustomerId(String(customer_id));
  const rosterId = parseRosterId(String(roster_id));
  if (customerId === undefined || rosterId === undefined) throw new TypeError("a step names no roster");
  const connectionId = connection_id === undefined ? undefined : parseConnectionId(String(connection_id));
  return { step: String(step), customerId, rosterId, connectionId };
};

/** What an execution of a roster's is called. */
export const executionName = ({ rosterId, execution }: Pick<Roster, "rosterId" | "execution">): string =>
  `${rosterId}-${execution}`;

/** An execution that has not come to its end, as Step Functions tells EventBridge. */
export interface LostExecution extends Pick<Roster, "customerId" | "rosterId" | "execution"> {
  /** `FAILED`, `TIMED_OUT` or `ABORTED`. */
  readonly status: string;
}

/** Reads what EventBridge tells; undefined for a step's input. @throws TypeError for what is no roster's execution. */
export const readLostExecution = (event: unknown): LostExecution | undefined => {
  const { source, detail } = Object(event) as Readonly<Record<string, unknown>>;
  if (source !== "aws.states") return undefined;
  const { name, input, status } = Object(detail) as Readonly<Record<string, unknown>>;
  const { customerId, rosterId } = readStepInput(JSON.parse(String(input)));
  const execution = Number(String(name).slice(rosterId.length + 1));
  if (name !== executionName({ rosterId, execution })) throw new TypeError("an execution is no roster's");
  return { customerId, rosterId, execution, status: String(status) };
};
