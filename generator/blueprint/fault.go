package blueprint

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// formatter writes an error of the evaluator as file:line:column: message, without its stack trace. The place is the
// innermost one in the user's own files; where there is none, the blueprint is named instead.
type formatter struct {
	blueprint string
}

func (formatter) SetMaxStackTraceSize(int)                       {}
func (formatter) SetColorFormatter(color jsonnet.ColorFormatter) {}

// staticFault is how the evaluator writes a place in front of what it cannot parse: file:1:2-3 or file:(1:2)-(3:4).
var staticFault = regexp.MustCompile(`^([^:\n]+):\(?(\d+:\d+)(?:-\d+|\)-\(\d+:\d+\))? (.*)`)

// Format implements jsonnet.ErrorFormatter.
func (f formatter) Format(err error) string {
	var runtime jsonnet.RuntimeError
	if !errors.As(err, &runtime) {
		return "blueprint " + f.blueprint + ": " + strings.TrimSpace(err.Error())
	}
	message := strings.TrimSuffix(runtime.Msg, ".")
	if static := staticFault.FindStringSubmatch(message); static != nil {
		return static[1] + ":" + static[2] + ": " + static[3]
	}
	trace := runtime.StackTrace
	if fact, ok := strings.CutPrefix(message, "Field does not exist: "); ok {
		message = undeclared(trace, fact, message)
	}
	if message == "max stack frames exceeded" {
		said, steps := round(trace)
		message, trace = message+said, append(trace, steps...)
	}
	for _, frame := range slices.Backward(trace) {
		if at := frame.Loc; at.IsSet() && isUsers(at.FileName) {
			return fmt.Sprintf("%s:%d:%d: %s", at.FileName, at.Begin.Line, at.Begin.Column, message)
		}
	}
	return "blueprint " + f.blueprint + ": " + message
}

// asked is how a component asks what serves a capability for a fact.
var asked = regexp.MustCompile(`^platform(?:\.(\w+)|\['([^']+)'\])\.(\w+)$`)

// undeclared tells of a fact that a component asked for and no capability has. Other fields that are not there are told of by
// message.
func undeclared(trace []jsonnet.TraceFrame, fact, message string) string {
	if len(trace) == 0 || !trace[len(trace)-1].Loc.IsSet() {
		return message
	}
	at := trace[len(trace)-1].Loc
	ask := asked.FindStringSubmatch((&ast.SourceProvider{}).GetSnippet(at))
	if ask == nil || ask[3] != fact || ask[1] == "cluster" || ask[1] == "spec" {
		return message
	}
	capability := ask[1] + ask[2]
	message = fmt.Sprintf("the capability %q has no fact %q: capabilities/%s.libsonnet declares them", capability, fact, fileOf(capability))
	if component, ok := strings.CutPrefix(at.FileName, libraryPrefix+"components/"); ok {
		message = strings.ReplaceAll(strings.TrimSuffix(component, ".libsonnet"), "_", "-") + ": " + message
	}
	return message
}

// fileOf is how the file of a component or a capability is called, without its ending.
func fileOf(name string) string { return strings.ReplaceAll(name, "-", "_") }

// isUsers reports whether a file that the evaluator names is one of the user's.
func isUsers(file string) bool {
	return file != "" && file != entry && !strings.HasPrefix(file, libraryPrefix) && !strings.HasPrefix(file, "<")
}

// round tells what a trace that is too deep goes round through, and gives the frames of one round, the same wherever the
// trace ends; nothing where that is not clear.
func round(trace []jsonnet.TraceFrame) (said string, frames []jsonnet.TraceFrame) {
	inner := trace[len(trace)-min(len(trace), 50):]
	if !inner[len(inner)-1].Loc.IsSet() {
		return ": a value holds itself", nil
	}
	steps := map[string]jsonnet.TraceFrame{}
	for _, f := range inner {
		if at := f.Loc; at.IsSet() && !strings.HasPrefix(at.FileName, "<") {
			code, _, _ := strings.Cut((&ast.SourceProvider{}).GetSnippet(at), "\n")
			steps[fmt.Sprintf("%s (%s:%d:%d)", code, at.FileName, at.Begin.Line, at.Begin.Column)] = f
		}
	}
	if len(steps) == 0 || len(steps) > 5 {
		return "", nil
	}
	texts := slices.Sorted(maps.Keys(steps))
	for _, text := range slices.Backward(texts) {
		frames = append(frames, steps[text])
	}
	return ": calls go round through " + strings.Join(texts, ", "), frames
}
