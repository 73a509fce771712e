import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.catalina.startup.Tomcat;

/** A server on the Java SDK with everything that a client can ask for. */
final class Server {
  private static final Map<String, Object> NONE = Map.of("type", "object", "properties", Map.of());
  private static McpSyncServer running;

  static void stdio() {
    running = with(McpServer.sync(new StdioServerTransportProvider(McpJsonDefaults.getMapper())));
  }

  static void http(int port) throws Exception {
    var transport = HttpServletStreamableServerTransportProvider.builder().mcpEndpoint("/mcp").build();
    running = with(McpServer.sync(transport));
    var tomcat = new Tomcat();
    tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    var context = tomcat.addContext("", null);
    var servlet = Tomcat.addServlet(context, "mcp", transport);
    servlet.setAsyncSupported(true);
    context.addServletMappingDecoded("/*", "mcp");
    tomcat.start();
    tomcat.getServer().await();
  }

  private static McpSyncServer with(McpServer.SyncSpecification<?> on) {
    var can = ServerCapabilities.builder().tools(true).resources(true, true).prompts(true).completions().logging();
    var reference = new PromptReference("review");
    return on.serverInfo("java-peer", "1").instructions("Knows the weather.").capabilities(can.build())
        .tools(tools()).resources(resources())
        .resourceTemplates(new SyncResourceTemplateSpecification(
            ResourceTemplate.builder("note://{folder}/{name}", "any").build(), (exchange, asked) -> read(asked)))
        .prompts(new SyncPromptSpecification(
            new Prompt("review", "Review", null, List.of(new PromptArgument("code", null, true), new PromptArgument("tone", null, false))),
            (exchange, asked) -> new GetPromptResult("a review", List.of(
                new PromptMessage(Role.USER, new TextContent("review " + asked.arguments().get("code"))),
                new PromptMessage(Role.ASSISTANT, new TextContent("gladly"))))))
        .completions(new SyncCompletionSpecification(reference, (exchange, asked) -> {
          var value = asked.argument().value();
          return new CompleteResult(new CompleteResult.CompleteCompletion(List.of(value + "arm", value + "ild"), 2, false));
        }))
        .build();
  }

  private interface Run extends BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> {}

  private static SyncToolSpecification tool(String name, Map<String, Object> schema, Run run) {
    return new SyncToolSpecification(Tool.builder().name(name).description("The tool " + name).inputSchema(schema).build(), run);
  }

  private static Map<String, Object> takes(String name, String type) {
    return Map.of("type", "object", "properties", Map.of(name, Map.of("type", type)), "required", List.of(name));
  }

  private static CallToolResult text(String words) {
    return CallToolResult.builder().addTextContent(words).build();
  }

  private static int count(CallToolRequest asked) {
    return ((Number) asked.arguments().get("count")).intValue();
  }

  private static List<SyncToolSpecification> tools() {
    var out = Map.<String, Object>of("type", "object", "properties", Map.of("city", Map.of("type", "string"), "high", Map.of("type", "number")));
    var weather = Tool.builder().name("weather").description("The weather").inputSchema(takes("city", "string")).outputSchema(out)
        .annotations(new ToolAnnotations("Weather", true, false, true, false, null)).build();
    return List.of(
        new SyncToolSpecification(weather, (exchange, asked) -> CallToolResult.builder()
            .structuredContent(Map.of("city", asked.arguments().get("city"), "high", 21.5)).addTextContent("fine").build()),
        tool("slow", takes("count", "integer"), Server::slow),
        tool("log", NONE, Server::log),
        tool("ask", NONE, Server::ask),
        tool("sample", NONE, Server::sample),
        tool("fail", NONE, (exchange, asked) -> CallToolResult.builder().isError(true).addTextContent("no weather — ünïcode 🌧").build()),
        tool("crash", NONE, (exchange, asked) -> { throw new IllegalStateException("crashed — ünïcode"); }),
        tool("big", takes("count", "integer"), (exchange, asked) -> text("rain and wind and sun. ".repeat(count(asked)))),
        tool("echo", takes("text", "string"), (exchange, asked) -> text((String) asked.arguments().get("text"))),
        tool("mixed", NONE, Server::mixed),
        tool("grow", NONE, (exchange, asked) -> {
          running.addTool(tool("grown", NONE, (e, a) -> text("grown")));
          return text("added");
        }),
        tool("touch", NONE, (exchange, asked) -> {
          running.notifyResourcesUpdated(new ResourcesUpdatedNotification("note://text"));
          return text("touched");
        }));
  }

  private static CallToolResult slow(McpSyncServerExchange exchange, CallToolRequest asked) {
    for (int step = 1; step <= count(asked); step++) {
      if (asked.progressToken() != null)
        exchange.progressNotification(new ProgressNotification(asked.progressToken(), step, (double) count(asked), "step " + step));
    }
    return text("counted");
  }

  private static CallToolResult log(McpSyncServerExchange exchange, CallToolRequest asked) {
    for (var level : List.of(LoggingLevel.DEBUG, LoggingLevel.INFO, LoggingLevel.ERROR))
      exchange.loggingNotification(LoggingMessageNotification.builder().level(level).logger("weather").data("cloud " + level).build());
    return text("logged");
  }

  private static CallToolResult ask(McpSyncServerExchange exchange, CallToolRequest asked) {
    var schema = takes("name", "string");
    var answer = exchange.createElicitation(ElicitRequest.builder("What is your name?", schema).build());
    return text(answer.action() + " " + answer.content());
  }

  private static CallToolResult sample(McpSyncServerExchange exchange, CallToolRequest asked) {
    var words = List.of(new SamplingMessage(Role.USER, new TextContent("A poem on rain")));
    var answer = exchange.createMessage(new CreateMessageRequest.Builder().messages(words).maxTokens(9).build());
    return text(answer.model() + " " + ((TextContent) answer.content()).text());
  }

  private static CallToolResult mixed(McpSyncServerExchange exchange, CallToolRequest asked) {
    return CallToolResult.builder().addContent(new ImageContent(null, "AAH+/w==", "image/png"))
        .addContent(new AudioContent(null, "AwIB", "audio/wav"))
        .addContent(ResourceLink.builder().uri("note://text").name("text").size(4L).build())
        .addContent(new EmbeddedResource(null, new TextResourceContents("note://in", "text/plain", "inside")))
        .meta(Map.of("peer.example/n", 1.5)).build();
  }

  private static List<SyncResourceSpecification> resources() {
    var all = new ArrayList<SyncResourceSpecification>();
    for (var name : List.of("text", "blob", "a"))
      all.add(new SyncResourceSpecification(
          Resource.builder().uri("note://" + name).name(name).description("A note").size(3L).build(), (exchange, asked) -> read(asked)));
    return all;
  }

  private static ReadResourceResult read(ReadResourceRequest asked) {
    if (asked.uri().equals("note://blob"))
      return new ReadResourceResult(List.of(new BlobResourceContents(asked.uri(), "application/octet-stream", "AP+A")));
    return new ReadResourceResult(List.of(new TextResourceContents(asked.uri(), "text/plain", "the note " + asked.uri())));
  }
}
