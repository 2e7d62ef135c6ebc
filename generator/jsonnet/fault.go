package jsonnet

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// static matches how the evaluator writes a place in front of what it cannot parse: file:1:2-3 or file:(1:2)-(3:4).
var static = regexp.MustCompile(`^([^\n]+?):\(?(\d+):(\d+)(?:-\d+|\)-\(\d+:\d+\))? (.*)`)

// fault tells an error of the evaluator at the innermost place of the repository that it names, or that an argument has.
func (p Program) fault(err error) *Fault {
	var runtime jsonnet.RuntimeError
	text, _, _ := strings.Cut(err.Error(), "\n") // a stack may follow
	places := []manifest.Place{p.place()}
	if errors.As(err, &runtime) {
		text = runtime.Msg
		for _, frame := range runtime.StackTrace {
			places = append(places, p.at(frame.Loc.FileName, frame.Loc.Begin))
		}
	}
	if m := static.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[2])
		column, _ := strconv.Atoi(m[3])
		if at := p.at(m[1], ast.Location{Line: line, Column: column}); at.File != "" {
			places, text = append(places, at), m[4]
		}
	}
	places = slices.DeleteFunc(places, func(at manifest.Place) bool { return at.File == "" })
	message := strings.Join(strings.Fields(strings.TrimSuffix(text, ".")), " ")
	return &Fault{Place: places[len(places)-1], Message: message}
}

// at is a place that the evaluator names: in a file, or of an argument; the zero Place where it is neither.
func (p Program) at(file string, in ast.Location) manifest.Place {
	if _, ok := p.Tree.File(file); ok && in.Line > 0 {
		return manifest.Place{File: file, Line: in.Line, Column: max(1, in.Column)}
	}
	for kind, variables := range map[string][]Variable{"top-level-arg": p.TLAs, "extvar": p.ExtVars} {
		for _, v := range variables {
			if file == "<"+kind+":"+v.Name+">" {
				return v.At
			}
		}
	}
	return manifest.Place{}
}
