package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// prefix stands before names where several servers share one endpoint.
var prefix = os.Getenv("PREFIX")

type bearer struct{ token string }

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func reach(words []string) mcp.Transport {
	if strings.HasPrefix(words[0], "http") {
		return &mcp.StreamableClientTransport{Endpoint: words[0], HTTPClient: &http.Client{Transport: bearer{os.Getenv("TOKEN")}}}
	}
	command := exec.Command(words[0], words[1:]...)
	command.Stderr = os.Stderr
	return &mcp.CommandTransport{Command: command}
}

// told keeps what the server said unasked, by kind.
type told struct {
	sync.Mutex
	said map[string][]any
}

func (t *told) add(kind string, what any) {
	t.Lock()
	defer t.Unlock()
	t.said[kind] = append(t.said[kind], what)
}

// wait gives notifications of one kind time to come, then looks once more whether there are too many.
func (t *told) wait(kind string, count int) {
	for range 40 {
		t.Lock()
		got := len(t.said[kind])
		t.Unlock()
		if got >= count {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond)
}

// show prints one step; text without end is shortened to its length and ends.
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

func client(heard *told) *mcp.Client {
	return mcp.NewClient(&mcp.Implementation{Name: "go-client", Version: "1"}, &mcp.ClientOptions{
		ElicitationHandler: func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			heard.add("asked", r.Params)
			return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"name": "Ann — 安"}}, nil
		},
		CreateMessageHandler: func(_ context.Context, r *mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
			heard.add("sampled", r.Params)
			return &mcp.CreateMessageResult{Model: "small", Role: "assistant", Content: &mcp.TextContent{Text: "drip, drop"}}, nil
		},
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { heard.add("tools changed", true) },
		ResourceUpdatedHandler: func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) { heard.add("updated", r.Params.URI) },
		LoggingMessageHandler:  func(_ context.Context, r *mcp.LoggingMessageRequest) { heard.add("log", r.Params) },
		ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
			heard.add("progress", []any{r.Params.Progress, r.Params.Total, r.Params.Message})
		},
	})
}

func converse(ctx context.Context, revision string, words []string) error {
	heard := &told{said: map[string][]any{}}
	s, err := client(heard).Connect(ctx, reach(words), &mcp.ClientSessionOptions{ProtocolVersion: revision})
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	show("opening", s.InitializeResult(), nil)
	lists(ctx, s)
	calls(ctx, s, heard)
	reads(ctx, s, heard)
	many(ctx, s)
	kinds := []string{}
	for kind := range heard.said {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		show("heard "+kind, heard.said[kind], nil)
	}
	show("close", nil, s.Close())
	return nil
}

func lists(ctx context.Context, s *mcp.ClientSession) {
	for cursor, page := "", 0; page < 9; page++ {
		tools, err := s.ListTools(ctx, &mcp.ListToolsParams{Cursor: cursor})
		show(fmt.Sprint("tools ", page), tools, err)
		if err != nil || tools.NextCursor == "" {
			break
		}
		cursor = tools.NextCursor
	}
	for resource, err := range s.Resources(ctx, nil) {
		show("resource", resource, err)
	}
	templates, err := s.ListResourceTemplates(ctx, nil)
	show("templates", templates, err)
	prompts, err := s.ListPrompts(ctx, nil)
	show("prompts", prompts, err)
}

func calls(ctx context.Context, s *mcp.ClientSession, heard *told) {
	call := func(name string, arguments map[string]any) {
		answer, err := s.CallTool(ctx, &mcp.CallToolParams{Name: prefix + name, Arguments: arguments})
		show(name, answer, err)
	}
	call("weather", map[string]any{"city": "Bern"})
	call("weather", map[string]any{"town": 1})
	slow := &mcp.CallToolParams{Name: prefix + "slow", Arguments: map[string]any{"count": 3}}
	slow.SetProgressToken("steps/1")
	answer, err := s.CallTool(ctx, slow)
	show("slow", answer, err)
	heard.wait("progress", 3)
	show("level", nil, s.SetLoggingLevel(ctx, &mcp.SetLoggingLevelParams{Level: "info"}))
	call("log", map[string]any{})
	heard.wait("log", 2)
	for _, name := range []string{"ask", "sample", "fail", "mixed", "nowhere"} {
		call(name, map[string]any{})
	}
	call("big", map[string]any{"count": 45_000})
	call("echo", map[string]any{"text": "\u0000\u001b tab\t \u2028 e\u0301 \U0001F469\u200D\U0001F52C \uFFFD <b>&\\u0041 \"'"})
	call("grow", map[string]any{})
	heard.wait("tools changed", 1)
	call("grown", map[string]any{})
	short, stop := context.WithTimeout(ctx, 500*time.Millisecond)
	defer stop()
	answer, err = s.CallTool(short, &mcp.CallToolParams{Name: prefix + "hang", Arguments: map[string]any{}})
	show("hang", answer, err)
	time.Sleep(300 * time.Millisecond)
	call("cancelled", map[string]any{})
}

func reads(ctx context.Context, s *mcp.ClientSession, heard *told) {
	for _, uri := range []string{"note://text", "note://blob", "note://some/where", "note://none/gone", "else://where"} {
		answer, err := s.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri})
		show(uri, answer, err)
	}
	show("subscribe", nil, s.Subscribe(ctx, &mcp.SubscribeParams{URI: "note://text"}))
	answer, err := s.CallTool(ctx, &mcp.CallToolParams{Name: prefix + "touch", Arguments: map[string]any{}})
	show("touch", answer, err)
	heard.wait("updated", 1)
	show("unsubscribe", nil, s.Unsubscribe(ctx, &mcp.UnsubscribeParams{URI: "note://text"}))
	prompt, err := s.GetPrompt(ctx, &mcp.GetPromptParams{Name: prefix + "review", Arguments: map[string]string{"code": "x = 1", "tone": "mild"}})
	show("prompt", prompt, err)
	prompt, err = s.GetPrompt(ctx, &mcp.GetPromptParams{Name: prefix + "none"})
	show("no prompt", prompt, err)
	ref := &mcp.CompleteReference{Type: "ref/prompt", Name: prefix + "review"}
	words, err := s.Complete(ctx, &mcp.CompleteParams{Ref: ref, Argument: mcp.CompleteParamsArgument{Name: "tone", Value: "w"}})
	show("complete", words, err)
	show("ping", nil, s.Ping(ctx, nil))
}

func many(ctx context.Context, s *mcp.ClientSession) {
	answers := make([]any, 30)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answer, err := s.CallTool(ctx, &mcp.CallToolParams{Name: prefix + "weather", Arguments: map[string]any{"city": fmt.Sprint("city ", i)}})
			answers[i] = []any{answer, err}
		})
	}
	all.Wait()
	show("many", answers, nil)
}
