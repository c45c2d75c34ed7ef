import type { AuthorizationResponse } from "../connection/exchange-authorization-code.ts";
import { secret } from "../secret.ts";

/** The event of the exchange function. It travels in a synchronous invocation only: never in a queue, never in a log. */
export interface ExchangeEvent {
  readonly state: string;
  readonly code: string;
  readonly cookie?: string;
}

/** What the browser brought, as the function's event. */
export const toExchangeEvent = ({ state, code, cookie }: AuthorizationResponse): ExchangeEvent => ({
  state,
  code: code.reveal(),
  ...(cookie !== undefined && { cookie }),
});

/** The function's event as what the browser brought. @throws TypeError if somebody else called with something else. */
export const readExchangeEvent = (event: unknown): AuthorizationResponse => {
  const { state, code, cookie } = Object(event);
  const isText = (value: unknown, longest: number): value is string =>
    typeof value === "string" && value.length > 0 && value.length <= longest;
  if (!isText(state, 256) || !isText(code, 4096) || (cookie !== undefined && !isText(cookie, 64))) {
    throw new TypeError("malformed exchange event");
  }
  return { state, code: secret(code), cookie };
};
