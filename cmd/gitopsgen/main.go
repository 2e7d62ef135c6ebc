// Command gitopsgen generates Argo CD repositories, checks them and keeps them current.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/gitopsgen/gitopsgen/generator/doors"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

func main() {
	// The libraries of Helm and kustomize log; what a person must know, we say ourselves.
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	// Charts and files by URL have a client of their own; whatever else a library asks for, it shall not get.
	http.DefaultTransport = doors.Refusal{}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	os.Exit(bounded(func() int {
		return run(ctx, environment{args: os.Args, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv})
	}))
}

// standardMemory is what the process may take where nothing tells what there is.
const standardMemory = 4 << 30

// bounded runs the program in the memory that there is. Without it Go would end the process with a trace, and a status
// that says something else.
func bounded(run func() int) int {
	limit := watchdog.AvailableMemory() / 4 * 3
	if limit == 0 {
		limit = standardMemory
	}
	debug.SetMemoryLimit(int64(limit)) // which collects garbage more often before it ends anything
	status := statusFailed
	if err := watchdog.Run(context.Background(), watchdog.Limits{Memory: limit}, func() { status = run() }); err != nil {
		var exceeded *watchdog.Exceeded
		if errors.As(err, &exceeded) && exceeded.Memory {
			err = fmt.Errorf("%w, which is what this machine has for it", err)
		}
		tellError(door(os.Stderr, os.Getenv), fmt.Errorf("%w; nothing more is read or written", err))
		return statusFailed
	}
	return status
}
