use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rmcp::model::*;
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Failed;

/// A server with everything that a client can ask for.
#[derive(Clone, Default)]
pub struct Peer {
    grown: Arc<AtomicBool>,
}

type Answer<T> = Result<T, ErrorData>;
type Context = RequestContext<RoleServer>;

fn made<T: DeserializeOwned>(value: Value) -> Answer<T> {
    serde_json::from_value(value).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

fn text(words: impl Into<String>) -> Answer<CallToolResponse> {
    Ok(CallToolResult::success(vec![ContentBlock::text(words.into())]).into())
}

fn tool(name: &str, properties: Value) -> Value {
    json!({ "name": name, "description": format!("The tool {name}"), "inputSchema": { "type": "object", "properties": properties } })
}

impl ServerHandler for Peer {
    fn get_info(&self) -> ServerConfig {
        let can = json!({ "tools": { "listChanged": true }, "resources": { "subscribe": true, "listChanged": true }, "prompts": {}, "completions": {}, "logging": {} });
        let mut info = ServerConfig::new(serde_json::from_value(can).expect("capabilities"));
        info.server_info = Implementation::new("rust-peer", "1");
        info.instructions = Some("Knows the weather.".into());
        info
    }

    async fn list_tools(&self, asked: Option<PaginatedRequestParams>, _: Context) -> Answer<ListToolsResult> {
        let count = json!({ "count": { "type": "integer" } });
        let mut weather = tool("weather", json!({ "city": { "type": "string" } }));
        weather["outputSchema"] = json!({ "type": "object", "properties": { "city": { "type": "string" }, "high": { "type": "number" } } });
        weather["annotations"] = json!({ "readOnlyHint": true });
        let mut tools = vec![weather, tool("slow", count.clone()), tool("big", count), tool("echo", json!({ "text": { "type": "string" } }))];
        let names = ["log", "ask", "sample", "fail", "crash", "mixed", "grow", "touch", "hang"];
        tools.extend(names.iter().map(|name| tool(name, json!({}))));
        if self.grown.load(Ordering::SeqCst) {
            tools.push(tool("grown", json!({})));
        }
        match asked.and_then(|asked| asked.cursor) {
            None => made(json!({ "tools": tools[..5], "nextCursor": "5 — ü" })),
            Some(cursor) if cursor == "5 — ü" => made(json!({ "tools": tools[5..] })),
            Some(cursor) => Err(ErrorData::invalid_params(format!("no page {cursor}"), None)),
        }
    }

    async fn call_tool(&self, asked: CallToolRequestParams, context: Context) -> Answer<CallToolResponse> {
        let given = Value::Object(asked.arguments.clone().unwrap_or_default());
        let count = given["count"].as_u64().unwrap_or(1);
        match asked.name.as_ref() {
            "weather" if given["city"].is_string() => {
                let data = json!({ "city": given["city"], "high": 21.5 });
                made::<CallToolResult>(json!({ "content": [{ "type": "text", "text": "fine" }], "structuredContent": data })).map(Into::into)
            }
            "weather" => Err(ErrorData::invalid_params("a city is needed", Some(json!({ "missing": ["city"] })))),
            "slow" => slow(count, &context).await,
            "log" => log(&context).await,
            "ask" | "sample" => ask(&asked),
            "fail" => Ok(CallToolResult::error(vec![ContentBlock::text("no weather — ünïcode 🌧")]).into()),
            "crash" => Err(ErrorData::internal_error("crashed — ünïcode", Some(json!({ "line": 1.5 })))),
            "big" => text("rain and wind and sun. ".repeat(count as usize)),
            "echo" => text(given["text"].as_str().unwrap_or_default()),
            "mixed" => mixed(),
            "grow" => {
                self.grown.store(true, Ordering::SeqCst);
                let _ = context.peer.notify_tool_list_changed().await;
                text("added")
            }
            "grown" => text("grown"),
            "touch" => {
                let _ = context.peer.notify_resource_updated(made(json!({ "uri": "note://text" }))?).await;
                text("touched")
            }
            "hang" => {
                context.ct.cancelled().await;
                text("cancelled")
            }
            other => Err(ErrorData::invalid_params(format!("no tool {other}"), None)),
        }
    }

    async fn list_resources(&self, _: Option<PaginatedRequestParams>, _: Context) -> Answer<ListResourcesResult> {
        made(json!({ "resources": [{ "uri": "note://text", "name": "text", "size": 3 }, { "uri": "note://blob", "name": "blob" }] }))
    }

    async fn list_resource_templates(&self, _: Option<PaginatedRequestParams>, _: Context) -> Answer<ListResourceTemplatesResult> {
        made(json!({ "resourceTemplates": [{ "uriTemplate": "note://{folder}/{name}", "name": "any" }] }))
    }

    async fn read_resource(&self, asked: ReadResourceRequestParams, _: Context) -> Answer<ReadResourceResponse> {
        let uri = asked.uri;
        let contents = match uri.as_str() {
            "note://blob" => json!({ "uri": uri, "blob": "AP+A", "mimeType": "application/octet-stream" }),
            _ if uri.starts_with("note://") => json!({ "uri": uri, "text": format!("the note {uri}") }),
            _ => return Err(ErrorData::resource_not_found("no such note", Some(json!({ "uri": uri })))),
        };
        made::<ReadResourceResult>(json!({ "contents": [contents] })).map(Into::into)
    }

    async fn subscribe(&self, _: SubscribeRequestParams, _: Context) -> Answer<()> {
        Ok(())
    }

    async fn unsubscribe(&self, _: UnsubscribeRequestParams, _: Context) -> Answer<()> {
        Ok(())
    }

    async fn set_level(&self, _: SetLevelRequestParams, _: Context) -> Answer<()> {
        Ok(())
    }

    async fn list_prompts(&self, _: Option<PaginatedRequestParams>, _: Context) -> Answer<ListPromptsResult> {
        made(json!({ "prompts": [{ "name": "review", "arguments": [{ "name": "code", "required": true }, { "name": "tone" }] }] }))
    }

    async fn get_prompt(&self, asked: GetPromptRequestParams, _: Context) -> Answer<GetPromptResponse> {
        if asked.name != "review" {
            return Err(ErrorData::invalid_params("no such prompt", None));
        }
        let words = format!("review {}", Value::Object(asked.arguments.unwrap_or_default()));
        made::<GetPromptResult>(json!({ "messages": [{ "role": "user", "content": { "type": "text", "text": words } }] })).map(Into::into)
    }

    async fn complete(&self, asked: CompleteRequestParams, _: Context) -> Answer<CompleteResult> {
        let value = asked.argument.value;
        made(json!({ "completion": { "values": [format!("{value}arm"), format!("{value}ild")], "total": 2, "hasMore": false } }))
    }
}

async fn slow(count: u64, context: &Context) -> Answer<CallToolResponse> {
    for step in 1..=count {
        if let Some(token) = context.meta.get_progress_token() {
            let said = json!({ "progressToken": token, "progress": step, "total": count, "message": format!("step {step}") });
            let _ = context.peer.notify_progress(made(said)?).await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    text("counted")
}

async fn log(context: &Context) -> Answer<CallToolResponse> {
    for level in ["info", "error"] {
        let said = json!({ "level": level, "logger": "weather", "data": { "cloud": level, "n": 1.5 } });
        let _ = context.peer.notify_logging_message(made(said)?).await;
    }
    text("logged")
}

fn ask(asked: &CallToolRequestParams) -> Answer<CallToolResponse> {
    if let Some(answers) = &asked.input_responses {
        return text(format!("{} {:?}", json!(answers), asked.request_state));
    }
    let schema = json!({ "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] });
    let form = json!({ "method": "elicitation/create", "params": { "mode": "form", "message": "What is your name?", "requestedSchema": schema } });
    let words = json!([{ "role": "user", "content": { "type": "text", "text": "A poem on rain" } }]);
    let poem = json!({ "method": "sampling/createMessage", "params": { "messages": words, "maxTokens": 9 } });
    let wanted = if asked.name == "ask" { form } else { poem };
    Ok(InputRequiredResult::new(Some(made(json!({ "it": wanted }))?), Some("half done".into())).into())
}

fn mixed() -> Answer<CallToolResponse> {
    let content = json!([
        { "type": "image", "data": "AAH+/w==", "mimeType": "image/png" },
        { "type": "audio", "data": "AwIB", "mimeType": "audio/wav" },
        { "type": "resource_link", "uri": "note://text", "name": "text", "size": 4 },
        { "type": "resource", "resource": { "uri": "note://in", "text": "inside" } },
    ]);
    made::<CallToolResult>(json!({ "content": content, "_meta": { "peer.example/n": 1.5 } })).map(Into::into)
}

pub async fn serve_http(kind: &str, port: u16) -> Result<(), Failed> {
    let mut config = StreamableHttpServerConfig::default();
    config.legacy_session_mode = kind == "http";
    config.json_response = kind == "json";
    let peer = Peer::default();
    let service = StreamableHttpService::new(move || Ok(peer.clone()), Arc::new(LocalSessionManager::default()), config);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, axum::Router::new().nest_service("/mcp", service)).await?)
}
