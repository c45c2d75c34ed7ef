/** Perch's Finch client over answers that are given: nothing is sent anywhere. */
import type { NewFinchSession } from "#shared/connection/finch-port.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { createFinch } from "#shared/finch/finch.ts";
import type { FinchAnswer, FinchCall } from "#shared/finch/request.ts";
import { secret } from "#shared/secret.ts";
import { newCustomerId } from "../../support/builders.ts";

export const customerId = newCustomerId();
export const connectionId = "9f1e2d3c-4b5a-4697-8877-665544332211" as ConnectionId;
const token = secret("the-token");
export const redirectUri = "https://perch.example/connect/callback";
export const lost = { kind: "undecided", reason: "timeout" } as const;

const answer = (status: number, body?: FinchAnswer["body"]): FinchAnswer => ({
  ...{ kind: "answer", status, body, requestId: undefined },
});

/** The client with what it sends, over an answer that is always the same. */
export const aClient = (reply: FinchAnswer | typeof lost = lost) => {
  const calls: FinchCall[] = [];
  const finch = createFinch({
    send: async (call) => {
      calls.push(call);
      return reply;
    },
    credentials: async () => ({ clientId: "the-client", clientSecret: secret("its-secret") }),
  });
  const sent = () => calls.map(({ authorization, ...call }) => ({ ...call, authorization: authorization?.reveal() }));
  return { finch, sent };
};

export const session: NewFinchSession = {
  customerId,
  customerName: "Acme Inc.",
  customerEmail: "people@acme.example",
  products: ["company"],
  integration: { provider: "gusto", authMethod: "credential" },
  minutesToExpire: 30,
  redirectUri,
  sandbox: "finch",
};
export const reauthentication = { connectionId, products: ["company"], minutesToExpire: 30, redirectUri };

/** Each call, on this client. */
export const calls = {
  createSession: ({ finch }: ReturnType<typeof aClient>) => finch.createSession(session),
  createReauthentication: ({ finch }: ReturnType<typeof aClient>) => finch.createReauthentication(reauthentication),
  exchangeCode: ({ finch }: ReturnType<typeof aClient>) => finch.exchangeCode(secret("the-code"), redirectUri, 5_000),
  introspect: ({ finch }: ReturnType<typeof aClient>) => finch.introspect(token),
  disconnect: ({ finch }: ReturnType<typeof aClient>) => finch.disconnect(token),
  disconnectEntities: ({ finch }: ReturnType<typeof aClient>) => finch.disconnectEntities(token, ["e1", "e2"]),
};
export type Call = keyof typeof calls;
export const all = Object.keys(calls) as Call[];
export const ask = (call: Call, status: number, body?: FinchAnswer["body"]) =>
  calls[call](aClient(answer(status, body)));
