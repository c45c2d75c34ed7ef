import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Finch } from "../connection/finch-port.ts";
import { createFinch } from "../finch/finch.ts";
import { createSendToFinch } from "../finch/request.ts";
import type { Transport } from "../finch/transport.ts";
import { createFinchCredentials } from "../secrets-manager/finch-credentials.ts";
import { lazyClient } from "./lazy-client.ts";
import { surroundings } from "./surroundings.ts";

/** Finch as the platform's application, for a function that may read the application's secret. */
export const openFinch = (env: { readonly FINCH_SECRET_ARN: string }, transport: Transport): Finch =>
  createFinch({
    send: createSendToFinch(transport),
    credentials: createFinchCredentials(
      lazyClient(() => new SecretsManagerClient()),
      env.FINCH_SECRET_ARN,
      surroundings.now,
    ),
  });
