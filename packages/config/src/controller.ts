import { ConfigError } from "./config-error.ts";
import type { LoadedConfig } from "./load-config.ts";
import type { Target, TargetOptions, Variables } from "./target.ts";
import { explicitStore, targetOf } from "./target.ts";

/** The environment variable that has a controller's token unless the environment names another. */
export const CONTROLLER_TOKEN_ENV = "CONTROLLER_TOKEN";

/** The choice of a controller, as it was given. */
export interface ControllerChoice extends TargetOptions {
  /** The controller's URL. */
  readonly controller?: string | undefined;
}

/** A controller, and the environment that it is asked about. */
export interface ChosenController {
  readonly url: string;
  readonly environment: string;
  /** `null` where its variable is not set, which is right on loopback. */
  readonly token: string | null;
  /** The environment variable of the token. */
  readonly tokenEnv: string;
  /** Who acts, by the environment; `null` where it does not say. */
  readonly operator: string | null;
}

/**
 * Finds the controller of the chosen environment. With a URL and the name of an environment it needs no
 * config file.
 *
 * @throws ConfigError where environment, URL or token are not known.
 */
export function chosenController(
  choice: ControllerChoice,
  variables: Variables,
  cwd: string,
  loaded: LoadedConfig | null,
): ChosenController {
  const found = controllerOf(namedTarget(choice, variables, cwd, loaded), choice, variables);
  if (found !== null) return found;
  throw new ConfigError("the environment names no controller", {
    hint: 'Give --controller <url>, or "controller": { "url": … } in the config file.',
  });
}

/** The controller that is named for a target; `null` where nobody names one. @throws ConfigError */
export function controllerOf(
  target: Pick<Target, "environment" | "controller" | "operator">,
  { controller: given }: ControllerChoice,
  variables: Variables,
): ChosenController | null {
  const { environment, controller, operator } = target;
  const url = given ?? controller?.url;
  if (url === undefined) return null;
  if (environment === null) {
    throw new ConfigError("a controller knows environments by name, and this store has none", {
      hint: "Give --env <name>.",
    });
  }
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") {
    throw new ConfigError("the controller's URL has a user or a password, which it cannot take", {
      hint: "Its token belongs in an environment variable.",
    });
  }
  const tokenEnv = controller?.tokenEnv ?? CONTROLLER_TOKEN_ENV;
  const token = tokenIn(tokenEnv, variables);
  if (token === null && controller?.tokenEnv !== undefined) {
    throw new ConfigError(`${tokenEnv} is not set`, { hint: "It has the controller's token." });
  }
  return { url, environment, token, tokenEnv, operator };
}

function namedTarget(
  choice: ControllerChoice,
  variables: Variables,
  cwd: string,
  loaded: LoadedConfig | null,
): Pick<Target, "environment" | "controller" | "operator"> {
  const { env, controller } = choice;
  const isKnown = env !== undefined && Object.hasOwn(loaded?.config.environments ?? {}, env);
  if (env !== undefined && controller !== undefined && !isKnown) {
    return { environment: env, controller: null, operator: null };
  }
  if (env === undefined && loaded === null && explicitStore(choice, variables, cwd) === null) {
    throw new ConfigError("no environment is named", {
      hint: "Give --env <name>, or name an environment in edgezero.config.json.",
    });
  }
  return targetOf(choice, variables, cwd, loaded);
}

/** White space around it is taken off. @throws ConfigError where no header can have it */
function tokenIn(name: string, variables: Variables): string | null {
  const token = variables[name]?.trim() ?? "";
  if (token === "") return null;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ConfigError(`${name} has white space or other characters that no token has`);
}
