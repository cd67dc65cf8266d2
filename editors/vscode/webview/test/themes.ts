/** The colours that VS Code's own four themes give to a page. */

export interface Theme {
  /** The classes of the page's body. */
  classes: string;
  colours: Record<string, string>;
}

const common = {
  'font-family': "'Segoe UI', 'DejaVu Sans', sans-serif",
  'font-size': '13px',
};

export const THEMES: Record<string, Theme> = {
  light: {
    classes: 'vscode-light',
    colours: {
      ...common,
      foreground: '#3b3b3b',
      descriptionForeground: '#3b3b3b',
      'editor-background': '#ffffff',
      'editor-foreground': '#3b3b3b',
      'panel-border': '#e5e5e5',
      'textLink-foreground': '#005fb8',
      'textLink-activeForeground': '#005fb8',
      'button-background': '#005fb8',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#0258a8',
      'button-border': '#0000001a',
      focusBorder: '#005fb8',
      'charts-blue': '#0063d3',
      'charts-green': '#388a34',
      'editorError-foreground': '#e51400',
      'editorWarning-foreground': '#bf8803',
      'editorInfo-foreground': '#0063d3',
      'editor-inactiveSelectionBackground': '#e5ebf1',
    },
  },
  dark: {
    classes: 'vscode-dark',
    colours: {
      ...common,
      foreground: '#cccccc',
      descriptionForeground: '#9d9d9d',
      'editor-background': '#1f1f1f',
      'editor-foreground': '#cccccc',
      'panel-border': '#2b2b2b',
      'textLink-foreground': '#4daafc',
      'textLink-activeForeground': '#4daafc',
      'button-background': '#0078d4',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#026ec1',
      'button-border': '#ffffff1a',
      focusBorder: '#0078d4',
      'charts-blue': '#59a4f9',
      'charts-green': '#89d185',
      'editorError-foreground': '#f14c4c',
      'editorWarning-foreground': '#cca700',
      'editorInfo-foreground': '#59a4f9',
      'editor-inactiveSelectionBackground': '#3a3d41',
    },
  },
  'high-contrast': {
    classes: 'vscode-high-contrast',
    colours: {
      ...common,
      foreground: '#ffffff',
      descriptionForeground: '#ffffffb3',
      'editor-background': '#000000',
      'editor-foreground': '#ffffff',
      contrastBorder: '#6fc3df',
      'panel-border': '#6fc3df',
      'textLink-foreground': '#21a6ff',
      'textLink-activeForeground': '#21a6ff',
      'button-foreground': '#ffffff',
      'button-border': '#6fc3df',
      focusBorder: '#f38518',
      'charts-blue': '#59a4f9',
      'charts-green': '#89d185',
      'editorError-foreground': '#f48771',
      'editorWarning-foreground': '#ffd370',
      'editorInfo-foreground': '#59a4f9',
    },
  },
  'high-contrast-light': {
    classes: 'vscode-high-contrast vscode-high-contrast-light',
    colours: {
      ...common,
      foreground: '#292929',
      descriptionForeground: '#292929b3',
      'editor-background': '#ffffff',
      'editor-foreground': '#292929',
      contrastBorder: '#0f4a85',
      'panel-border': '#0f4a85',
      'textLink-foreground': '#0f4a85',
      'textLink-activeForeground': '#0f4a85',
      'button-background': '#0f4a85',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#0f4a85',
      'button-border': '#0f4a85',
      focusBorder: '#006bbd',
      'charts-blue': '#0063d3',
      'charts-green': '#374e06',
      'editorError-foreground': '#b5200d',
      'editorWarning-foreground': '#895503',
      'editorInfo-foreground': '#0063d3',
    },
  },
};
