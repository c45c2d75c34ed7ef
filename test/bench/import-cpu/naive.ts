/** A function as one writes it without a thought for its start: what Perch's bundles are compared with. It does nothing. */
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import middy from "@middy/core";
import httpCors from "@middy/http-cors";
import httpErrorHandler from "@middy/http-error-handler";
import httpEventNormalizer from "@middy/http-event-normalizer";
import httpHeaderNormalizer from "@middy/http-header-normalizer";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import httpSecurityHeaders from "@middy/http-security-headers";
import Finch from "@tryfinch/finch-api";

const [logger, metrics, tracer] = [new Logger(), new Metrics({ namespace: "naive" }), new Tracer()];
const table = DynamoDBDocumentClient.from(new DynamoDBClient());
const [kms, secrets, finch] = [new KMSClient(), new SecretsManagerClient(), new Finch({ accessToken: "none" })];

/** What the handler would use. */
const used = [table, kms, secrets, finch, GetCommand, QueryCommand, UpdateCommand, TransactWriteCommand].concat([
  EncryptCommand,
  DecryptCommand,
  GetSecretValueCommand,
] as never);

export const handler = middy(async () => ({ statusCode: used.length }))
  .use(httpHeaderNormalizer())
  .use(httpEventNormalizer())
  .use(httpJsonBodyParser())
  .use(httpSecurityHeaders())
  .use(httpCors())
  .use(httpErrorHandler())
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(captureLambdaHandler(tracer));
