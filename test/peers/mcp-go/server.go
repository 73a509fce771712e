package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

type result = mcp.CallToolResult
type request = mcp.CallToolRequest

type weather struct {
	City string   `json:"city"`
	High float64  `json:"high"`
	Tags []string `json:"tags"`
}

type tones struct{}

func (tones) CompletePromptArgument(_ context.Context, _ string, argument mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	return &mcp.Completion{Values: []string{argument.Value + "arm", argument.Value + "ild"}, Total: 2}, nil
}

func newServer() *server.MCPServer {
	s := server.NewMCPServer("mark-peer", "1", server.WithInstructions("Knows the weather."), server.WithToolCapabilities(true),
		server.WithResourceCapabilities(true, true), server.WithPromptCapabilities(true), server.WithLogging(), server.WithElicitation(),
		server.WithCompletions(), server.WithPromptCompletionProvider(tones{}), server.WithPaginationLimit(5))
	s.EnableSampling()
	s.AddTool(mcp.NewTool("weather", mcp.WithDescription("The weather"), mcp.WithString("city", mcp.Required()), mcp.WithOutputSchema[weather]()),
		func(_ context.Context, r request) (*result, error) {
			city, err := r.RequireString("city")
			if err != nil {
				return mcp.NewToolResultError(err.Error()), nil
			}
			return mcp.NewToolResultStructured(weather{City: city, High: 21.5, Tags: []string{"dry"}}, "fine"), nil
		})
	talkative(s)
	asking(s)
	things(s)
	return s
}

func tool(s *server.MCPServer, name string, run func(context.Context, request) (*result, error)) {
	s.AddTool(mcp.NewTool(name, mcp.WithDescription("The tool "+name), mcp.WithInteger("count"), mcp.WithString("text")), run)
}

func talkative(s *server.MCPServer) {
	tool(s, "slow", func(ctx context.Context, r request) (*result, error) {
		for step := 1; step <= r.GetInt("count", 1); step++ {
			if r.Params.Meta != nil && r.Params.Meta.ProgressToken != nil {
				_ = s.SendNotificationToClient(ctx, "notifications/progress", map[string]any{"progressToken": r.Params.Meta.ProgressToken, "progress": step, "total": 3, "message": fmt.Sprint("step ", step)})
			}
			time.Sleep(20 * time.Millisecond)
		}
		return mcp.NewToolResultText("counted"), nil
	})
	tool(s, "log", func(ctx context.Context, _ request) (*result, error) {
		for _, level := range []mcp.LoggingLevel{"debug", "info", "error"} {
			_ = s.SendLogMessageToClient(ctx, mcp.NewLoggingMessageNotification(level, "weather", map[string]any{"cloud": level}))
			time.Sleep(10 * time.Millisecond)
		}
		return mcp.NewToolResultText("logged"), nil
	})
	tool(s, "grow", func(context.Context, request) (*result, error) {
		tool(s, "grown", func(context.Context, request) (*result, error) { return mcp.NewToolResultText("grown"), nil })
		return mcp.NewToolResultText("added"), nil
	})
	tool(s, "touch", func(ctx context.Context, _ request) (*result, error) {
		return mcp.NewToolResultText("touched"), s.SendNotificationToClient(ctx, "notifications/resources/updated", map[string]any{"uri": "note://text"})
	})
	tool(s, "fail", func(context.Context, request) (*result, error) {
		return nil, fmt.Errorf("no weather — ünïcode 🌧")
	})
	tool(s, "big", func(_ context.Context, r request) (*result, error) {
		return mcp.NewToolResultText(strings.Repeat("rain and wind and sun. ", r.GetInt("count", 1))), nil
	})
	tool(s, "echo", func(_ context.Context, r request) (*result, error) {
		return mcp.NewToolResultText(r.GetString("text", "")), nil
	})
	tool(s, "mixed", func(context.Context, request) (*result, error) {
		return &result{Content: []mcp.Content{
			mcp.NewImageContent("AAH+/w==", "image/png"), mcp.NewAudioContent("AwIB", "audio/wav"),
			mcp.NewEmbeddedResource(mcp.TextResourceContents{URI: "note://in", Text: "inside"}),
		}}, nil
	})
}

func asking(s *server.MCPServer) {
	schema := map[string]any{"type": "object", "properties": map[string]any{"name": map[string]any{"type": "string"}}}
	tool(s, "ask", func(_ context.Context, r request) (*result, error) {
		if answer := server.ElicitationResponse(r.Params.InputResponses, "name"); answer != nil {
			return mcp.NewToolResultText(fmt.Sprint(answer.Action, " ", answer.Content, " ", r.Params.RequestState)), nil
		}
		return server.NewInputRequestBuilder("half done").Elicit("name", mcp.ElicitationParams{Message: "What is your name?", RequestedSchema: schema}).ToolResult(), nil
	})
	tool(s, "sample", func(_ context.Context, r request) (*result, error) {
		if answer := server.SamplingResponse(r.Params.InputResponses, "poem"); answer != nil {
			return mcp.NewToolResultText(fmt.Sprint(answer.Model, " ", answer.Content)), nil
		}
		words := []mcp.SamplingMessage{{Role: "user", Content: mcp.NewTextContent("A poem on rain")}}
		return server.NewInputRequestBuilder("").Sample("poem", mcp.CreateMessageParams{Messages: words, MaxTokens: 9}).ToolResult(), nil
	})
}

func things(s *server.MCPServer) {
	read := func(_ context.Context, r mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		if r.Params.URI == "note://blob" {
			return []mcp.ResourceContents{mcp.BlobResourceContents{URI: r.Params.URI, Blob: "AP+A"}}, nil
		}
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: r.Params.URI, MIMEType: "text/plain", Text: "the note " + r.Params.URI}}, nil
	}
	for _, name := range []string{"text", "blob", "a", "b", "c", "d"} {
		s.AddResource(mcp.NewResource("note://"+name, name), read)
	}
	s.AddResourceTemplate(mcp.NewResourceTemplate("note://{folder}/{name}", "any"), read)
	s.AddPrompt(mcp.NewPrompt("review", mcp.WithArgument("code", mcp.RequiredArgument()), mcp.WithArgument("tone")), func(_ context.Context, r mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		words := mcp.NewPromptMessage("user", mcp.NewTextContent("review "+r.Params.Arguments["code"]))
		return mcp.NewGetPromptResult("a review", []mcp.PromptMessage{words}), nil
	})
}

func serveHTTP(kind, address string) error {
	options := []server.StreamableHTTPOption{server.WithStateful(kind != "stateless")}
	if kind == "json" {
		options = append(options, server.WithDisableStreaming(true))
	}
	return server.NewStreamableHTTPServer(newServer(), options...).Start(address)
}
