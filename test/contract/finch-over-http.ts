import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ExchangeAnswer, IntrospectAnswer } from "#shared/connection/finch-port.ts";
import { secret } from "#shared/secret.ts";
import type { ModelFinch } from "../interleavings/model-finch.ts";
import type { MeetCall } from "../support/intercept.ts";

/** A Finch that another process can send codes to, and ask about tokens. */
export interface FinchOverHttp {
  readonly url: string;
  /** Which Finch answers from now on, who is told when a code has arrived and taken effect, and how many answers get lost. */
  readonly serve: (finch: ModelFinch, meet: MeetCall, lostAnswers: number) => void;
  readonly close: () => void;
}

/** Serves `POST /auth/token` and `GET /introspect` on a free port of this machine. */
export const startFinchOverHttp = async (): Promise<FinchOverHttp> => {
  let served: { readonly finch: ModelFinch; readonly meet: MeetCall; lost: number } | undefined;
  const server = createServer(async (request, response) => {
    if (served === undefined) return void response.destroy();
    if (request.url === "/introspect") {
      const accessToken = request.headers.authorization?.replace("Bearer ", "") ?? "";
      return replyIntrospection(response, await served.finch.portFor(served.meet).introspect(secret(accessToken)));
    }
    const { code } = JSON.parse(await text(request));
    const answer = await served.finch.portFor(served.meet).exchangeCode(secret(code), null, 0);
    served.lost -= 1;
    if (served.lost >= 0) response.destroy();
    else reply(response, answer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (finch, meet, lost) => {
      served = { finch, meet, lost };
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

const reply = (response: ServerResponse, answer: ExchangeAnswer): void => {
  if (answer.kind !== "granted") {
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ name: "invalid_grant_error" }));
    return;
  }
  const { grant } = answer;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      access_token: grant.accessToken.reveal(),
      connection_id: grant.connectionId,
      entity_ids: grant.entityIds,
      client_type: grant.clientType,
      connection_type: grant.connectionType,
      products: grant.products,
      provider_id: grant.providerId,
      customer_id: grant.customerId,
      company_id: grant.companyId,
    }),
  );
};

const replyIntrospection = (response: ServerResponse, answer: IntrospectAnswer): void => {
  if (answer.kind !== "introspected") {
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ name: "invalid_token" }));
    return;
  }
  const said = answer.introspection;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      connection_id: said.connectionId,
      provider_id: said.providerId,
      client_type: said.clientType,
      client_id: said.clientId,
      connection_type: said.connectionType,
      connection_status: { status: said.status },
      products: said.products,
      entities: said.entities.map(({ id, name, sourceId, status }) => ({ id, name, source_id: sourceId, status })),
      customer_id: said.customerId,
      company_id: said.companyId,
    }),
  );
};
