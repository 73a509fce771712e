import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.*;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Asks a server for everything it has, and prints one line for each answer. */
final class Client {
  private static final String PREFIX = System.getenv().getOrDefault("PREFIX", "");
  private static final Map<String, List<Object>> HEARD = Collections.synchronizedMap(new TreeMap<>());
  private static final int LINE_MAX = 20_000;

  static void converse(String revision, List<String> words) throws Exception {
    try (var client = open(reach(revision, words))) {
      show("opening", client::initialize);
      lists(client);
      calls(client);
      reads(client);
      many(client);
      show("ping", client::ping);
      HEARD.forEach((kind, said) -> show("heard " + kind, () -> said));
    }
    System.exit(0);
  }

  private static McpClientTransport reach(String revision, List<String> words) {
    if (!words.get(0).startsWith("http"))
      return new StdioClientTransport(ServerParameters.builder(words.get(0)).args(words.subList(1, words.size())).env(System.getenv()).build(), McpJsonDefaults.getMapper());
    var uri = URI.create(words.get(0));
    var request = HttpRequest.newBuilder();
    if (System.getenv("TOKEN") != null) request.header("Authorization", "Bearer " + System.getenv("TOKEN"));
    return HttpClientStreamableHttpTransport.builder(uri.getScheme() + "://" + uri.getAuthority()).endpoint(uri.getPath())
        .requestBuilder(request).openConnectionOnStartup(true).supportedProtocolVersions(List.of(revision)).build();
  }

  private static McpSyncClient open(McpClientTransport transport) {
    return McpClient.sync(transport).requestTimeout(Duration.ofSeconds(60)).initializationTimeout(Duration.ofSeconds(60)).clientInfo(new Implementation("java-client", "1"))
        .capabilities(ClientCapabilities.builder().roots(true).sampling().elicitation().build())
        .elicitation(asked -> {
          hear("asked", asked);
          return new ElicitResult(ElicitResult.Action.ACCEPT, Map.of("name", "Ann — 安"));
        })
        .sampling(asked -> {
          hear("sampled", asked);
          return CreateMessageResult.builder(Role.ASSISTANT, new TextContent("drip, drop"), "small").build();
        })
        .roots(new Root("file:///tmp/somewhere", "somewhere"))
        .toolsChangeConsumer(tools -> hear("tools changed", tools.stream().map(Tool::name).sorted().toList()))
        .resourcesUpdateConsumer(contents -> hear("updated", contents))
        .loggingConsumer(said -> hear("log", said))
        .progressConsumer(said -> hear("progress", List.of(said.progress(), said.total(), said.message())))
        .build();
  }

  private static void hear(String kind, Object what) {
    HEARD.computeIfAbsent(kind, key -> Collections.synchronizedList(new ArrayList<>())).add(what);
  }

  private static void settle(String kind, int count) throws InterruptedException {
    for (int tries = 0; tries < 60 && HEARD.getOrDefault(kind, List.of()).size() < count; tries++) Thread.sleep(25);
    Thread.sleep(50);
  }

  private static void show(String step, Callable<Object> ask) {
    Object answer;
    try {
      answer = ask.call();
    } catch (Exception | LinkageError error) {
      answer = "error: " + error;
    }
    try {
      var line = McpJsonDefaults.getMapper().writeValueAsString(Arrays.asList(step, answer));
      if (line.length() > LINE_MAX) line = step + " " + line.length() + " " + line.substring(0, 200) + line.substring(line.length() - 200);
      System.out.println(line);
    } catch (Exception error) {
      System.out.println(step + " cannot be shown: " + error);
    }
  }

  private static void call(McpSyncClient client, String name, Map<String, Object> arguments) {
    show(name, () -> client.callTool(new CallToolRequest(PREFIX + name, arguments)));
  }

  private static void lists(McpSyncClient client) {
    show("tools", client::listTools);
    show("resources", client::listResources);
    show("templates", client::listResourceTemplates);
    show("prompts", client::listPrompts);
  }

  private static void calls(McpSyncClient client) throws Exception {
    call(client, "weather", Map.of("city", "Bern"));
    call(client, "weather", Map.of("town", 1));
    show("slow", () -> client.callTool(new CallToolRequest(PREFIX + "slow", Map.of("count", 3), Map.of("progressToken", "steps/1"))));
    settle("progress", 3);
    show("level", () -> {
      client.setLoggingLevel(LoggingLevel.INFO);
      return null;
    });
    call(client, "log", Map.of());
    settle("log", 2);
    for (var name : List.of("ask", "sample", "fail", "crash", "mixed", "nowhere")) call(client, name, Map.of());
    call(client, "big", Map.of("count", 45_000));
    call(client, "echo", Map.of("text", "\u0000\u001b tab\t \u2028 e\u0301 \ud83d\udc69\u200d\ud83d\udd2c \ufffd <b>&\\u0041 \"'"));
    call(client, "grow", Map.of());
    settle("tools changed", 1);
    call(client, "grown", Map.of());
  }

  private static void reads(McpSyncClient client) throws Exception {
    for (var uri : List.of("note://text", "note://blob", "note://some/where", "else://where"))
      show(uri, () -> client.readResource(new ReadResourceRequest(uri)));
    show("subscribe", () -> {
      client.subscribeResource(new SubscribeRequest("note://text"));
      return null;
    });
    call(client, "touch", Map.of());
    settle("updated", 1);
    show("unsubscribe", () -> {
      client.unsubscribeResource(new UnsubscribeRequest("note://text"));
      return null;
    });
    show("prompt", () -> client.getPrompt(new GetPromptRequest(PREFIX + "review", Map.of("code", "x = 1", "tone", "mild"))));
    show("no prompt", () -> client.getPrompt(new GetPromptRequest(PREFIX + "none", Map.of())));
    var argument = new CompleteRequest.CompleteArgument("tone", "w");
    show("complete", () -> client.completeCompletion(new CompleteRequest(new PromptReference(PREFIX + "review"), argument)));
  }

  private static void many(McpSyncClient client) throws Exception {
    var pool = Executors.newFixedThreadPool(8);
    var asks = new ArrayList<Callable<Object>>();
    for (int i = 0; i < 20; i++) {
      var city = Map.<String, Object>of("city", "city " + i);
      asks.add(() -> client.callTool(new CallToolRequest(PREFIX + "weather", city)).structuredContent());
    }
    var answers = new ArrayList<Object>();
    for (var answer : pool.invokeAll(asks)) answers.add(answer.get());
    show("many", () -> answers);
    pool.shutdown();
  }
}
