package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
)

var prefix = os.Getenv("PREFIX")

// heard keeps what the server said unasked, by kind.
type heard struct {
	sync.Mutex
	said map[string][]any
}

func (h *heard) add(kind string, what any) {
	h.Lock()
	defer h.Unlock()
	h.said[kind] = append(h.said[kind], what)
}

func (h *heard) wait(kind string, count int) {
	for range 60 {
		h.Lock()
		got := len(h.said[kind])
		h.Unlock()
		if got >= count {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond)
}

func (h *heard) Elicit(_ context.Context, r mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	h.add("asked", r.Params)
	return &mcp.ElicitationResult{ElicitationResponse: mcp.ElicitationResponse{Action: "accept", Content: map[string]any{"name": "Ann — 安"}}}, nil
}

func (h *heard) CreateMessage(_ context.Context, r mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
	h.add("sampled", r.CreateMessageParams)
	return &mcp.CreateMessageResult{Model: "small", SamplingMessage: mcp.SamplingMessage{Role: "assistant", Content: mcp.NewTextContent("drip, drop")}}, nil
}

func show(step string, answer any, err error) {
	if err != nil {
		answer = "error: " + err.Error()
	}
	line, _ := json.Marshal([]any{step, answer})
	if len(line) > 20_000 {
		line, _ = json.Marshal([]any{step, len(line), string(line[:200]), string(line[len(line)-200:])})
	}
	fmt.Println(string(line))
}

func reach(words []string) (transport.Interface, error) {
	if !strings.HasPrefix(words[0], "http") {
		return transport.NewStdio(words[0], nil, words[1:]...), nil
	}
	options := []transport.StreamableHTTPCOption{transport.WithContinuousListening()}
	if token := os.Getenv("TOKEN"); token != "" {
		options = append(options, transport.WithHTTPHeaders(map[string]string{"Authorization": "Bearer " + token}))
	}
	return transport.NewStreamableHTTP(words[0], options...)
}

func converse(ctx context.Context, revision string, words []string) error {
	h := &heard{said: map[string][]any{}}
	way, err := reach(words)
	if err != nil {
		return err
	}
	c := client.NewClient(way, client.WithProtocolVersion(revision), client.WithDiscoverTimeout(time.Minute), client.WithElicitationHandler(h), client.WithSamplingHandler(h))
	c.OnNotification(func(n mcp.JSONRPCNotification) { h.add(n.Method, n.Params.AdditionalFields) })
	if err := c.Start(ctx); err != nil {
		return err
	}
	opening := mcp.InitializeRequest{Params: mcp.InitializeParams{ProtocolVersion: revision, ClientInfo: mcp.Implementation{Name: "mark-client", Version: "1"}}}
	hello, err := c.Initialize(ctx, opening)
	show("opening", hello, err)
	if revision >= "2026-07-28" {
		_, err := c.ListenAsync(ctx, mcp.SubscriptionFilter{ToolsListChanged: true, ResourceSubscriptions: []string{"note://text"}}, func(error) {})
		show("listen", nil, err)
		time.Sleep(200 * time.Millisecond)
	}
	lists(ctx, c)
	calls(ctx, c, h)
	reads(ctx, c, h)
	kinds := []string{}
	for kind := range h.said {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		show("heard "+kind, h.said[kind], nil)
	}
	show("close", nil, c.Close())
	return nil
}

func lists(ctx context.Context, c *client.Client) {
	tools, err := c.ListTools(ctx, mcp.ListToolsRequest{})
	show("tools", tools, err)
	page, err := c.ListToolsByPage(ctx, mcp.ListToolsRequest{})
	show("page", page, err)
	resources, err := c.ListResources(ctx, mcp.ListResourcesRequest{})
	show("resources", resources, err)
	templates, err := c.ListResourceTemplates(ctx, mcp.ListResourceTemplatesRequest{})
	show("templates", templates, err)
	prompts, err := c.ListPrompts(ctx, mcp.ListPromptsRequest{})
	show("prompts", prompts, err)
}

func calls(ctx context.Context, c *client.Client, h *heard) {
	call := func(name string, arguments map[string]any) {
		answer, err := c.CallTool(ctx, mcp.CallToolRequest{Params: mcp.CallToolParams{Name: prefix + name, Arguments: arguments}})
		show(name, answer, err)
	}
	call("weather", map[string]any{"city": "Bern"})
	call("weather", map[string]any{"town": 1})
	slow := mcp.CallToolRequest{Params: mcp.CallToolParams{Name: prefix + "slow", Arguments: map[string]any{"count": 3}, Meta: &mcp.Meta{ProgressToken: "steps/1"}}}
	answer, err := c.CallTool(ctx, slow)
	show("slow", answer, err)
	h.wait("notifications/progress", 3)
	show("level", nil, c.SetLevel(ctx, mcp.SetLevelRequest{Params: mcp.SetLevelParams{Level: "info"}}))
	call("log", nil)
	h.wait("notifications/message", 2)
	for _, name := range []string{"ask", "sample", "fail", "mixed", "nowhere"} {
		call(name, map[string]any{})
	}
	call("big", map[string]any{"count": 45_000})
	call("echo", map[string]any{"text": "\u0000\u001b tab\t \u2028 e\u0301 \U0001F469\u200D\U0001F52C \uFFFD <b>&\\u0041 \"'"})
	call("grow", map[string]any{})
	h.wait("notifications/tools/list_changed", 1)
	call("grown", map[string]any{})
	short, stop := context.WithTimeout(ctx, 100*time.Millisecond)
	defer stop()
	answer, err = c.CallTool(short, mcp.CallToolRequest{Params: mcp.CallToolParams{Name: prefix + "slow", Arguments: map[string]any{"count": 50}}})
	show("cancelled", answer, err)
	call("weather", map[string]any{"city": "Bern"})
}

func reads(ctx context.Context, c *client.Client, h *heard) {
	for _, uri := range []string{"note://text", "note://blob", "note://some/where", "else://where"} {
		answer, err := c.ReadResource(ctx, mcp.ReadResourceRequest{Params: mcp.ReadResourceParams{URI: uri}})
		show(uri, answer, err)
	}
	show("subscribe", nil, c.Subscribe(ctx, mcp.SubscribeRequest{Params: mcp.SubscribeParams{URI: "note://text"}}))
	answer, err := c.CallTool(ctx, mcp.CallToolRequest{Params: mcp.CallToolParams{Name: prefix + "touch"}})
	show("touch", answer, err)
	h.wait("notifications/resources/updated", 1)
	show("unsubscribe", nil, c.Unsubscribe(ctx, mcp.UnsubscribeRequest{Params: mcp.UnsubscribeParams{URI: "note://text"}}))
	prompt, err := c.GetPrompt(ctx, mcp.GetPromptRequest{Params: mcp.GetPromptParams{Name: prefix + "review", Arguments: map[string]string{"code": "x = 1"}}})
	show("prompt", prompt, err)
	prompt, err = c.GetPrompt(ctx, mcp.GetPromptRequest{Params: mcp.GetPromptParams{Name: prefix + "none"}})
	show("no prompt", prompt, err)
	ref := mcp.PromptReference{Type: "ref/prompt", Name: prefix + "review"}
	words, err := c.Complete(ctx, mcp.CompleteRequest{Params: mcp.CompleteParams{Ref: ref, Argument: mcp.CompleteArgument{Name: "tone", Value: "w"}}})
	show("complete", words, err)
	show("ping", nil, c.Ping(ctx))
}
