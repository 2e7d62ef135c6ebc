package build

import (
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// objects reads what one template of the chart rendered to. Where the template stands in the repository its objects have the
// places of its lines, else that of the unit.
func (r *release) objects(from, text string) ([]manifest.Resource, []Problem) {
	file := manifest.ReadFile(from, []byte(text))
	_, inside, _ := strings.Cut(from, "/")
	template, here := r.Repository.Tree.File(r.Repository.Tree.Real(path.Join(r.unit.Dir, inside)))
	here = here && r.unit.Chart.Repo == ""
	problems := withStrays(file, file.Strays)
	var lines []line
	if here {
		lines = align(strings.Split(string(template.Data), "\n"), strings.Split(text, "\n"))
	}
	for i := range problems {
		at := &problems[i].Place
		if here {
			l := lines[min(at.Line, len(lines))-1]
			*at = manifest.Place{File: template.Path, Line: l.line, Column: l.column}
		} else {
			problems[i].Message = r.unit.Label() + ": " + from + ": " + problems[i].Message
			*at = r.unit.Place
		}
	}
	if here {
		file.Move(func(n *yaml.Node) {
			if n.Line > 0 && n.Line <= len(lines) {
				l := lines[n.Line-1]
				n.Line, n.Column = l.line, min(max(1, n.Column+l.shift), l.width+1)
			}
		})
	}
	for i := range file.Resources {
		o := &file.Resources[i].Origin
		if r.fetched {
			o.Fetched = true
		}
		if !here {
			o.Place, o.Document = r.unit.Place, nil
			continue
		}
		o.Place.File = template.Path
	}
	return file.Resources, problems
}

// line is where a line of an output comes from.
type line struct {
	// line counts from 1, as column does, which is where its text begins.
	line, column int
	// shift is how much further to the right it stands there, and width how long it is.
	shift, width int
}

// align finds for each line of an output the line of its template that it comes from: the next one with the same text, else the
// next with the same key, else the nearest one above that was found. Where a loop wrote it the search begins anew.
func align(template, output []string) []line {
	byText, byKey := map[string][]int{}, map[string][]int{}
	for i, text := range template {
		if text = strings.TrimSpace(text); text != "" {
			byText[text] = append(byText[text], i)
			byKey[key(text)] = append(byKey[key(text)], i)
		}
	}
	all := make([]line, len(output))
	at := document(template, output)
	for i, text := range output {
		trimmed := strings.TrimSpace(text)
		if from, ok := next(byText[trimmed], at); ok && trimmed != "" {
			at = from
		} else if from, ok := next(byKey[key(trimmed)], at); ok && key(trimmed) != "" {
			at = from
		}
		indent := len(template[at]) - len(strings.TrimLeft(template[at], " \t"))
		all[i] = line{at + 1, indent + 1, indent - (len(text) - len(strings.TrimLeft(text, " \t"))), len(template[at])}
	}
	return all
}

// document is where the document of a template begins that has the most lines of an output.
func document(template, output []string) int {
	wanted := map[string]bool{}
	for _, text := range output {
		wanted[strings.TrimSpace(text)] = true
	}
	best, most, begin, count := 0, -1, 0, 0
	for i, text := range append(slices.Clone(template), "---") {
		if strings.HasPrefix(text, "---") {
			if count > most {
				best, most = begin, count
			}
			begin, count = i+1, 0
		} else if wanted[strings.TrimSpace(text)] {
			count++
		}
	}
	return min(best, len(template)-1)
}

// key is what a line of YAML sets; empty where it sets nothing.
func key(text string) string {
	text = strings.TrimPrefix(text, "- ")
	if name, _, ok := strings.Cut(text, ":"); ok && !strings.HasPrefix(text, "{{") {
		return name
	}
	return ""
}

// next is the first of some lines that does not stand before at, else the first of all.
func next(lines []int, at int) (int, bool) {
	if len(lines) == 0 {
		return 0, false
	}
	i, _ := slices.BinarySearch(lines, at)
	return lines[i%len(lines)], true
}
