use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rmcp::model::*;
use rmcp::service::{NotificationContext, RequestContext, RunningService};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt, ErrorData, RoleClient};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Failed;

const LINE_MAX: usize = 20_000;

/// What the server said unasked, by kind.
#[derive(Clone, Default)]
struct Ear {
    heard: Arc<Mutex<BTreeMap<&'static str, Vec<Value>>>>,
    revision: String,
}

type Heard = NotificationContext<RoleClient>;
type Asked = RequestContext<RoleClient>;

impl Ear {
    fn add(&self, kind: &'static str, what: impl Serialize) {
        self.heard.lock().unwrap().entry(kind).or_default().push(json!(what));
    }

    async fn wait(&self, kind: &'static str, count: usize) {
        for _ in 0..60 {
            if self.heard.lock().unwrap().get(kind).map_or(0, Vec::len) >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl ClientHandler for Ear {
    fn get_info(&self) -> ClientConfig {
        let can = json!({ "elicitation": {}, "sampling": {}, "roots": {} });
        let mut info = ClientConfig::new(made(can), Implementation::new("rust-client", "1"));
        info.protocol_version = made(json!(self.revision));
        info
    }

    async fn create_elicitation(&self, asked: ElicitRequestParams, _: Asked) -> Result<ElicitResult, ErrorData> {
        self.add("asked", asked);
        Ok(made(json!({ "action": "accept", "content": { "name": "Ann — 安" } })))
    }

    async fn create_message(&self, asked: CreateMessageRequestParams, _: Asked) -> Result<CreateMessageResult, ErrorData> {
        self.add("sampled", asked);
        let content = json!({ "type": "text", "text": "drip, drop" });
        Ok(made(json!({ "model": "small", "role": "assistant", "content": content })))
    }

    async fn on_progress(&self, said: ProgressNotificationParam, _: Heard) {
        self.add("progress", json!([said.progress, said.total, said.message]));
    }

    async fn on_logging_message(&self, said: LoggingMessageNotificationParam, _: Heard) {
        self.add("log", said);
    }

    async fn on_resource_updated(&self, said: ResourceUpdatedNotificationParam, _: Heard) {
        self.add("updated", said);
    }

    async fn on_tool_list_changed(&self, _: Heard) {
        self.add("tools changed", true);
    }
}

fn made<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("well formed")
}

fn show<T: Serialize, E: Debug>(step: &str, answer: Result<T, E>) {
    let answer = answer.map_or_else(|error| json!(format!("error: {error:?}")), |answer| json!(answer));
    let line = json!([step, answer]).to_string();
    if line.len() <= LINE_MAX {
        println!("{line}");
    } else {
        println!("{}", json!([step, line.len(), line[..200], line[line.len() - 200..]]));
    }
}

type Session = RunningService<RoleClient, Ear>;

async fn open(revision: &str, words: &[String], ear: Ear) -> Result<Session, Failed> {
    let mode = if revision >= "2026-07-28" {
        ClientLifecycleMode::Discover { preferred_versions: vec![made(json!(revision))] }
    } else {
        ClientLifecycleMode::Initialize
    };
    if words[0].starts_with("http") {
        let mut config = StreamableHttpClientTransportConfig::with_uri(words[0].clone());
        config.auth_header = std::env::var("TOKEN").ok();
        return Ok(ear.serve_with_lifecycle(StreamableHttpClientTransport::from_config(config), mode).await?);
    }
    let mut command = tokio::process::Command::new(&words[0]);
    command.args(&words[1..]);
    Ok(ear.serve_with_lifecycle(TokioChildProcess::new(command)?, mode).await?)
}

pub async fn converse(revision: &str, words: &[String]) -> Result<(), Failed> {
    let ear = Ear { revision: revision.into(), ..Ear::default() };
    let session = open(revision, words, ear.clone()).await?;
    show::<_, ()>("opening", Ok(session.peer_info()));
    lists(&session).await;
    calls(&session, &ear).await;
    reads(&session, &ear).await;
    for (kind, said) in ear.heard.lock().unwrap().iter() {
        show::<_, ()>(&format!("heard {kind}"), Ok(said));
    }
    show("close", session.cancel().await.map(|reason| format!("{reason:?}")));
    Ok(())
}

async fn lists(session: &Session) {
    let first = session.list_tools(None).await;
    let cursor = first.as_ref().ok().and_then(|page| page.next_cursor.clone());
    show("page", first);
    if cursor.is_some() {
        show("page 2", session.list_tools(Some(made(json!({ "cursor": cursor })))).await);
    }
    show("tools", session.list_all_tools().await);
    show("resources", session.list_all_resources().await);
    show("templates", session.list_all_resource_templates().await);
    show("prompts", session.list_all_prompts().await);
}

async fn calls(session: &Session, ear: &Ear) {
    let prefix = std::env::var("PREFIX").unwrap_or_default();
    let call = async |name: &str, given: Value| {
        let asked = json!({ "name": format!("{prefix}{name}"), "arguments": given });
        show(name, session.call_tool(made(asked)).await);
    };
    call("weather", json!({ "city": "Bern" })).await;
    call("weather", json!({ "town": 1 })).await;
    call("slow", json!({ "count": 3 })).await;
    ear.wait("progress", 3).await;
    show("level", session.set_level(made(json!({ "level": "info" }))).await);
    call("log", json!({})).await;
    ear.wait("log", 2).await;
    for name in ["ask", "sample", "fail", "crash", "mixed", "nowhere"] {
        call(name, json!({})).await;
    }
    call("big", json!({ "count": 45_000 })).await;
    call("echo", json!({ "text": "\u{0}\u{1b} tab\t \u{2028} e\u{301} \u{1F469}\u{200D}\u{1F52C} \u{FFFD} <b>&\\u0041 \"'" })).await;
    call("grow", json!({})).await;
    ear.wait("tools changed", 1).await;
    call("grown", json!({})).await;
    let hang = session.call_tool(made(json!({ "name": format!("{prefix}hang") })));
    show("hang", tokio::time::timeout(Duration::from_millis(500), hang).await.map(|answer| format!("{answer:?}")));
    let cities = (0..20).map(|i| session.call_tool(made(json!({ "name": format!("{prefix}weather"), "arguments": { "city": format!("city {i}") } }))));
    let answers = futures::future::join_all(cities).await;
    show::<_, ()>("many", Ok(answers.into_iter().map(|answer| answer.map_err(|error| format!("{error:?}"))).collect::<Vec<_>>()));
}

async fn reads(session: &Session, ear: &Ear) {
    let prefix = std::env::var("PREFIX").unwrap_or_default();
    for uri in ["note://text", "note://blob", "note://some/where", "else://where"] {
        show(uri, session.read_resource(made(json!({ "uri": uri }))).await);
    }
    show("subscribe", session.subscribe(made(json!({ "uri": "note://text" }))).await);
    show("touch", session.call_tool(made(json!({ "name": format!("{prefix}touch") }))).await);
    ear.wait("updated", 1).await;
    show("unsubscribe", session.unsubscribe(made(json!({ "uri": "note://text" }))).await);
    let arguments: HashMap<_, _> = [("code", "x = 1"), ("tone", "mild")].into();
    show("prompt", session.get_prompt(made(json!({ "name": format!("{prefix}review"), "arguments": arguments }))).await);
    show("no prompt", session.get_prompt(made(json!({ "name": format!("{prefix}none") }))).await);
    let asked = json!({ "ref": { "type": "ref/prompt", "name": format!("{prefix}review") }, "argument": { "name": "tone", "value": "w" } });
    show("complete", session.complete(made(asked)).await);
}
