//! The protocol: lists the tools, calls them, and turns every failure into an answer.

use std::io;
use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    JsonObject, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::io::stdio;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use seer_engine::parse_query;
use serde_json::Value;

use crate::arguments::{self, Given};
use crate::photos::Photos;
use crate::tools::{self, Entry, INSTRUCTIONS, TOOLS};
use crate::{photo, search};

/// Answers an assistant on standard input and output until it closes them.
///
/// # Errors
/// When standard input or output cannot be used, or what comes in is not the protocol.
pub fn serve(photos: Arc<dyn Photos>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let service = Server { photos }.serve(stdio()).await.map_err(io::Error::other)?;
        service.waiting().await.map(drop).map_err(io::Error::other)
    });
    // A read of standard input cannot be stopped; nothing of it is awaited.
    runtime.shutdown_background();
    served
}

struct Server {
    photos: Arc<dyn Photos>,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(
                Implementation::new("seer", env!("CARGO_PKG_VERSION")).with_title("seer photos"),
            )
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::list()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = TOOLS.iter().find(|tool| tool.name == request.name) else {
            let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
            let wrong: String = request.name.chars().take(80).collect();
            let message = format!("there is no tool \"{wrong}\"; there are {}", names.join(", "));
            return Err(ErrorData::invalid_params(message, None));
        };
        let (photos, arguments) = (Arc::clone(&self.photos), request.arguments);
        let called =
            tokio::task::spawn_blocking(move || call(photos.as_ref(), tool, arguments)).await;
        let result = called.unwrap_or_else(|error| {
            log::error!("the tool {} failed: {error}", tool.name);
            Err("the call failed because of a bug in seer; its log has the details".to_owned())
        });
        let result = result.unwrap_or_else(|why| {
            log::info!("{}: {why}", tool.name);
            CallToolResult::error(vec![ContentBlock::text(why)])
        });
        Ok(result.into())
    }
}

/// One call of a tool.
fn call(
    photos: &dyn Photos,
    tool: &Entry,
    given: Option<JsonObject>,
) -> Result<CallToolResult, String> {
    let given = arguments::read(tool.arguments, given)?;
    match tool.name {
        "search_photos" => found(photos, &given).map(CallToolResult::structured),
        "get_photo" => {
            let photo = told(photos, given.text("id"))?;
            photo::content(photos, &photo, given.number("size") as u32).map(CallToolResult::success)
        }
        "photo_facts" => {
            let facts = serde_json::to_value(told(photos, given.text("id"))?);
            facts.map(CallToolResult::structured).map_err(|error| error.to_string())
        }
        _ => photos.status().map(CallToolResult::structured),
    }
}

/// A photo's record as an assistant may have it.
fn told(photos: &dyn Photos, id: &str) -> Result<seer_http::wire::Photo, String> {
    let photo = photos.photo(id)?;
    Ok(if photos.hides_places()? { photo.without_position() } else { photo })
}

fn found(photos: &dyn Photos, given: &Given) -> Result<Value, String> {
    let request = search::request(given);
    let hides = photos.hides_places()?;
    if hides && parse_query(&request.query).is_ok_and(|query| query.asks_for_position()) {
        return Err(
            "this library does not tell where photos were taken; leave out near: and place:"
                .to_owned(),
        );
    }
    let mut found = photos.search(request)?;
    if hides {
        found.hits = found.hits.into_iter().map(|hit| hit.without_positions()).collect();
    }
    Ok(search::answer(&found, given.number("page")))
}
