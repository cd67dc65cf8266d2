//! The page of the claim panel of VS Code: type check, bundle, unit tests, and the page itself in Chromium.

use crate::tally::Tally;
use crate::tools::{self, Node};
use crate::{Failure, workspace};

/// Installs what is missing, then runs the tests. The server's debug binary has been built before.
pub fn test() -> Result<Tally, Failure> {
    tools::chromium()?;
    let extension = workspace().join("editors/vscode");
    let node = Node::find()?;
    node.install(&extension)?;
    tools::run(node.npm(&extension).args(["run", "--silent", "check"]))?;
    let mut test = node.npm(&extension);
    test.args(["run", "--silent", "test:webview"]);
    // Where everything is to be tested, a test that cannot be run is a failure.
    test.env("SOAPSTONE_TEST_ALL", "1");
    Tally::of("the claim page", test)
}
