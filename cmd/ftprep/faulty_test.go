package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/ftprep/ftprep/sdk"
)

// faulty is a plugin that misbehaves in the way that its first argument, or an option of its source, says.
func faulty() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "exit-at-start":
			fmt.Fprintln(os.Stderr, "cannot open the database")
			os.Exit(7)
		case "noise-at-start":
			fmt.Println("Welcome to faulty!")
		case "silence-at-start":
			time.Sleep(time.Minute)
		case "other-protocol":
			fmt.Println("1|99|unix|/nowhere|grpc")
			time.Sleep(time.Minute)
		}
	}
	sdk.Serve(sdk.Plugin{
		Name: "faulty", Version: "0.0.1", Doc: "Goes wrong.",
		Steps: []sdk.Step{
			sdk.NewSource("faulty", "Makes examples and then goes wrong.", newFaultySource),
			sdk.NewFilter("faulty", "Goes wrong at an example.", newFaultyFilter),
		},
	})
}

type faultyOptions struct {
	Fault    string `option:"fault" doc:"What goes wrong." one_of:"none,crash,goroutine,kill,silence,deaf,slow,error,panic,print,leak,flood,line,grow,levels"`
	Examples int    `option:"examples" doc:"How many examples come before." default:"3" min:"0"`
	Token    string `option:"token,secret" doc:"Nobody may see it."`
	PIDFile  string `option:"pid_file" doc:"Where to write the id of the process."`
}

type faultySource struct{ faultyOptions }

func newFaultySource(_ sdk.Setup, o faultyOptions) (sdk.Source, error) {
	if o.PIDFile != "" {
		if err := os.WriteFile(o.PIDFile, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
			return nil, err
		}
	}
	return faultySource{o}, nil
}

func (s faultySource) Read(ctx context.Context, _ sdk.Unit, emitter *sdk.Emitter) error {
	manner := strings.Join(os.Args[1:], " ")
	for i := range s.Examples {
		example := &sdk.Example{Messages: []sdk.Message{
			{Role: sdk.RoleUser, Text: "request " + strconv.Itoa(i)}, {Role: sdk.RoleAssistant, Text: "answer " + strconv.Itoa(i) + " " + manner},
		}}
		if err := emitter.Example(example); err != nil {
			return err
		}
		if s.Fault == "slow" {
			wait(ctx, 20*time.Millisecond)
		}
	}
	if s.Token != "" {
		slog.Info("connected", "token", s.Token)
		fmt.Println("the token is", s.Token)
		return errors.New("cannot go on with the token " + s.Token)
	}
	return misbehave(ctx, s.Fault)
}

type faultyFilter struct{ fault string }

func newFaultyFilter(_ sdk.Setup, o faultyOptions) (sdk.Filter, error) {
	return faultyFilter{o.Fault}, nil
}

func (f faultyFilter) Apply(ctx context.Context, _ *sdk.Example) (sdk.Verdict, error) {
	return sdk.Keep(), misbehave(ctx, f.fault)
}

func misbehave(ctx context.Context, fault string) error {
	switch fault {
	case "crash":
		fmt.Fprintln(os.Stderr, "out of cheese")
		os.Exit(9)
	case "kill":
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		wait(ctx, time.Minute)
	case "silence":
		wait(ctx, time.Minute)
	case "deaf":
		time.Sleep(time.Minute) // whatever the host says
	case "error":
		return errors.New("the log is older than the program")
	case "panic":
		panic("index out of range")
	case "goroutine":
		go panic("out of cheese") // which nobody can recover
		wait(ctx, time.Minute)
	case "leak":
		return fmt.Errorf("it sees a token %q, a named variable %q and a path %t",
			os.Getenv("SECRET_TOKEN"), os.Getenv("BOT_HOME"), os.Getenv("PATH") != "")
	case "print":
		fmt.Println("hello from the plugin")
	case "flood":
		for i := range 50_000 {
			slog.Warn("the same again", "line", i)
			fmt.Println("and again", i)
		}
	case "line":
		fmt.Print(strings.Repeat("x", 5<<20))
		fmt.Fprint(os.Stderr, strings.Repeat("y", 5<<20))
	case "levels":
		slog.Error("it burns", "where", "kitchen")
		fmt.Fprintln(os.Stderr, `{"@level":"debug","@message":"as go-hclog writes it","@timestamp":"2026-03-02T10:00:00Z"}`)
	case "grow":
		var kept [][]byte
		for ctx.Err() == nil {
			kept = append(kept, bytes.Repeat([]byte("x"), 8<<20))
			wait(ctx, time.Millisecond)
		}
		runtime.KeepAlive(kept)
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
