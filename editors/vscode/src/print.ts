import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import * as vscode from 'vscode';

import type { Claim } from './claim/protocol';
import type { Session } from './client';
import { ask } from './explain';
import type { Status } from './status';
import { toml } from './toml';

/** The settings by which a note is judged. */
const JUDGING = ['payer', 'payers', 'rules'];

/** Saves a visit as a page where the reader wants it, and offers to open it in the browser, which prints it. */
export async function printNote(session: Session, note: vscode.TextDocument, position: { line: number; character: number }): Promise<void> {
  const { client } = session;
  const uri = client.code2ProtocolConverter.asUri(note.uri);
  const claim = await client.sendRequest<Claim | null>('soapstone/claim', { textDocument: { uri }, position });
  const html = await page(session, note, claim?.date ?? undefined);
  const day = claim?.date ? `-${claim.date}` : '';
  const name = `${path.basename(note.uri.path, '.soap')}${day}.html`;
  const beside = note.isUntitled ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(note.uri, '..');
  const place = await vscode.window.showSaveDialog({
    title: 'Save the page to print. It holds the patient’s record.',
    saveLabel: 'Save',
    filters: { 'Web page': ['html'] },
    ...(beside ? { defaultUri: vscode.Uri.joinPath(beside, name) } : {}),
  });
  if (!place) {
    return;
  }
  await vscode.workspace.fs.writeFile(place, Buffer.from(html));
  // A browser that is not on the computer that holds the page opens nothing, and does not say so.
  if (vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web) {
    void vscode.window.showInformationMessage(`The page is saved: ${path.basename(place.path)}. Download it from the list of files, then open it in the browser, which prints it.`);
    return;
  }
  const show = 'Open';
  void vscode.window.showInformationMessage('The page is saved. Open it in the browser, which prints it.', show).then(async (pressed) => {
    if (pressed === show) {
      await vscode.env.openExternal(place);
    }
  });
}

/** The page of a day's visits, or of the whole chart, as the note stands now. */
export async function page(session: Session, note: vscode.TextDocument, day: string | undefined): Promise<string> {
  const { client, program } = session;
  if (program === undefined) {
    throw new Error('no server was found');
  }
  const status = (await ask(client, 'soapstone.server.status', client.code2ProtocolConverter.asUri(note.uri))) as Status | null;
  const visit = day === undefined ? [] : ['--visit', day];
  if (status?.settingsFile) {
    return exported(program, ['--config', status.settingsFile, ...visit], note.getText());
  }
  // The program knows no settings of an editor; the file holds no word of the note.
  const settings = vscode.workspace.getConfiguration('soapstone', note);
  const folder = await mkdtemp(path.join(tmpdir(), 'soapstone-'));
  try {
    const file = path.join(folder, 'soapstone.toml');
    const judging = JUDGING.flatMap((key) => {
      const value = settings.get<string | object>(key);
      return value === undefined || value === '' ? [] : [[key, JSON.parse(JSON.stringify(value))]];
    });
    await writeFile(file, toml(Object.fromEntries(judging)));
    return await exported(program, ['--config', file, ...visit], note.getText());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `soapstone export` prints. The note goes by a pipe, so that no copy of it is left. */
function exported(program: string, options: string[], text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['export', ...options, '-'], { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', reject);
    child.on('close', () => {
      const html = Buffer.concat(out).toString();
      if (html === '') {
        reject(new Error(`The page was not made: ${Buffer.concat(said).toString().trim()}`));
      } else {
        resolve(html);
      }
    });
    // A program that ends early is told by its end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}
