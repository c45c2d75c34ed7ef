import type { Holder } from "../connection/connect-session.ts";
import type { AuthorizationResponse } from "../connection/exchange-authorization-code.ts";
import { type CustomerId, parseCustomerId } from "../connection/identifiers.ts";
import { secret } from "../secret.ts";

/** The event of the exchange function. It travels in a synchronous invocation only: never in a queue, never in a log. */
export interface ExchangeEvent {
  readonly state: string;
  readonly code: string;
  /** Of a browser. */
  readonly cookie?: string;
  /** Of whoever speaks for this customer: a backend's JWT, or a page session. */
  readonly embedded_for?: string;
}

/** What the browser brought, as the function's event. */
export const toExchangeEvent = ({ state, code, holder }: AuthorizationResponse): ExchangeEvent => ({
  state,
  code: code.reveal(),
  ...(holder === undefined ? {} : "cookie" in holder ? holder : { embedded_for: holder.embeddedFor }),
});

/** The function's event as what the browser brought. @throws TypeError if somebody else called with something else. */
export const readExchangeEvent = (event: unknown): AuthorizationResponse => {
  const { state, code, cookie, embedded_for: embeddedFor } = Object(event);
  const isText = (value: unknown, longest: number): value is string =>
    typeof value === "string" && value.length > 0 && value.length <= longest;
  if (!isText(state, 256) || !isText(code, 4096)) throw new TypeError("malformed exchange event");
  return { state, code: secret(code), holder: readHolder(cookie, embeddedFor) };
};

const readHolder = (cookie: unknown, embeddedFor: unknown): Holder | undefined => {
  if (typeof cookie === "string" && embeddedFor === undefined) return { cookie };
  const customerId: CustomerId | undefined = typeof embeddedFor === "string" ? parseCustomerId(embeddedFor) : undefined;
  if (customerId !== undefined && cookie === undefined) return { embeddedFor: customerId };
  if (cookie === undefined && embeddedFor === undefined) return undefined;
  throw new TypeError("malformed exchange event");
};
