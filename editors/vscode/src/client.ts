import { spawn } from 'node:child_process';
import { homedir } from 'node:os';

import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';

import { Crashes } from './crashes';
import { rulePage } from './explain';
import { isRule, learnRules, pagesHere, type RuleSummary } from './rules';
import { findServer, fits, ServerProblem, versionOf, type Server } from './server';

export const LANGUAGE = 'soapnote';

/** The commands of ours that the server's lenses, actions and links may press. */
const PRESSED_BY_SERVER = ['copyClaimLines', 'explainRule', 'hideFinding', 'nextVisit', 'showClaim'].map((name) => `soapstone.${name}`);

/** The one client, which outlives its servers, and what is done when a server cannot be had or goes away. */
export class Session implements vscode.Disposable {
  readonly client: LanguageClient;
  /** Why there is no server now, in a sentence; nothing while all is well. */
  problem: string | undefined;
  readonly #problemChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeProblem = this.#problemChanged.event;
  readonly #crashes = new Crashes();
  #server: Server | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {
    this.client = new LanguageClient('soapstone', 'Soapstone', () => this.#spawn(), this.#options());
  }

  /** The program that runs, or ran last. */
  get program(): string | undefined {
    return this.#server?.command;
  }

  /** Starts a server, or another one in the place of that which runs. One after the other, however often it is asked for. */
  start(): Promise<void> {
    this.#crashes.forget();
    this.#work = this.#work.then(() => this.#start()).catch((error: unknown) => this.#fail(error));
    return this.#work;
  }

  async dispose(): Promise<void> {
    this.#problemChanged.dispose();
    await this.client.dispose();
  }

  async #start(): Promise<void> {
    if (this.client.needsStop()) {
      await this.client.stop();
    }
    const settings = vscode.workspace.getConfiguration('soapstone');
    this.#server = findServer({
      setting: settings.get<string>('server.path', ''),
      trusted: vscode.workspace.isTrusted,
      extension: this.context.extensionPath,
      searchPath: process.env['PATH'] ?? '',
      home: homedir(),
      windows: process.platform === 'win32',
    });
    const version = await versionOf(this.#server.command);
    this.log.info(`Soapstone ${version} (${this.#server.origin}): ${this.#server.command}`);
    const own = String(this.context.extension.packageJSON.version);
    if (!fits(version, own)) {
      void this.#ask(
        `The program that checks your notes is version ${version} and this extension is ${own}. Some of what you see may be wrong until both are the same version.`,
        'warning',
        ['Open Settings', 'Show Log'],
      );
    }
    await this.client.start();
    // A server of another version may not know the question.
    learnRules(await this.client.sendRequest<RuleSummary[]>('soapstone/rules').catch(() => []));
    this.#setProblem(undefined);
  }

  async #spawn() {
    if (!this.#server) {
      throw new Error('no server was found');
    }
    return spawn(this.#server.command, ['lsp'], { stdio: 'pipe', windowsHide: true });
  }

  #options(): LanguageClientOptions {
    return {
      // Not in every scheme: the two sides of a comparison would show each finding twice.
      documentSelector: ['file', 'untitled', 'vscode-vfs'].map((scheme) => ({ language: LANGUAGE, scheme })),
      outputChannel: this.log,
      traceOutputChannel: this.log,
      // A log that opens by itself says nothing to a clinician and takes the place of the note.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => ({ ...plainSettings(), commands: PRESSED_BY_SERVER }),
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          if (this.client.state === State.Starting) {
            return { action: CloseAction.DoNotRestart, handled: true };
          }
          if (this.#crashes.again(Date.now())) {
            return { action: CloseAction.Restart, message: 'The server stopped by itself and is started again.', handled: true };
          }
          this.#fail(
            new ServerProblem('Soapstone stopped several times in a row and is off now. Your notes are unharmed, but they are not checked until it runs again.', 'log'),
          );
          return { action: CloseAction.DoNotRestart, message: 'The server stopped too often and stays stopped.', handled: true };
        },
      },
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => next(uri, diagnostics.map(withPage)),
        provideDiagnostics: async (document, previous, token, next) => {
          const report = await next(document, previous, token);
          if (report && 'items' in report) {
            report.items.forEach(withPage);
          }
          return report;
        },
        provideHover: async (document, position, token, next) => {
          const hover = await next(document, position, token);
          for (const content of hover?.contents ?? []) {
            if (content instanceof vscode.MarkdownString) {
              content.value = pagesHere(content.value);
              content.isTrusted = { enabledCommands: ['soapstone.explainRule'] };
            }
          }
          return hover;
        },
        provideDocumentLinks: async (document, token, next) => {
          const links = await next(document, token);
          for (const link of links ?? []) {
            const rule = link.target?.path.split('/').at(-1);
            if (isRule(rule)) {
              link.target = rulePage(rule ?? '');
            }
          }
          return links;
        },
        provideWorkspaceDiagnostics: (previous, token, reporter, next) =>
          next(previous, token, (chunk) => {
            for (const report of chunk?.items ?? []) {
              if ('items' in report) {
                report.items.forEach(withPage);
              }
            }
            reporter(chunk);
          }),
      },
    };
  }

  #fail(error: unknown): void {
    const problem =
      error instanceof ServerProblem ? error : new ServerProblem('Soapstone could not be started. The log says more.', 'log');
    this.log.error(error instanceof Error ? error.message : String(error));
    this.#setProblem(problem.message);
    const buttons = { setting: ['Open Settings'], install: ['Choose the Program'], log: [] }[problem.remedy];
    void this.#ask(problem.message, 'error', [...buttons, 'Try Again', 'Show Log']);
  }

  #setProblem(problem: string | undefined): void {
    this.problem = problem;
    this.#problemChanged.fire();
  }

  async #ask(message: string, kind: 'error' | 'warning', buttons: string[]): Promise<void> {
    const show = kind === 'error' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
    switch (await show(message, ...buttons)) {
      case 'Open Settings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'soapstone.server.path');
        break;
      case 'Choose the Program': {
        const chosen = await vscode.window.showOpenDialog({ title: 'The Soapstone program', openLabel: 'Use This Program' });
        if (chosen?.[0]) {
          // The change of the setting starts it.
          const settings = vscode.workspace.getConfiguration('soapstone');
          await settings.update('server.path', chosen[0].fsPath, vscode.ConfigurationTarget.Global);
        }
        break;
      }
      case 'Try Again':
        await this.start();
        break;
      case 'Show Log':
        this.log.show();
        break;
    }
  }
}

/** The settings as they are, without the methods of the object that holds them. */
function plainSettings(): Record<string, unknown> {
  return JSON.parse(JSON.stringify(vscode.workspace.getConfiguration('soapstone'))) as Record<string, unknown>;
}

/** Lets a finding's code lead to its rule's page here, which needs no network. */
function withPage(diagnostic: vscode.Diagnostic): vscode.Diagnostic {
  const code = typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
  if (code !== undefined) {
    diagnostic.code = { value: code, target: rulePage(String(code)) };
  }
  return diagnostic;
}
