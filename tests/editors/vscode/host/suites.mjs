// The suites of the extension host, each with the VS Code that it needs.

/** A program that notes that it was run: no workspace that is not trusted may have it started. */
const TRAP = '#!/bin/sh\ntouch "$(dirname "$0")/it-was-run"\nexit 1\n';

export const suites = {
  features: { trust: true },
  lifecycle: { trust: true },
  private: {
    trust: true,
    // It stands everywhere in this suite's notes, and in nothing that is left of them.
    word: 'zyxwcanary',
    env: { SOAPSTONE_TEST_HOOKS: '1' },
    // Copies that VS Code itself makes of any file.
    settings: { 'workbench.localHistory.enabled': false, 'files.hotExit': 'off' },
  },
  untrusted: {
    trust: false,
    settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' },
    files: {
      'trap.sh': TRAP,
      '.vscode/settings.json': '{"soapstone.server.path": "${workspaceFolder}/trap.sh"}\n',
      'visit.soap': 'visit: 2026-11-20\n97124 lumbar 25 min\n  technique: petrissage\n',
    },
  },
};
