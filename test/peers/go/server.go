package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type weatherIn struct {
	City string `json:"city" jsonschema:"name of the city"`
	Days int    `json:"days,omitempty"`
}
type weatherOut struct {
	City string   `json:"city"`
	High float64  `json:"high"`
	Tags []string `json:"tags"`
}
type none struct{}
type textIn struct {
	Text string `json:"text"`
}
type countIn struct {
	Count int `json:"count"`
}

type request = mcp.CallToolRequest
type result = mcp.CallToolResult

var hung, ended atomic.Int32

func text(words string) *result {
	return &result{Content: []mcp.Content{&mcp.TextContent{Text: words}}}
}

// tool registers a handler that answers with content only.
func tool[In any](s *mcp.Server, name, about string, run func(context.Context, *request, In) (*result, error)) {
	mcp.AddTool(s, &mcp.Tool{Name: name, Description: about}, func(ctx context.Context, r *request, in In) (*result, any, error) {
		answer, err := run(ctx, r, in)
		return answer, nil, err
	})
}

func server() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "go-peer", Version: "1"}, &mcp.ServerOptions{
		Instructions:       "Knows the weather.",
		PageSize:           5,
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
		CompletionHandler: func(_ context.Context, r *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
			values := []string{r.Params.Argument.Value + "arm", r.Params.Argument.Value + "ild"}
			return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{Values: values, Total: 2}}, nil
		},
	})
	mcp.AddTool(s, &mcp.Tool{Name: "weather", Description: "The weather of a city"}, func(_ context.Context, _ *request, in weatherIn) (*result, weatherOut, error) {
		return nil, weatherOut{City: in.City, High: 21.5, Tags: []string{"dry", "windy"}}, nil
	})
	talkative(s)
	asking(s)
	large(s)
	things(s)
	return s
}

func talkative(s *mcp.Server) {
	tool(s, "slow", "Counts, and tells how far it is", func(ctx context.Context, r *request, in countIn) (*result, error) {
		for step := 1; step <= in.Count; step++ {
			if token := r.Params.GetProgressToken(); token != nil {
				_ = r.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: token, Progress: float64(step), Total: float64(in.Count), Message: fmt.Sprint("step ", step)})
			}
			time.Sleep(20 * time.Millisecond)
		}
		return text("counted"), nil
	})
	tool(s, "log", "Writes to the log", func(ctx context.Context, r *request, _ none) (*result, error) {
		for _, level := range []mcp.LoggingLevel{"debug", "info", "error"} {
			_ = r.Session.Log(ctx, &mcp.LoggingMessageParams{Level: level, Logger: "weather", Data: map[string]any{"cloud": level, "n": 1.5}})
		}
		return text("logged"), nil
	})
	tool(s, "grow", "Adds a tool", func(context.Context, *request, none) (*result, error) {
		tool(s, "grown", "Was added later", func(context.Context, *request, none) (*result, error) { return text("grown"), nil })
		return text("added"), nil
	})
	tool(s, "touch", "Changes the note", func(ctx context.Context, _ *request, _ none) (*result, error) {
		return text("touched"), s.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: "note://text"})
	})
	tool(s, "hang", "Waits until it is cancelled", func(ctx context.Context, _ *request, _ none) (*result, error) {
		hung.Add(1)
		select {
		case <-ctx.Done():
			ended.Add(1)
		case <-time.After(20 * time.Second):
		}
		return text("waited"), nil
	})
	tool(s, "cancelled", "How many waited, and were cancelled", func(context.Context, *request, none) (*result, error) {
		return text(fmt.Sprint(hung.Load(), " ", ended.Load())), nil
	})
}

func asking(s *mcp.Server) {
	schema := map[string]any{"type": "object", "properties": map[string]any{"name": map[string]any{"type": "string", "description": "Your name"}}, "required": []string{"name"}}
	tool(s, "ask", "Asks for a name", func(_ context.Context, r *request, _ none) (*result, error) {
		if answer, ok := r.Params.InputResponses["name"].(*mcp.ElicitResult); ok {
			return text(fmt.Sprint(answer.Action, " ", answer.Content["name"], " ", r.Params.RequestState)), nil
		}
		asked := mcp.InputRequestMap{"name": &mcp.ElicitParams{Mode: "form", Message: "What is your name?", RequestedSchema: schema}}
		return &result{InputRequests: asked, RequestState: "half done"}, nil
	})
	tool(s, "sample", "Asks the model of the client", func(_ context.Context, r *request, _ none) (*result, error) {
		if answer, ok := r.Params.InputResponses["poem"].(*mcp.CreateMessageWithToolsResult); ok && len(answer.Content) > 0 {
			return text(fmt.Sprint(answer.Model, " ", answer.Content[0].(*mcp.TextContent).Text)), nil
		}
		if answer, ok := r.Params.InputResponses["poem"].(*mcp.CreateMessageResult); ok {
			return text(fmt.Sprint(answer.Model, " ", answer.Content.(*mcp.TextContent).Text)), nil
		}
		words := []*mcp.SamplingMessage{{Role: "user", Content: &mcp.TextContent{Text: "A poem on rain"}}}
		return &result{InputRequests: mcp.InputRequestMap{"poem": &mcp.CreateMessageParams{MaxTokens: 9, Messages: words}}}, nil
	})
}

func large(s *mcp.Server) {
	tool(s, "fail", "Fails", func(context.Context, *request, none) (*result, error) {
		return nil, errors.New("no weather — ünïcode 🌧")
	})
	tool(s, "big", "A long answer", func(_ context.Context, _ *request, in countIn) (*result, error) {
		return text(strings.Repeat("rain and wind and sun. ", in.Count)), nil
	})
	tool(s, "echo", "Says what it hears", func(_ context.Context, _ *request, in textIn) (*result, error) { return text(in.Text), nil })
	tool(s, "mixed", "Every kind of content", func(context.Context, *request, none) (*result, error) {
		size := int64(4)
		return &result{Content: []mcp.Content{
			&mcp.ImageContent{Data: []byte{0, 1, 254, 255}, MIMEType: "image/png"},
			&mcp.AudioContent{Data: []byte{3, 2, 1}, MIMEType: "audio/wav"},
			&mcp.ResourceLink{URI: "note://text", Name: "text", Size: &size},
			&mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "note://in", Text: "inside", MIMEType: "text/plain"}},
		}, Meta: mcp.Meta{"peer.example/n": 1.5}}, nil
	})
}

func things(s *mcp.Server) {
	read := func(_ context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		uri := r.Params.URI
		if uri == "note://none/gone" {
			return nil, mcp.ResourceNotFoundError(uri)
		}
		contents := &mcp.ResourceContents{URI: uri, MIMEType: "text/plain", Text: "the note " + uri}
		if uri == "note://blob" {
			contents = &mcp.ResourceContents{URI: uri, MIMEType: "application/octet-stream", Blob: []byte{0, 255, 128}}
		}
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{contents}}, nil
	}
	for _, name := range []string{"text", "blob", "a", "b", "c", "d"} {
		s.AddResource(&mcp.Resource{URI: "note://" + name, Name: name, Description: "A note", Size: 3}, read)
	}
	s.AddResourceTemplate(&mcp.ResourceTemplate{URITemplate: "note://{folder}/{name}", Name: "any"}, read)
	s.AddPrompt(&mcp.Prompt{Name: "review", Title: "Review", Arguments: []*mcp.PromptArgument{{Name: "code", Required: true}, {Name: "tone"}}}, func(_ context.Context, r *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		return &mcp.GetPromptResult{Description: "a review", Messages: []*mcp.PromptMessage{
			{Role: "user", Content: &mcp.TextContent{Text: "review " + r.Params.Arguments["code"] + " " + r.Params.Arguments["tone"]}},
			{Role: "assistant", Content: &mcp.TextContent{Text: "gladly"}},
		}}, nil
	})
}

func serveHTTP(kind, address string) error {
	s := server()
	options := &mcp.StreamableHTTPOptions{Stateless: kind == "stateless", JSONResponse: kind == "json", PropagateRequestCancellation: true}
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s }, options)
	return http.ListenAndServe(address, handler)
}
