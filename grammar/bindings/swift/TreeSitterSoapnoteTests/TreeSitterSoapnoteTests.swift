import XCTest
import SwiftTreeSitter
import TreeSitterSoapnote

final class TreeSitterSoapnoteTests: XCTestCase {
    func testCanLoadGrammar() throws {
        let parser = Parser()
        let language = Language(language: tree_sitter_soapnote())
        XCTAssertNoThrow(try parser.setLanguage(language),
                         "Error loading SOAP note grammar")
    }
}
