//! Soapstone for Zed: finds the `soapstone` program on this computer and hands Zed's settings to it.
//!
//! Nothing is downloaded: a program that reads patients' notes should come to a computer by the
//! hand of whoever is responsible for it.

use zed_extension_api::serde_json::{Value, json};
use zed_extension_api::settings::LspSettings;
use zed_extension_api::{
    Command, Extension, LanguageServerId, Result, Worktree, register_extension,
};

/// The program, and the name under which Zed's settings speak of the server.
const SOAPSTONE: &str = "soapstone";

const NOT_FOUND: &str = "The program \"soapstone\" was not found. Put it into a folder that is on your PATH, \
     or write where it is into Zed's settings: \"lsp\": {\"soapstone\": {\"binary\": {\"path\": \"...\"}}}";

struct Soapstone;

impl Extension for Soapstone {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let binary = LspSettings::for_worktree(SOAPSTONE, worktree)?.binary;
        let (path, arguments, env) = binary.map_or((None, None, None), |binary| {
            (binary.path, binary.arguments, binary.env)
        });
        Ok(Command {
            command: path
                .or_else(|| worktree.which(SOAPSTONE))
                .ok_or_else(|| NOT_FOUND.to_owned())?,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: env.map_or_else(|| worktree.shell_env(), |env| env.into_iter().collect()),
        })
    }

    fn language_server_initialization_options(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        let settings = LspSettings::for_worktree(SOAPSTONE, worktree)?;
        Ok(settings.initialization_options.or(settings.settings))
    }

    fn language_server_workspace_configuration(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<Value>> {
        let settings = LspSettings::for_worktree(SOAPSTONE, worktree)?.settings;
        Ok(settings.map(in_its_section))
    }
}

/// The server asks for the section of its name, and Zed looks for it in what this answers.
fn in_its_section(settings: Value) -> Value {
    json!({ SOAPSTONE: settings })
}

register_extension!(Soapstone);
