import type { Trace } from "#shared/connection/audit.ts";
import type { PerchEvent } from "#shared/connection/events.ts";

/** Tells an event from an entry of the audit. */
export const isEvent = (trace: Trace): trace is PerchEvent => "eventId" in trace;

/** True for an event of this type. */
export const isEventOf =
  (type: PerchEvent["type"]) =>
  (trace: Trace): trace is PerchEvent =>
    isEvent(trace) && trace.type === type;
