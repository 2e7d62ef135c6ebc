package render

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/doors"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// builder builds one kustomization. It reads all that the kustomization includes first, because kustomize's libraries
// end the process on some bad inputs, would fetch what is remote and tell little of where an error stands; inflates the
// charts; and then hands kustomize a tree in which the charts' output stands among the resources.
type builder struct {
	repo    *repository
	options *Options
	fs      overlay
	origins origins
	// shelf are the parts of charts' CustomResourceDefinitions that kustomize need not see, by name.
	shelf    map[string]map[string]any
	problems []Problem
	// state says what is lacking; what fails is among the problems.
	state State
	// records are what is known of charts that are not at hand.
	records        []manifest.Resource
	recordedImages []string
	// blocked says that kustomize may not run, because it would fetch something; double that a resource has a key twice.
	blocked, double bool
	// lists are the lists of charts, inflated the entries of them that were rendered, by their places.
	lists    []manifest.Place
	inflated map[manifest.Place]*inflated
	// abandoned says that kustomize took too long and still runs.
	abandoned bool
	// secret says that something was fetched by URL that nobody is to learn of: objects may hold it, and errors tell it.
	secret bool
	// managed says that objects get a label with kustomize's version.
	managed bool
	walked  int
}

func newBuilder(r *repository, o *Options) *builder {
	return &builder{repo: r, options: o, fs: newOverlay(r.tree), origins: newOrigins(), shelf: map[string]map[string]any{}, inflated: map[manifest.Place]*inflated{}}
}

func (b *builder) build(ctx context.Context, dir string) (build, error) {
	if err := b.walk(ctx, dir, layer{}); err != nil {
		return build{}, err
	}
	read := maps.Clone(b.fs.read)
	var resources []manifest.Resource
	if !b.failed() && !b.blocked {
		var err error
		if resources, err = b.run(ctx, dir); err != nil {
			return build{}, err
		}
		if !b.abandoned {
			read = b.fs.read
		}
	}
	if !b.failed() && !b.blocked {
		resources = append(resources, b.records...)
	}
	for i := range resources {
		resources[i].Origin.Fetched = b.secret
	}
	if b.state.Kind < Refused && b.failed() {
		b.state = failed
	}
	return build{
		resources: resources, problems: b.problems, state: b.state, recordedImages: b.recordedImages,
		read: slices.Sorted(maps.Keys(read)), charts: b.lists, inflated: b.inflated,
	}, nil
}

// stopped tells of something that passed its limits. What took its time only is left to itself; where it took memory
// too, the error says so, and the process should end.
func (b *builder) stopped(at manifest.Place, what string, err error) error {
	var exceeded *watchdog.Exceeded
	if !errors.As(err, &exceeded) || exceeded.Memory {
		return fmt.Errorf("%s: %s %w", at, what, err)
	}
	b.fail(at, "%s was %s", what, err)
	return nil
}

// failed reports whether something keeps the kustomization from being rendered. Kustomize refuses double keys too.
func (b *builder) failed() bool {
	return b.double || b.state.Kind == Refused || hasFailed(b.problems)
}

func (b *builder) fail(at manifest.Place, format string, args ...any) {
	b.problems = append(b.problems, Problem{Place: at, Message: fmt.Sprintf(format, args...)})
}

// lack takes a state in place of one that says less; of those that say as much the first counts.
func (b *builder) lack(s State) {
	if s.Kind > b.state.Kind {
		b.state = s
	}
}

// skip says why something is not rendered.
func (b *builder) skip(hint, format string, args ...any) {
	b.lack(State{Kind: NotRendered, Reason: fmt.Sprintf(format, args...), Hint: hint})
}

// kustomizeVersion is the one that the Argo CD we generate ships.
const kustomizeVersion = "v5.8.1"

// maxKustomizations bounds kustomizations that include others over and over.
const maxKustomizations = 10_000

// walk reads the kustomization in dir and all that it includes. An error means that ctx has ended or a chart passed
// its limits.
func (b *builder) walk(ctx context.Context, dir string, l layer) error {
	k, problems := b.repo.readKustomization(dir)
	b.fs.read[k.file] = true
	b.problems = append(b.problems, problems...)
	if b.walked++; b.walked == maxKustomizations {
		b.fail(k.place(), "it is included again and again, more than %d kustomizations in all", maxKustomizations)
	}
	if hasFailed(problems) || b.walked >= maxKustomizations {
		return ctx.Err()
	}
	if isComponent := k.Kind == types.ComponentKind; isComponent != l.component && len(l.parents) > 0 {
		field, kind := "resources", types.KustomizationKind
		if l.component {
			field, kind = "components", types.ComponentKind
		}
		b.fail(k.place("kind"), "it stands under %s of %s, so its kind must be %s", field, b.repo.kustomization(l.parents[len(l.parents)-1]), kind)
	}
	if reason := k.unsupported(); reason != "" {
		b.blocked = true
		b.skip(hintUnknown, "%s", reason)
	}
	if len(l.parents) == 0 {
		b.managed = slices.Contains(k.BuildMetadata, types.ManagedByLabelOption)
	}
	l = l.below(k)
	for _, ref := range k.references() {
		if err := b.include(ctx, k, ref, l); err != nil {
			return err
		}
	}
	b.generated(k, l)
	k, err := b.remotes(ctx, k, l)
	if err != nil {
		return err
	}
	if err := b.charts(ctx, k, l); err != nil {
		return err
	}
	return ctx.Err()
}

// include checks one thing that a kustomization names, and reads it.
func (b *builder) include(ctx context.Context, k kustomization, ref reference, l layer) error {
	if ref.use == asInline {
		b.inline(k, ref)
		return nil
	}
	at, p := k.place(ref.at...), path.Join(k.dir, ref.name)
	_, isFile := b.repo.tree.File(p)
	switch {
	case b.isRemote(k, ref):
		// remotes deals with it
	case path.IsAbs(ref.name):
		b.fail(at, "%q: want a path relative to the kustomization", ref.name)
	case p == ".." || strings.HasPrefix(p, "../"):
		b.fail(at, "%q leads out of the repository", ref.name)
	case isFile && ref.use == asComponent:
		b.fail(at, "%q: want a directory", ref.name)
	case isFile && !b.repo.mayRead(k.dir, p):
		b.fail(at, "%q: kustomize reads no file outside of the kustomization's directory", ref.name)
	case isFile:
		b.file(p, ref.use, l)
	case b.repo.tree.WhyUnread(p) != "":
		b.fail(at, "%q was not read: %s", ref.name, b.repo.tree.WhyUnread(p))
	case !b.fs.isDir(p):
		b.fail(at, "%q: there is no such file or directory", ref.name)
	case ref.use == asYAML || ref.use == asData:
		b.fail(at, "%q: want a file", ref.name)
	case slices.ContainsFunc(l.parents, func(parent string) bool { return within(p, parent) }):
		b.fail(at, "%q: the kustomization includes itself, or a directory that it stands in", ref.name)
	case b.repo.kustomization(p) == "":
		b.fail(at, "directory %q has no kustomization.yaml", ref.name)
	default:
		l.component, l.config = ref.use == asComponent, l.config || ref.use == asConfig
		return b.walk(ctx, p, l)
	}
	return nil
}

// mayRead reports whether kustomize reads the file p for a kustomization in dir.
func (r *repository) mayRead(dir, p string) bool { return r.unrestricted || within(dir, p) }

// within reports whether p is dir or below it.
func within(dir, p string) bool { return dir == "." || p == dir || strings.HasPrefix(p, dir+"/") }

// file reads a file that a kustomization names.
func (b *builder) file(p string, use use, l layer) {
	b.fs.read[p] = true
	if use == asData {
		return
	}
	file := b.repo.file(p)
	b.problems = append(b.problems, file.problems...)
	b.double = b.double || use == asResource && len(file.problems) > 0
	for _, res := range flattenNamed(file.resources) {
		if use == asResource {
			b.origins.add(res, l)
			if _, err := decode(res.Origin.Node); err != nil && len(file.problems) == 0 {
				b.fail(res.Place(), "%s: %s", res.ID, oneLine(err.Error()))
			}
		}
		if use == asConfig || l.config {
			b.config(res)
		}
		if field := oddData(res.Object); field != "" {
			b.fail(res.Place(field), "%s of a %s: want a mapping", field, res.ID.Kind)
		}
	}
}

// inline reads YAML that stands in a kustomization.
func (b *builder) inline(k kustomization, ref reference) {
	at := k.place(ref.at...)
	resources, problems := manifest.Parse(k.file, []byte(ref.name))
	for _, p := range problems {
		b.fail(at, "line %d: %s", p.Place.Line, p.Message)
	}
	for _, res := range flattenNamed(resources) {
		b.config(res)
	}
}

// oddData gives the field of a ConfigMap or Secret that is no mapping: kustomize ends the process where it merges such.
func oddData(object map[string]any) string {
	if kind := object["kind"]; kind != "ConfigMap" && kind != "Secret" {
		return ""
	}
	for _, field := range []string{"data", "binaryData", "stringData"} {
		if _, ok := object[field].(map[string]any); !ok && object[field] != nil {
			return field
		}
	}
	return ""
}

// namesURL matches what a plugin's configuration names by URL, for itself or behind the key of a file.
var namesURL = regexp.MustCompile(`(?i)^([^=/]*=)?https?:`)

// config looks for what the configuration of a plugin makes kustomize fetch or run.
func (b *builder) config(res manifest.Resource) {
	if res.ID.Kind == "HelmChartInflationGenerator" {
		b.blocked = true
		b.skip(hintUnknown, "%s has a HelmChartInflationGenerator, which this version does not render: use helmCharts", res.Origin.Place.File)
	}
	manifest.MapTexts(res.Object, func(text string) string {
		if namesURL.MatchString(text) {
			b.blocked = true
			b.skip(hintUnknown, "%s names %s, which kustomize may fetch and this version does not", res.Origin.Place.File, shown(text))
		}
		return text
	})
}

// run calls kustomize. An error means that ctx has ended or a limit was passed.
func (b *builder) run(ctx context.Context, dir string) ([]manifest.Resource, error) {
	var objects []*resource.Resource
	var err error
	stopped := watchdog.Run(ctx, b.options.Limits, func() { objects, err = b.kustomize(dir) })
	if stopped != nil {
		b.abandoned = true
		return nil, b.stopped(manifest.Place{File: b.repo.kustomization(dir), Line: 1, Column: 1}, "kustomize", stopped)
	}
	if err == nil {
		resources, problem := b.convert(objects)
		if problem == nil {
			return resources, nil
		}
		err = problem
	}
	problem := b.blame(err, dir)
	if b.secret {
		problem.Message = "kustomize: " + untold
	}
	b.records = nil
	switch b.state.Kind {
	case Recorded:
		b.skip(hintCharts, "%s, and kustomize cannot do without: %s", b.state.Reason, problem.Message)
	case Rendered: // else it may lack what is not rendered
		b.problems = append(b.problems, problem)
	}
	return nil, nil
}

// kustomize runs kustomize, whose libraries may panic on odd input, behind shut doors.
func (b *builder) kustomize(dir string) (objects []*resource.Resource, err error) {
	defer doors.Shut()()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("kustomize cannot read this: %v", r)
		}
	}()
	options := krusty.MakeDefaultOptions()
	if b.repo.unrestricted {
		options.LoadRestrictions = types.LoadRestrictionsNone
	}
	built, err := krusty.MakeKustomizer(options).Run(b.fs, path.Join(mount, dir))
	if err != nil {
		return nil, err
	}
	return built.Resources(), nil
}

// convert turns kustomize's objects into ours and finds where they come from.
func (b *builder) convert(objects []*resource.Resource) ([]manifest.Resource, error) {
	var resources []manifest.Resource
	for _, o := range objects {
		object, err := decode(o.YNode())
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", o.GetKind(), o.GetName(), err)
		}
		if labels, ok := manifest.Dig(object, "metadata", "labels").(map[string]any); ok && b.managed {
			labels[konfig.ManagedbyLabelKey] = "kustomize-" + kustomizeVersion
		}
		id := manifest.NewID(object)
		if isCRD(object) {
			for field, v := range b.shelf[id.Name] {
				object[field] = v
			}
		}
		resources = append(resources, manifest.Resource{ID: id, Object: object, Origin: b.origins.find(id)})
	}
	return resources, nil
}
