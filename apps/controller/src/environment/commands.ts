import type { CommandAnswer, CommandRequest } from "@edgezero/control-api/command";
import { ANSWERS_KEPT_MS, MOST_ANSWERS } from "../state/saved-rollout.ts";
import type { RolloutCore } from "./core.ts";

/** Carries out what operators ask for, each request once. */
export interface Commands {
  /**
   * A second request with an id gets the first answer, for 24 hours or until 500 later commands, also from
   * another process. A refusal that only the moment gives is not kept: the same request may be sent again.
   */
  answer(request: CommandRequest): Promise<CommandAnswer>;
  /** The latest answers, for the state. */
  answers(): readonly CommandAnswer[];
}

interface Result {
  readonly accepted: boolean;
  readonly sentence: string;
  /** Whether it says nothing of the command: the controller could not take it just now. */
  readonly isPassing: boolean;
}

/** @param known Answers that an earlier process has given. */
export function createCommands(core: RolloutCore, known: readonly CommandAnswer[]): Commands {
  let answers = known;
  const underWay = new Map<string, Promise<CommandAnswer>>();

  /** Those whose ids are not free for another command yet. */
  function young(): readonly CommandAnswer[] {
    const oldest = core.now() - ANSWERS_KEPT_MS;
    return answers.filter(({ at }) => at > oldest);
  }

  /** A command that another leader never hears of must not read as taken. A rollback is good anywhere. */
  async function otherLeads({ command }: CommandRequest): Promise<Result | null> {
    const { leader, leads } = core.place;
    if (leader === null || command === "rollback") return null;
    // Where nobody can tell, the state cannot be saved either, and the answer says so.
    if (await leads().catch(() => true)) return null;
    const sentence =
      "Nothing was done: the lease was lost, and another controller may lead. Ask that one.";
    return { accepted: false, sentence, isPassing: true };
  }

  async function carryOut(request: CommandRequest): Promise<CommandAnswer> {
    const { accepted, sentence, isPassing } =
      (await otherLeads(request)) ?? resultOf(core, request);
    const { id, command } = request;
    const at = core.now();
    const given = { id, command, accepted, sentence, at, repeated: false };
    if (isPassing) return given;
    answers = [...young(), given].slice(-MOST_ANSWERS);
    const fault = await core.save();
    return fault === null
      ? given
      : { ...given, sentence: `${sentence} It is not on the disk yet: ${fault}` };
  }

  return {
    answers: () => answers,
    async answer(request) {
      const before = young().find(({ id }) => id === request.id);
      if (before !== undefined && before.command !== request.command)
        return otherCommand(before, request);
      if (before !== undefined) return { ...before, repeated: true };
      const running = underWay.get(request.id);
      if (running !== undefined) return running.then((given) => ({ ...given, repeated: true }));
      const given = carryOut(request);
      underWay.set(request.id, given);
      return given.finally(() => underWay.delete(request.id));
    },
  };
}

/** An answer to another command would read as if this one were done. */
function otherCommand(
  { command, at }: CommandAnswer,
  { id, command: asked }: CommandRequest,
): CommandAnswer {
  const sentence = `Nothing was done: the id was used for ${command} at ${new Date(at).toISOString()}. Give each command an id of its own.`;
  return { id, command: asked, accepted: false, sentence, at, repeated: false };
}

function resultOf(core: RolloutCore, request: CommandRequest): Result {
  const { command, stage = null, keep = false, who, reason } = request;
  const by = who.replace(/[\p{Cc}\p{Cf}]/gu, "");
  const refusal = command === "start" ? startRefusal(core) : null;
  if (refusal !== null) {
    const refused = { type: "answer", command, by, accepted: false, sentence: refusal } as const;
    core.keep(refused, reason);
    return { accepted: false, sentence: refusal, isPassing: false };
  }
  const asked = { name: command, stage, keep, by, reason: reason || null };
  // Asked before, since the answer does not say why it is refused.
  const isUnread = command === "start" && core.state().store === null;
  const effects = core.take({ type: "command", at: core.now(), command: asked }, reason);
  const found = effects.find(({ type }) => type === "answer");
  if (found?.type === "answer") {
    const { accepted, sentence } = found;
    return { accepted, sentence, isPassing: isUnread && !accepted };
  }
  const sentence = core.stop.aborted
    ? "The controller is stopping, and takes no more commands."
    : "It was not taken: the controller had a fault of its own, which its log has.";
  return { accepted: false, sentence, isPassing: true };
}

/** The reducer knows no switch: while it is off, every percentage reads as 0. */
function startRefusal(core: RolloutCore): string | null {
  if (core.state().rules.source === "") {
    return "The config names no `evidence` for this environment. Name it, and start the controller again.";
  }
  const seen = core.seen();
  if (seen === null || seen.reading.state.enabled) return null;
  return "The switch is off. Turn it on by `edgezero-rollout enable`, then start.";
}
