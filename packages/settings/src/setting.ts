import type { ZodMiniType } from "zod/mini";

/** Accepts a text and gives its value, and the words for what it accepts. */
export interface Rule<Value> {
  readonly rule: ZodMiniType<Value, string>;
  /** Completes the sentence "it must be …". */
  readonly allowed: string;
}

/** One setting of a process: everything that anyone has to know about it. */
export interface Setting<
  Value = unknown,
  Default extends string | null = string | null,
> extends Rule<Value> {
  /** The name by which the platform has it. */
  readonly name: string;
  /** The text that counts where the setting is not given; `null`: then it has no value. */
  readonly default: Default;
  /** The text that this repository deploys with, where that is not the default. */
  readonly shipped?: string;
  /** The default for readers, in Markdown, where the text itself would tell them nothing. */
  readonly shownDefault?: string;
  /** The effect, and the danger where there is one, in Markdown. */
  readonly meaning: string;
  /** Says what may be meant by a text that is refused; `null` where nothing is known. */
  readonly hint?: (text: string) => string | null;
  /** Whether the value is a secret, which no message shows. */
  readonly isSecret?: boolean;
}

/** The settings of one process. A key is the name by which the code has a setting. */
export type Schema = Readonly<Record<string, Setting>>;

/** The value of a setting: of its rule's type, or `undefined` where it is not given and has no default. */
export type ValueOf<S> =
  S extends Setting<infer Value, infer Default>
    ? Value | (null extends Default ? undefined : never)
    : never;

/** The values of all settings of a schema. */
export type Values<S extends Schema> = { readonly [Key in keyof S]: ValueOf<S[Key]> };

/** Infers the types of a setting's value and default. */
export function defineSetting<Value, const Default extends string | null>(
  setting: Setting<Value, Default>,
): Setting<Value, Default> {
  return setting;
}
