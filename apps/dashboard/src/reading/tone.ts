/**
 * How something is, beside its words and its sign. `good` is only what evidence shows; `calm` is under way
 * with no sign of harm; `caution` needs a look; `bad` is harm; `off` is nothing under way.
 */
export type Tone = "good" | "calm" | "caution" | "bad" | "off";
