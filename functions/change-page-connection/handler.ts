import { operation as check } from "#generated/operations/check-page-connection.js";
import { operation as remove } from "#generated/operations/delete-page-connection.js";
import { operation as removeEntity } from "#generated/operations/delete-page-entity.js";
import { operation as keep } from "#generated/operations/keep-page-duplicate.js";
import { operation as preview } from "#generated/operations/preview-page-disconnect.js";
import { type AuditStore, entryOf } from "#shared/connection/audit.ts";
import { requestDisconnect } from "#shared/connection/change-connection.ts";
import type { NudgeChecks } from "#shared/connection/check-request.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { type KeepDuplicateDependencies, keepDuplicate } from "#shared/connection/keep-duplicate.ts";
import { previewDisconnect } from "#shared/connection/preview-disconnect.ts";
import {
  type RequestEntityDisconnectDependencies,
  requestEntityDisconnect,
} from "#shared/connection/request-entity-disconnect.ts";
import type { SiblingsDependencies } from "#shared/connection/siblings.ts";
import { byOperation } from "#shared/http/by-operation.ts";
import { changeProblem } from "#shared/http/change-problem.ts";
import { pageConnectionBody, pagePreviewBody } from "#shared/http/page-bodies.ts";
import { type PageEndpointDependencies, pageCaller, pageEndpoint } from "#shared/http/page-endpoint.ts";
import { problem } from "#shared/http/problem.ts";
import { json, type Reply } from "#shared/http/reply.ts";
import { withoutFailing } from "#shared/nudge.ts";
import type { Visitor } from "#shared/page/enter-page.ts";

export interface ChangePageConnectionDependencies
  extends PageEndpointDependencies,
    RequestEntityDisconnectDependencies,
    SiblingsDependencies {
  readonly connections: RequestEntityDisconnectDependencies["connections"] & KeepDuplicateDependencies["connections"];
  readonly nudgeChecks: NudgeChecks;
  readonly audit: Pick<AuditStore, "record">;
}

/** What the page's customer does to one connection: see what would fall, remove it or an employer of it, keep both, look again. */
export const createHandler = ({ log, enter, publicUrl, ...deps }: ChangePageConnectionDependencies) => {
  const page = { log, enter, publicUrl };
  const nudgeDisconnects = withoutFailing(deps.nudgeDisconnects, log, remove.name);
  const disconnect = requestDisconnect({ ...deps, nudgeDisconnects });
  const disconnectEntity = requestEntityDisconnect({ ...deps, nudgeDisconnects });
  const previewing = previewDisconnect(deps);
  const keepBoth = keepDuplicate(deps);

  /** Lets a connection of the visitor's that is not held through; of a held one the platform has yet to say whose it is. */
  const withConnection = async (
    { customer }: Visitor,
    path: { readonly connection_id: string },
    respond: (connection: Connection) => Promise<Reply>,
  ): Promise<Reply> => {
    const connection = await deps.connections.find(customer.customerId, path.connection_id as ConnectionId);
    if (connection === undefined) return problem("not_found");
    return connection.heldReason === null ? respond(connection) : problem("connection_held");
  };

  const by = ({ session }: Visitor, requestId: string) => ({ caller: pageCaller(session), requestId });

  return byOperation(
    [
      preview,
      pageEndpoint(preview, page, ({ visitor, path }) =>
        withConnection(visitor, path, async ({ customerId, connectionId }) => {
          const previewed = await previewing(customerId, connectionId);
          return previewed.ok ? json(200, pagePreviewBody(previewed.value)) : problem("not_found");
        }),
      ),
    ],
    [
      remove,
      pageEndpoint(remove, page, async ({ visitor, path, query, requestId, note }) => {
        const terms = { inUse: true, version: query.version };
        const asked = await disconnect(
          visitor.customer.customerId,
          path.connection_id as ConnectionId,
          by(visitor, requestId),
          terms,
        );
        if (asked.ok) return json(202, pageConnectionBody(asked.value));
        note({ reason: asked.refusal.reason });
        return changeProblem(asked.refusal);
      }),
    ],
    [
      removeEntity,
      pageEndpoint(removeEntity, page, async ({ visitor, path, requestId, note }) => {
        const connectionId = path.connection_id as ConnectionId;
        const asked = await disconnectEntity(
          visitor.customer.customerId,
          connectionId,
          path.entity_id,
          by(visitor, requestId),
        );
        if (asked.ok) return json(202, pageConnectionBody(asked.value));
        note({ reason: asked.refusal.reason });
        return changeProblem(asked.refusal);
      }),
    ],
    [
      keep,
      pageEndpoint(keep, page, ({ visitor, path, requestId }) =>
        withConnection(visitor, path, async ({ customerId, connectionId }) => {
          const kept = await keepBoth(customerId, connectionId, by(visitor, requestId));
          return kept.ok ? json(200, pageConnectionBody(kept.value)) : problem("not_found");
        }),
      ),
    ],
    [
      check,
      pageEndpoint(check, page, ({ visitor, path, requestId }) =>
        withConnection(visitor, path, async (connection) => {
          const { customerId, connectionId, createdAt } = connection;
          const at = deps.now();
          await deps.nudgeChecks([{ customerId, connectionId, askedAt: at, madeAt: createdAt, reason: "call" }]);
          const act = { customerId, connectionId, action: "connection_introspected", at } as const;
          await deps.audit.record(entryOf(deps, by(visitor, requestId), act));
          return json(202, pageConnectionBody(connection));
        }),
      ),
    ],
  );
};
