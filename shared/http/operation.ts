import type { LogFields } from "../log.ts";
import type { Reply } from "./reply.ts";

/** One thing that is wrong with a request. */
export interface FieldError {
  /** Where: `path`, `query`, `headers` or `body` first, such as `body.products[0]`. */
  readonly field: string;
  /** What it must be; never the value that was sent. */
  readonly message: string;
}

/** What the endpoint itself answers before or instead of the operation. */
export type Refusal =
  | { readonly code: "invalid_request"; readonly errors: readonly FieldError[] }
  | { readonly code: "payload_too_large"; readonly bodyLimit: number }
  | { readonly code: "internal_error" };

/** Words a refusal for who is on the other side: a problem document for the backend, a page for a browser. */
export type Refuse = (refusal: Refusal) => Reply;

/** An error of a compiled validator, as far as it is used (JSON Schema 2020-12 keywords). */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}

/** A validator compiled from the OpenAPI document. It fills in defaults, so it changes what it is given. */
export interface Validate {
  (request: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** An operation of the OpenAPI document with its compiled validator: `#generated/operations/<operation>.js`. */
export interface Operation<Path, Query, Body> {
  /** Its `operationId`, also the name in the log. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** The most bytes that a body may have. */
  readonly bodyLimit: number;
  /**
   * `json`: an object is required. `optional`: may be empty, as `{}`. `none`: empty or `{}`. `ignored`: whatever comes.
   * `raw`: the same, handed over as the bytes that came.
   */
  readonly body: "json" | "optional" | "none" | "ignored" | "raw";
  /** Query parameters that are integers; everything arrives as text. */
  readonly integers: readonly string[];
  /** Query parameters that are `true` or `false`. */
  readonly booleans: readonly string[];
  /** What to tell about a pattern that is not met, by pattern; or about a choice, by its place in the schema. */
  readonly hints: Readonly<Record<string, string>>;
  readonly validate: Validate;
  readonly refuse: Refuse;
  /** The types of a valid request; nothing at run time. */
  readonly request?: { readonly path: Path; readonly query: Query; readonly body: Body };
}

/** A request that the document allows. */
export interface ValidRequest<Path, Query, Body> {
  readonly method: string;
  readonly path: Path;
  readonly query: Query;
  /** As it was sent, without the question mark. */
  readonly rawQuery: string;
  readonly body: Body;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `name=value` each. */
  readonly cookies: readonly string[];
  readonly requestId: string;
  /** The OAuth client that asks; empty where the route takes no token. */
  readonly caller: string;
  /** Adds fields to the one line that is logged about this request. */
  readonly note: (fields: LogFields) => void;
}
