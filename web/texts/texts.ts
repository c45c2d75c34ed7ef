import type { en } from "./en.ts";

/** A text whose words depend on a number, `{n}`. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** The name of a text. */
export type TextKey = keyof typeof en;

/** One language: each text that English has, a plural where English has one. A missing key is a type error. */
export type Texts = { readonly [Key in TextKey]: (typeof en)[Key] extends string ? string : Plural };

type HolesIn<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesIn<Rest> : never;

/** What a text leaves open, such as `provider` in "{provider} is connected." */
export type Holes<Key extends TextKey> = (typeof en)[Key] extends infer Text
  ? Text extends string
    ? HolesIn<Text>
    : Text extends Plural
      ? "n" | HolesIn<Text["one" | "other"]>
      : never
  : never;
