package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"
)

// completions are the scripts by shell. They are made from the commands themselves, so they never lag behind.
var completions = map[string]string{
	"bash": `_gitopsgen() {
  local words="{{range .}}{{.Name}} {{end}}"
  case "${COMP_WORDS[1]}" in
{{- range .}}
    {{.Name}}) words="{{range .Words}}{{.}} {{end}}" ;;
{{- end}}
  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}") $(compgen -d -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o nospace -F _gitopsgen gitopsgen
`,
	"fish": `complete -c gitopsgen -f
{{- range $c := .}}
complete -c gitopsgen -n __fish_use_subcommand -a {{.Name}} -d '{{.Usage}}'
{{- range .Words}}
complete -c gitopsgen -n '__fish_seen_subcommand_from {{$c.Name}}' -a '{{.}}'
{{- end}}
{{- end}}
`,
	"zsh": `#compdef gitopsgen
_gitopsgen() {
  if (( CURRENT == 2 )); then
    local -a commands=({{range .}}'{{.Name}}:{{.Usage}}' {{end}})
    _describe command commands
    return
  fi
  case "${words[2]}" in
{{- range .}}
    {{.Name}}) compadd -- {{range .Words}}{{.}} {{end}}; _files -/ ;;
{{- end}}
  esac
}
compdef _gitopsgen gitopsgen
`,
}

func (p *program) completion() *cli.Command {
	shells := slices.Sorted(maps.Keys(completions))
	return &cli.Command{
		Name:        "completion",
		Usage:       "print the completion script of a shell",
		UsageText:   "gitopsgen completion " + strings.Join(shells, "|"),
		Description: "example:\n   source <(gitopsgen completion bash)",
		Action: func(c *cli.Context) error {
			shell, err := oneArg(c, "")
			if err != nil {
				return err
			}
			script, ok := completions[shell]
			if !ok {
				return usageError{fmt.Errorf("shell %q: want %s", shell, strings.Join(shells, ", "))}
			}
			return writeCompletion(p.stdout, script, c.App.Commands)
		},
	}
}

func writeCompletion(w io.Writer, script string, commands []*cli.Command) error {
	type command struct {
		Name, Usage string
		Words       []string
	}
	var all []command
	for _, c := range commands {
		one := command{Name: c.Name, Usage: c.Usage}
		for _, f := range c.Flags {
			one.Words = append(one.Words, "--"+f.Names()[0])
		}
		for _, sub := range c.Subcommands {
			one.Words = append(one.Words, sub.Name)
		}
		all = append(all, one)
	}
	t, err := template.New("completion").Parse(script)
	return errors.Join(err, t.Execute(w, all))
}
