// Command gitopsgen generates Argo CD repositories, checks them and keeps them current.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/gitopsgen/gitopsgen/generator/console"
	"github.com/gitopsgen/gitopsgen/generator/doors"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

func main() {
	// The libraries of Helm and kustomize log, and write past the log, too; what a person must know, we say ourselves.
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	stderr := os.Stderr
	os.Stderr, _ = os.OpenFile(os.DevNull, os.O_WRONLY, 0) // nil takes nothing, too
	// Charts and files by URL have a client of their own; whatever else a library asks for, it shall not get.
	http.DefaultTransport = doors.Refusal{}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	env := environment{args: os.Args, stdout: os.Stdout, stderr: stderr, getenv: os.Getenv}
	os.Exit(bounded(env, func() int { return run(ctx, env) }))
}

// bounded runs the program in the memory that there is. Without it Go would end the process with a trace, and a status
// that says something else.
func bounded(env environment, run func() int) int {
	status := statusFailed
	if err := watchdog.Whole(func() { status = run() }); err != nil {
		console.New(env.stdout, env.stderr, env.getenv).Tell(fmt.Errorf("%w; nothing more is read or written", err), "gitopsgen: ")
		return statusFailed
	}
	return status
}
