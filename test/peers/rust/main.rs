//! An MCP peer on rmcp: `peer stdio`, `peer http|stateless|json PORT`, `peer client REVISION URL|COMMAND...`.
#![allow(deprecated)]
mod client;
mod server;

use rmcp::ServiceExt;

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words[0].as_str() {
        "stdio" => {
            server::Peer::default().serve(rmcp::transport::stdio()).await?.waiting().await?;
            Ok(())
        }
        "client" => client::converse(&words[1], &words[2..]).await,
        kind => server::serve_http(kind, words[1].parse()?).await,
    }
}
