package helm

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// extract is what it takes of a chart to render one template alone.
type extract struct {
	// charts render the template as each other does, and the first that has no error says what that is. The first has the fewest
	// templates: a chart is parsed anew for each change.
	charts []*chart.Chart
	// scope is where the values stand that the template is given, and reads tells which of them each of the charts can read.
	scope []string
	reads []func() *reads
}

func newExtract(c *chart.Chart, template string, values any) *extract {
	blank := each(c, func(name string, f *common.File) {
		if name != template && !partial(name) {
			f.Data = nil
		}
	})
	x := &extract{charts: []*chart.Chart{shortened(blank), blank}, scope: scope(c, template)}
	for _, c := range x.charts {
		x.reads = append(x.reads, sync.OnceValue(func() *reads { return readsOf(c, values) }))
	}
	return x
}

// sees reports whether one of the charts may render otherwise where the value at a path is another. What is global is given to all.
func (x *extract) sees(of int, value []string) bool {
	if value[0] != common.GlobalKey {
		n := min(len(value), len(x.scope))
		if !slices.Equal(value[:n], x.scope[:n]) {
			return false
		}
		value = value[n:]
	}
	return x.reads[of]().value(value)
}

// scope is empty for a template of the chart itself; those of its subcharts are given what stands under their names.
func scope(c *chart.Chart, template string) []string {
	for _, sub := range c.Dependencies() {
		if strings.HasPrefix(template, sub.ChartFullPath()+"/") {
			return append([]string{sub.Name()}, scope(sub, template)...)
		}
	}
	return nil
}

// partial reports whether a template is not rendered for itself.
func partial(name string) bool { return strings.HasPrefix(path.Base(name), "_") }

// each is a chart with templates that change may change.
func each(c *chart.Chart, change func(name string, f *common.File)) *chart.Chart {
	changed := *c
	changed.Templates = nil
	for _, t := range c.Templates {
		one := *t
		change(path.Join(c.ChartFullPath(), t.Name), &one)
		changed.Templates = append(changed.Templates, &one)
	}
	var dependencies []*chart.Chart
	for _, sub := range c.Dependencies() {
		dependencies = append(dependencies, each(sub, change))
	}
	changed.SetDependencies(dependencies...)
	return &changed
}

// definition is what defines a template in another's text.
var definition = regexp.MustCompile("\\b(?:define|block)\\s+(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)")

// refusal is the text of a template that is an error wherever it is asked for.
const refusal = `{{ fail "" }}`

// shortened is a chart of which the partials that its other templates do not seem to need are short: all that they define, and they
// themselves, refuse. So each name leads to the same template as before or to an error, and no template can catch an error:
// whatever names were put together only as it was rendered, what has no error is what the whole would have been.
func shortened(c *chart.Chart) *chart.Chart {
	partials := map[string][]byte{}
	definedIn := map[string][]string{} // by what is between the quotes
	var needed [][]byte
	each(c, func(name string, f *common.File) {
		if !partial(name) {
			needed = append(needed, []byte(name), f.Data)
			return
		}
		partials[name] = f.Data
		for _, d := range definition.FindAllSubmatch(f.Data, -1) {
			defined := string(bytes.Trim(d[1], "\"`"))
			definedIn[defined] = append(definedIn[defined], name)
		}
	})
	for ; len(needed) > 0; needed = needed[1:] {
		for defined, names := range definedIn {
			if !bytes.Contains(needed[0], []byte(defined)) {
				continue
			}
			delete(definedIn, defined)
			for _, name := range names {
				needed = append(needed, partials[name])
				delete(partials, name)
			}
		}
	}
	return each(c, func(name string, f *common.File) {
		if text, ok := partials[name]; ok {
			f.Data = refusing(text)
		}
	})
}

// refusing is a partial that defines what another does.
func refusing(text []byte) []byte {
	var b bytes.Buffer
	b.WriteString(refusal)
	known := map[string]bool{}
	for _, d := range definition.FindAllSubmatch(text, -1) {
		if defined := string(d[1]); !known[defined] {
			known[defined] = true
			fmt.Fprintf(&b, "{{ define %s }}%s{{ end }}", defined, refusal)
		}
	}
	return b.Bytes()
}
