package blueprint

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// entry is the file name of the snippet that calls the blueprint. It is a file beside the user's blueprint.
const entry = "gitopsgen-entry.jsonnet"

// evaluator evaluates expressions over the blueprint that a spec names.
type evaluator struct {
	file string
	// text is the spec. Parsed it is spec, once, and only read after that.
	text     string
	spec     func() (ast.Node, error)
	importer *importer
	limits   watchdog.Limits
	// clusters is how many the spec has.
	clusters int
	// lastOnly leaves out all clusters but the last.
	lastOnly bool
}

func newEvaluator(source Source, spec Spec) (*evaluator, error) {
	e := &evaluator{file: libraryPrefix + string(spec.Tier) + ".jsonnet", limits: source.Limits, clusters: len(spec.Clusters)}
	if spec.Blueprint != "" {
		e.file = path.Clean(spec.Blueprint)
	}
	if e.limits == (watchdog.Limits{}) {
		e.limits = defaultLimits
	}
	text, err := json.Marshal(evaluated(spec))
	if err != nil {
		return nil, err
	}
	e.text = string(text)
	e.spec = sync.OnceValues(func() (ast.Node, error) { return jsonnet.SnippetToAST("<spec>", e.text) })
	e.importer = &importer{source: source, cache: map[string]jsonnet.Contents{}}
	return e, nil
}

// shown is how messages name the blueprint.
func (e *evaluator) shown() string { return strings.TrimPrefix(e.file, libraryPrefix) }

// resting are machines that have done their work, by the library that they have parsed. What a library's files are worth does not
// follow from a spec, so that the next evaluation may begin with them: parsing takes a third of its time.
var resting = struct {
	sync.Mutex
	machines map[embed.FS][]*jsonnet.VM
}{machines: map[embed.FS][]*jsonnet.VM{}}

// restsAt gives the library under which machines of e rest: one that is built in, where nothing of a user's is read.
func (e *evaluator) restsAt() (library embed.FS, ok bool) {
	library, ok = e.importer.source.Library.(embed.FS)
	return library, ok && strings.HasPrefix(e.file, libraryPrefix)
}

// machine evaluates one expression at a time, and keeps the files that it has parsed.
type machine struct {
	*evaluator
	// vm is made when the first expression is evaluated.
	vm *jsonnet.VM
}

func (e *evaluator) machine() *machine { return &machine{evaluator: e} }

// evaluate gives the value of an expression as JSON, unless an earlier run did so with the same files.
func (m *machine) evaluate(snippet string) (string, error) {
	kept := m.importer.source.Kept
	if own, ok := m.known(snippet); ok {
		if key, ok := m.kept(snippet, own); ok {
			if out, known := kept.Large(key); known {
				m.importer.add(own)
				return string(out), nil
			}
		}
	}
	if err := m.start(); err != nil {
		return "", err
	}
	out, err := m.vm.EvaluateAnonymousSnippet(entry, snippet)
	if err != nil {
		return "", err
	}
	own := m.importer.files()
	if key, ok := m.kept(snippet, own); ok && m.remember(snippet, own) == nil {
		kept.PutLarge(key, []byte(out))
	}
	return out, nil
}

// kept names the value of an expression that follows from these of the user's files, too. ok is false where nothing is kept.
func (m *machine) kept(snippet string, own []tree.File) (key cache.Key, ok bool) {
	if _, builtIn := m.importer.source.Library.(embed.FS); !builtIn {
		return key, false
	}
	parts := []string{"blueprint", m.text, snippet}
	for _, f := range own {
		parts = append(parts, f.Path, string(f.Data))
	}
	return m.importer.source.Kept.Key(parts...)
}

// known are the user's files that the value of an expression followed from in an earlier run, as they are now. Where these are the same,
// so are the files that they import. ok is false where none did, or one cannot be read.
func (m *machine) known(snippet string) (own []tree.File, ok bool) {
	if strings.HasPrefix(m.file, libraryPrefix) {
		return nil, true // the library imports no file of a user
	}
	key, ok := m.kept("files of "+snippet, nil)
	if !ok {
		return nil, false
	}
	data, ok := m.importer.source.Kept.Large(key)
	var paths []string
	if !ok || json.Unmarshal(data, &paths) != nil {
		return nil, false
	}
	return m.importer.look(paths)
}

// remember keeps which of the user's files the value of an expression follows from, for known.
func (m *machine) remember(snippet string, own []tree.File) error {
	if len(own) == 0 {
		return nil
	}
	paths := make([]string, len(own))
	for i, f := range own {
		paths[i] = f.Path
	}
	data, err := json.Marshal(paths)
	if key, ok := m.kept("files of "+snippet, nil); ok && err == nil {
		m.importer.source.Kept.PutLarge(key, data)
	}
	return err
}

func (m *machine) start() (err error) {
	if m.vm != nil {
		return nil
	}
	spec, err := m.spec()
	if err != nil {
		return err
	}
	if m.vm = m.rested(); m.vm == nil {
		m.vm = jsonnet.MakeVM()
		m.vm.Importer(m.importer)
	}
	m.vm.ErrorFormatter = formatter{blueprint: m.shown()}
	m.vm.TLANode("spec", spec)
	m.vm.SetTraceOut(io.Discard) // it writes what it likes to a terminal
	return nil
}

func (e *evaluator) rested() *jsonnet.VM {
	library, ok := e.restsAt()
	if !ok {
		return nil
	}
	resting.Lock()
	defer resting.Unlock()
	there := resting.machines[library]
	if len(there) == 0 {
		return nil
	}
	resting.machines[library] = there[:len(there)-1]
	return there[len(there)-1]
}

// rest puts the machine to rest. One that failed may still be at work, and is left alone.
func (m *machine) rest() {
	if library, ok := m.restsAt(); ok && m.vm != nil {
		resting.Lock()
		defer resting.Unlock()
		resting.machines[library] = append(resting.machines[library], m.vm)
	}
}

// once is run on a machine of its own.
func (e *evaluator) once(ctx context.Context, expression string, result any) error {
	m := e.machine()
	_, err := m.run(ctx, expression, result)
	if err == nil {
		m.rest()
	}
	return err
}

// run evaluates an expression in which blueprint and spec are known, and gives the reasons in the result by themselves. After
// an error the machine may still be at work.
func (m *machine) run(ctx context.Context, expression string, result any) (Reasons, error) {
	snippet := fmt.Sprintf("local blueprint = import %s; function(spec) %s", jsonText(m.file), expression)
	var out string
	var err error
	stopped := watchdog.Run(ctx, m.limits, func() { out, err = m.evaluate(snippet) })
	if stopped != nil {
		return nil, fmt.Errorf("blueprint %s %w", m.shown(), stopped)
	}
	if err != nil {
		return nil, err
	}
	var v any
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		return nil, err
	}
	v, reasons, err := takeReasons(v)
	if err != nil {
		return nil, fmt.Errorf("blueprint %s: %w", m.shown(), err)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(result); err != nil {
		return nil, fmt.Errorf("blueprint %s: the result is not a platform: %w", m.shown(), err)
	}
	return reasons, nil
}

// choices is the blueprint with nothing on its clusters, or only on the last: what is the same for all of them.
const choices = `local all = blueprint(spec), last = std.length(all.clusters) - 1; {
	[field]:
		if field == 'clusters' && std.isArray(all.clusters) then [if %t && i == last then all.clusters[i] else {} for i in std.range(0, last)]
		else all[field]
	for field in std.objectFields(all)
} + { stages: std.sort(std.objectValues(import '` + libraryPrefix + `stages.libsonnet'), function(stage) stage.wave) }`

// platforms evaluates what is the same for all clusters, and then each cluster in a call of its own, as many at once as
// there are processors; the only one that is asked for comes with the first call. What stands on the hub alone is evaluated again in
// the call of each cluster that asks for it, as far as it asks: that costs less than handing it over, and functions could not be.
func (e *evaluator) platforms(ctx context.Context, b *Blueprint) error {
	m := e.machine()
	alone := e.lastOnly || e.clusters == 1
	reasons, err := m.run(ctx, fmt.Sprintf(choices, alone), b)
	first, end := 0, len(b.Clusters)
	if alone && err == nil && end > 0 {
		end--
		err = e.finish(&b.Clusters[end], reasons.Below("clusters", end))
		reasons = slices.DeleteFunc(reasons, func(r Reason) bool { return len(r.At) > 1 && r.At[0] == "clusters" })
	}
	if e.lastOnly {
		first = end
	}
	if err == nil && len(reasons) > 0 {
		err = fmt.Errorf("blueprint %s: %s: there is no place for a reason", e.shown(), pathText(reasons[0].At))
	}
	if err != nil {
		return err
	}
	var next atomic.Int64
	next.Store(int64(first))
	var failed atomic.Bool
	errs := make([]error, len(b.Clusters))
	work := func(m *machine) {
		for !failed.Load() {
			i := int(next.Add(1)) - 1
			if i >= end {
				m.rest()
				return
			}
			if errs[i] = m.platform(ctx, i, &b.Clusters[i]); errs[i] != nil {
				failed.Store(true)
			}
		}
	}
	machines := min(runtime.GOMAXPROCS(0), end-first)
	e.limits.Memory *= uint64(max(machines, 1)) // each watches what all take together
	var group sync.WaitGroup
	for range machines - 1 {
		group.Go(func() { work(e.machine()) })
	}
	work(m)
	group.Wait()
	// Clusters are begun in their order, so the first of those that fail is always among these.
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// platform evaluates one cluster.
func (m *machine) platform(ctx context.Context, i int, p *Platform) error {
	reasons, err := m.run(ctx, fmt.Sprintf("blueprint(spec).clusters[%d]", i), p)
	if err != nil {
		return err
	}
	return m.finish(p, reasons)
}

// finish puts the reasons in a platform where they belong, and drops what nothing is written of.
func (e *evaluator) finish(p *Platform, reasons Reasons) error {
	if err := p.setReasons(reasons); err != nil {
		return fmt.Errorf("blueprint %s: %w", e.shown(), err)
	}
	for i := range p.Components {
		for _, files := range []map[string]any{p.Components[i].Objects, p.Components[i].Extras} {
			maps.DeleteFunc(files, func(_ string, objects any) bool { return isEmptyList(objects) })
		}
	}
	return nil
}

// isEmptyList tells what nothing is written of.
func isEmptyList(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) == 0
}
