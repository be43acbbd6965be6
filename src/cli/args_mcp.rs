//! Arguments of `seer mcp`, with the lines that tell an assistant of it.

use clap::Args;

/// What `seer mcp --help` ends with.
const SNIPPET: &str = r#"Tell an assistant of it, in the file where it lists its MCP servers:
  {
    "mcpServers": {
      "photos": { "command": "seer", "args": ["mcp"] }
    }
  }
Where seer is not on the assistant's PATH, "command" is its whole path. For another library:
"args": ["mcp", "--library", "/path/of/the/library"]. To try it by hand:
  npx @modelcontextprotocol/inspector seer mcp"#;

/// Let an assistant look for photos: the Model Context Protocol over standard input and output
///
/// The assistant starts this command itself and talks to it; run by hand it waits for messages.
/// It gets four tools: search_photos, get_photo, photo_facts and library_status. All of them only read,
/// and only photos of the library; no path is taken from the assistant. What the assistant asks for may
/// leave this machine with it: pictures, paths and facts of the photos it looks at.
///
/// While "seer serve" runs on the library, that is asked. Else the library is opened for each
/// question and closed soon afterwards, so that other commands can have it in between.
/// Notices go to standard error.
#[derive(Args, Debug)]
#[command(after_help = SNIPPET)]
pub struct McpArgs {
    /// Keep back where photos were taken: positions, names of places, and the filters near: and place:.
    ///
    /// Holds as well where the server that is asked runs with it.
    #[arg(long, env = "SEER_STRIP_METADATA", value_parser = clap::builder::FalseyValueParser::new())]
    pub strip_metadata: bool,
}
