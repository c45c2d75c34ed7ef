import { parseConnectionId, parseCustomerId } from "../connection/identifiers.ts";
import type { ReauthenticationReport } from "../connection/receive-report.ts";

const longestReason = 1_000;

/**
 * Reads `ReauthenticationReported` out of an event as EventBridge delivers it, strictly as `docs/events/in/` has it;
 * undefined for anything else. The reason is the reporter's own text, and goes nowhere.
 */
export const readReauthenticationReport = (body: string): ReauthenticationReport | undefined => {
  const { "detail-type": type, source, detail } = Object(parseJson(body));
  // The rule lets nothing else in; an archive or a queue that is written to by hand may.
  if (type !== "ReauthenticationReported" || typeof source !== "string" || source === "perch") return undefined;
  const { customer_id, connection_id, reason, ...others } = Object(detail);
  if (typeof customer_id !== "string" || typeof connection_id !== "string" || typeof reason !== "string")
    return undefined;
  if (Object.keys(others).length > 0 || reason === "" || [...reason].length > longestReason) return undefined;
  const customerId = parseCustomerId(customer_id);
  const connectionId = parseConnectionId(connection_id);
  return customerId === undefined || connectionId === undefined ? undefined : { customerId, connectionId };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
