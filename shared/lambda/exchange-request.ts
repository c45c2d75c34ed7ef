import type { Holder } from "../connection/connect-session.ts";
import type { AuthorizationResponse } from "../connection/exchange-authorization-code.ts";
import { parseCustomerId, parsePageSessionId } from "../connection/identifiers.ts";
import { secret } from "../secret.ts";

/** The event of the exchange function. It travels in a synchronous invocation only: never in a queue, never in a log. */
export interface ExchangeEvent {
  readonly state: string;
  readonly code: string;
  /** Of a browser. */
  readonly cookie?: string;
  /** Of whoever speaks for this customer by a backend's JWT. */
  readonly embedded_for?: string;
  /** Of this session of the connections page. */
  readonly page_session?: string;
}

/** What the browser brought, as the function's event. */
export const toExchangeEvent = ({ state, code, holder }: AuthorizationResponse): ExchangeEvent => ({
  state,
  code: code.reveal(),
  ...(holder && fromHolder(holder)),
});

const fromHolder = (holder: Holder): Pick<ExchangeEvent, "cookie" | "embedded_for" | "page_session"> => {
  if ("cookie" in holder) return holder;
  return "pageSession" in holder ? { page_session: holder.pageSession } : { embedded_for: holder.embeddedFor };
};

/** The function's event as what the browser brought. @throws TypeError if somebody else called with something else. */
export const readExchangeEvent = (event: unknown): AuthorizationResponse => {
  const { state, code, ...holder } = Object(event);
  const isText = (value: unknown, longest: number): value is string =>
    typeof value === "string" && value.length > 0 && value.length <= longest;
  if (!isText(state, 256) || !isText(code, 4096)) throw new TypeError("malformed exchange event");
  return { state, code: secret(code), holder: readHolder(holder) };
};

/** At most one of them is given. */
const readHolder = (given: Readonly<Record<string, unknown>>): Holder | undefined => {
  const [named, ...more] = (["cookie", "embedded_for", "page_session"] as const).filter(
    (name) => given[name] !== undefined,
  );
  if (named === undefined) return undefined;
  const value = given[named];
  const holder = typeof value === "string" && more.length === 0 ? toHolder(named, value) : undefined;
  if (holder === undefined) throw new TypeError("malformed exchange event");
  return holder;
};

const toHolder = (name: "cookie" | "embedded_for" | "page_session", value: string): Holder | undefined => {
  switch (name) {
    case "cookie":
      return { cookie: value };
    case "embedded_for": {
      const customerId = parseCustomerId(value);
      return customerId && { embeddedFor: customerId };
    }
    case "page_session": {
      const pageSession = parsePageSessionId(value);
      return pageSession && { pageSession };
    }
  }
};
