import { type ConnectionId, type CustomerId, parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import { parseRosterId, type RosterId } from "./roster.ts";

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
