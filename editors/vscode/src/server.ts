/**
 * Finds the server and says what is wrong with it. Nothing here knows of VS Code, so that it can be tested alone.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import * as path from 'node:path';

/** Where a server was found. */
export type Origin = 'setting' | 'bundled' | 'path';

export interface Server {
  command: string;
  origin: Origin;
}

export interface Surroundings {
  /** The setting `soapstone.server.path`; empty if it is not set. */
  setting: string;
  /** Whether the folder is trusted: only then may anything but the bundled program run. */
  trusted: boolean;
  /** The folder of the extension. */
  extension: string;
  /** The variable PATH. */
  searchPath: string;
  home: string;
  windows: boolean;
}

/** Why there is no server, in a sentence to show, and what would help. */
export class ServerProblem extends Error {
  constructor(
    message: string,
    readonly remedy: 'setting' | 'install' | 'log',
  ) {
    super(message);
    this.name = 'ServerProblem';
  }
}

/** The program to run: that of the setting, else the bundled one, else one on the search path. */
export function findServer(around: Surroundings): Server {
  const name = around.windows ? 'soapstone.exe' : 'soapstone';
  const setting = around.setting.trim();
  if (setting !== '' && around.trusted) {
    const command = expandHome(setting, around.home);
    if (!path.isAbsolute(command)) {
      throw new ServerProblem(
        `The setting "soapstone.server.path" has to be a full path that begins at the top folder, and "${setting}" is not.`,
        'setting',
      );
    }
    // The reader asked for this one. Another one in its place would hide a mistyped setting.
    if (!isProgram(command)) {
      throw new ServerProblem(
        `The setting "soapstone.server.path" names "${setting}", and there is no program of that name.`,
        'setting',
      );
    }
    return { command, origin: 'setting' };
  }
  const bundled = path.join(around.extension, 'server', name);
  if (isProgram(bundled)) {
    return { command: bundled, origin: 'bundled' };
  }
  if (around.trusted) {
    for (const folder of around.searchPath.split(path.delimiter)) {
      // A relative entry would run whatever lies in the folder that happens to be open.
      const command = path.join(folder, name);
      if (path.isAbsolute(folder) && isProgram(command)) {
        return { command, origin: 'path' };
      }
    }
  }
  throw new ServerProblem(
    around.trusted
      ? 'The program that checks your notes is missing from this extension. Install the Soapstone file made for this computer, or choose the program in the settings.'
      : 'The program that checks your notes is missing from this extension, and in a folder that you do not trust Soapstone runs no other. Trust the folder, or install the Soapstone file made for this computer.',
    'install',
  );
}

function expandHome(file: string, home: string): string {
  return file === '~' || file.startsWith('~/') || file.startsWith('~\\') ? path.join(home, file.slice(1)) : file;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The version that a program answers to `--version`. */
export async function versionOf(command: string): Promise<string> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(command, ['--version'], { timeout: 10_000, windowsHide: true }, (error, stdout) => {
      if (error) {
        reject(
          new ServerProblem(
            `The program "${command}" does not start on this computer. It may be made for another kind of computer, or be kept from running by a security setting.`,
            'log',
          ),
        );
      } else {
        resolve(stdout);
      }
    });
  });
  const version = readVersion(output);
  if (version === undefined) {
    throw new ServerProblem(`The program "${command}" is not Soapstone.`, 'setting');
  }
  return version;
}

/** The version in `soapstone 0.1.0`, behind which stand the tables of the build; nothing for another program's answer. */
export function readVersion(output: string): string | undefined {
  return /^soapstone (\d+\.\d+\.\d+\S*)[ \t]*\r?(?:\n|$)/.exec(output)?.[1];
}

/** Whether a server and an extension of these versions understand each other; before 1.0 the second figure has to be the same. */
export function fits(server: string, extension: string): boolean {
  const [serverMajor, serverMinor] = server.split('.');
  const [major, minor] = extension.split('.');
  return serverMajor === major && (major !== '0' || serverMinor === minor);
}
