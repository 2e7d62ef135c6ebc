package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/console"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// environment is what the process is given from outside.
type environment struct {
	args           []string
	stdout, stderr io.Writer
	getenv         func(string) string
}

// The statuses that the program ends with.
const (
	statusPassed   = 0
	statusFindings = 1
	statusUsage    = 2
	statusFailed   = 3
)

// errFindings says that findings were told that make the run fail.
var errFindings = errors.New("findings")

// run runs one command and gives the status to end with.
func run(ctx context.Context, env environment) int {
	p := &program{console.New(env.stdout, env.stderr, env.getenv), env.getenv}
	err := newApp(p).RunContext(ctx, env.args)
	switch {
	case err == nil:
		return statusPassed
	case errors.Is(err, errFindings):
		return statusFindings
	case ctx.Err() != nil:
		fmt.Fprintln(p.Err, "gitopsgen: interrupted")
		return statusFailed
	}
	prefix := "gitopsgen: "
	var spec blueprint.SpecErrors
	if errors.As(err, &spec) {
		prefix = "" // they begin with a place, which editors know how to open
	}
	p.Tell(err, prefix)
	var usage fault.Usage
	if errors.As(err, &usage) {
		return statusUsage
	}
	return statusFailed
}

// commands are all commands, as help lists them. Add one here and nowhere else.
func (p *program) commands() []*cli.Command {
	return []*cli.Command{
		p.scaffold(),
		p.lint(), p.report(),
		p.diff(),
		p.render(),
		p.images(),
		p.lock(),
		p.vendor(),
		p.set(), p.add(), p.remove(),
		p.upgrade(),
		p.resolve(),
		p.status(),
		p.cache(),
		p.catalog(),
		p.doctor(),
		p.rules(), p.explain(), p.policy(),
		p.schemas(),
		p.hook(),
		p.spec(),
		p.completion(),
		p.version(),
	}
}

// newApp puts the commands together.
func newApp(p *program) *cli.App {
	commands := p.commands()
	app := &cli.App{
		Name:            "gitopsgen",
		Usage:           "generate, check and keep an Argo CD repository",
		UsageText:       "gitopsgen COMMAND [FLAGS] [DIR]",
		Description:     "examples:\n   gitopsgen scaffold --tier=ent\n   gitopsgen lint\n   gitopsgen COMMAND --help",
		Writer:          p.Out,
		ErrWriter:       p.Err,
		HideHelpCommand: true, HideVersion: true,
		// A comma in --set belongs to the value.
		DisableSliceFlagSeparator: true,
		Commands:                  commands,
		// The library would end the process itself on an error that has an exit code.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   onUsageError,
		Action:         group("", commands, cli.ShowAppHelp),
	}
	for _, c := range commands {
		prepare(c)
	}
	return app
}

// prepare turns the library's traps off for a command and those below it.
func prepare(c *cli.Command) {
	c.OnUsageError = onUsageError
	c.HideHelpCommand = true
	if c.Action == nil {
		c.Action = group(c.Name+" ", c.Subcommands, cli.ShowSubcommandHelp)
	}
	c.Action = inTime(c.Action)
	for _, sub := range c.Subcommands {
		prepare(sub)
	}
}

// group answers a call of what has only commands below it: without one, or with one that is not there.
func group(of string, commands []*cli.Command, help cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if !c.Args().Present() {
			return help(c)
		}
		var names []string
		for _, command := range commands {
			names = append(names, of+command.Name)
		}
		name := of + c.Args().First()
		return fault.Misuse(fault.Hint(fmt.Errorf("unknown command %q%s", name, wording.DidYouMean(name, names)), "commands are "+strings.Join(names, ", ")))
	}
}

// timeoutFlag bounds a command that reads what others wrote.
var timeoutFlag = &cli.DurationFlag{Name: "timeout", Value: 15 * time.Minute, Usage: "end after this `TIME`, whatever there is to read"}

// inTime ends an action whose command has a timeoutFlag when that time is over.
func inTime(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		limit := c.Duration(timeoutFlag.Name)
		switch {
		case !slices.Contains(c.Command.Flags, cli.Flag(timeoutFlag)):
			return action(c)
		case limit <= 0:
			return fault.Misuse(fmt.Errorf("--timeout %s: want more than no time", limit))
		}
		ctx, cancel := context.WithTimeout(c.Context, limit)
		defer cancel()
		whole := c.Context
		c.Context = ctx
		err := action(c)
		if err != nil && ctx.Err() != nil && whole.Err() == nil {
			return fault.Hint(fmt.Errorf("stopped after %s", limit), "--timeout gives it more")
		}
		return err
	}
}

// onUsageError makes mistakes in flags usage errors; the library would print the help to stdout.
func onUsageError(c *cli.Context, err error, _ bool) error {
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "flag provided but not defined: -"); ok {
		var names []string
		for _, f := range c.Command.Flags {
			names = append(names, "--"+f.Names()[0])
		}
		name = "--" + strings.TrimPrefix(name, "-")
		message = fmt.Sprintf("unknown flag %s%s", name, wording.DidYouMean(name, names))
	}
	return fault.Misuse(fault.Hint(errors.New(message), "see gitopsgen "+strings.TrimSpace(c.Command.Name+" --help")))
}

// program holds what all commands share.
type program struct {
	console.Console
	getenv func(string) string
}

// oneArg gives the only argument, or otherwise. Flags behind it, which the library takes for arguments, are refused.
func oneArg(c *cli.Context, otherwise string) (string, error) {
	args := c.Args().Slice()
	if i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "-") && a != "-" }); i >= 0 {
		return "", fault.Misuse(fmt.Errorf("flag %s stands behind the argument: flags come first", args[i]))
	}
	switch len(args) {
	case 0:
		return otherwise, nil
	case 1:
		return args[0], nil
	default:
		return "", fault.Misuse(fmt.Errorf("%d arguments: want one directory at most", len(args)))
	}
}

// argsAmongFlags gives the arguments of a command; flags may stand among them and behind them, but for the one that is read before
// its action begins.
func argsAmongFlags(c *cli.Context) (args []string, err error) {
	for rest := c.Args().Slice(); len(rest) > 0; {
		text := rest[0]
		rest = rest[1:]
		name, value, given := strings.Cut(strings.TrimLeft(text, "-"), "=")
		i := slices.IndexFunc(c.Command.Flags, func(f cli.Flag) bool { return f.Names()[0] == name })
		switch {
		case !strings.HasPrefix(text, "-"):
			args = append(args, text)
			continue
		case i < 0:
			return nil, onUsageError(c, errors.New("flag provided but not defined: -"+name), false)
		case name == timeoutFlag.Name:
			return nil, fault.Misuse(fmt.Errorf("flag %s stands behind the argument: it comes first", text))
		case given:
		case isBool(c.Command.Flags[i]):
			value = "true"
		case len(rest) == 0:
			return nil, onUsageError(c, errors.New("flag needs an argument: --"+name), false)
		default:
			value, rest = rest[0], rest[1:]
		}
		if err := c.Set(name, value); err != nil {
			return nil, onUsageError(c, fmt.Errorf("invalid value %q for flag --%s: %w", value, name, err), false)
		}
	}
	return args, nil
}

func isBool(f cli.Flag) bool {
	_, ok := f.(*cli.BoolFlag)
	return ok
}

// formatFlag is the flag that chooses among formats.
func formatFlag[W any](standard string, formats map[string]W) cli.Flag {
	return &cli.StringFlag{Name: "format", Value: standard, Usage: "`FORMAT`: " + wording.Either(slices.Sorted(maps.Keys(formats)))}
}

// format gives the writer that formatFlag chose.
func format[W any](c *cli.Context, formats map[string]W) (W, error) {
	write, ok := formats[c.String("format")]
	if !ok {
		return write, fault.Misuse(fmt.Errorf("--format %q: want %s", c.String("format"), wording.Either(slices.Sorted(maps.Keys(formats)))))
	}
	return write, nil
}
