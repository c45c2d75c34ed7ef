import { hashOf } from "#shared/connection/capability.ts";
import type {
  DisconnectAnswer,
  EntityDisconnectAnswer,
  ExchangeAnswer,
  Finch,
  IntrospectAnswer,
  NewFinchReauthentication,
  NewFinchSession,
  NewSessionAnswer,
} from "#shared/connection/finch-port.ts";

/** An answer, or what is to happen before there is one. */
type Scripted<Answer> = Answer | (() => Answer | Promise<Answer>);

/** A call that was made. Secrets appear as hashes. */
export type FinchCallMade =
  | { readonly operation: "createSession"; readonly session: NewFinchSession }
  | { readonly operation: "createReauthentication"; readonly session: NewFinchReauthentication }
  | {
      readonly operation: "exchangeCode";
      readonly codeHash: string;
      readonly redirectUri: string | null;
      readonly timeoutMs: number;
    }
  | { readonly operation: "introspect" | "disconnect"; readonly accessTokenHash: string }
  | {
      readonly operation: "disconnectEntities";
      readonly accessTokenHash: string;
      readonly entityIds: readonly string[];
    };

/** A Finch that says what a test has queued. */
export interface FakeFinch extends Finch {
  /** For a new session and for one that signs in again. */
  readonly willAnswerSession: (...answers: readonly Scripted<NewSessionAnswer>[]) => void;
  readonly willAnswerExchange: (...answers: readonly Scripted<ExchangeAnswer>[]) => void;
  readonly willAnswerIntrospect: (...answers: readonly Scripted<IntrospectAnswer>[]) => void;
  /** To every introspection with this token, before what is queued; the last word stands. */
  readonly saysOf: (accessToken: string, answer: IntrospectAnswer) => void;
  readonly willAnswerDisconnect: (...answers: readonly Scripted<DisconnectAnswer>[]) => void;
  readonly willAnswerDisconnectEntities: (...answers: readonly Scripted<EntityDisconnectAnswer>[]) => void;
  readonly calls: readonly FinchCallMade[];
}

/** The id of the application that the fake knows. */
export const ownClientId = "client-of-the-platform";

/** A Finch without any answer yet. A call that nobody queued an answer for is a mistake, and throws. */
export const createFakeFinch = (): FakeFinch => {
  const calls: FinchCallMade[] = [];
  const sessions = createScript<NewSessionAnswer>("createSession");
  const exchanges = createScript<ExchangeAnswer>("exchangeCode");
  const introspections = createScript<IntrospectAnswer>("introspect");
  const said = new Map<string, IntrospectAnswer>();
  const disconnects = createScript<DisconnectAnswer>("disconnect");
  const entityDisconnects = createScript<EntityDisconnectAnswer>("disconnectEntities");
  return {
    willAnswerSession: sessions.add,
    willAnswerExchange: exchanges.add,
    willAnswerIntrospect: introspections.add,
    saysOf: (accessToken, answer) => said.set(accessToken, answer),
    willAnswerDisconnect: disconnects.add,
    willAnswerDisconnectEntities: entityDisconnects.add,
    calls,
    createSession(session) {
      calls.push({ operation: "createSession", session: structuredClone(session) });
      return sessions.next();
    },
    createReauthentication(session) {
      calls.push({ operation: "createReauthentication", session: structuredClone(session) });
      return sessions.next();
    },
    clientId: async () => ownClientId,
    exchangeCode(code, redirectUri, timeoutMs) {
      calls.push({ operation: "exchangeCode", codeHash: hashOf(code.reveal()), redirectUri, timeoutMs });
      return exchanges.next();
    },
    introspect(accessToken) {
      calls.push({ operation: "introspect", accessTokenHash: hashOf(accessToken.reveal()) });
      const answer = said.get(accessToken.reveal());
      return answer === undefined ? introspections.next() : Promise.resolve(answer);
    },
    disconnect(accessToken) {
      calls.push({ operation: "disconnect", accessTokenHash: hashOf(accessToken.reveal()) });
      return disconnects.next();
    },
    disconnectEntities(accessToken, entityIds) {
      const accessTokenHash = hashOf(accessToken.reveal());
      calls.push({ operation: "disconnectEntities", accessTokenHash, entityIds: [...entityIds] });
      return entityDisconnects.next();
    },
  };
};

const createScript = <Answer extends object>(operation: string) => {
  const queue: Scripted<Answer>[] = [];
  return {
    add: (...answers: readonly Scripted<Answer>[]) => {
      queue.push(...answers);
    },
    next: async (): Promise<Answer> => {
      const answer = queue.shift();
      if (answer === undefined) throw new Error(`nobody said what Finch answers to this ${operation}`);
      return typeof answer === "function" ? answer() : answer;
    },
  };
};
