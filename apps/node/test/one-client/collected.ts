/** The line of a gateway's log that says that it has collected its garbage. */
export const COLLECTED = "garbage collected";
