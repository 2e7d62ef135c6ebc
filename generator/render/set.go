package render

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/appset"
	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// setLimits bound the expansion of one ApplicationSet: nothing bounds a template from inside.
var setLimits = watchdog.Limits{Time: 30 * time.Second, Memory: 2 << 30}

// What helps where an ApplicationSet asks for what is not here.
const (
	hintSet     = "say what it finds under lint.fixtures in gitopsgen.yaml"
	hintCluster = "declare the clusters in gitopsgen.yaml"
)

// made is an Application that a set made, and what the set is known by.
type made struct {
	manifest.Resource
	set string
}

// expand gives the Applications that wait, with those that the ApplicationSets among them make.
func (r *renderer) expand(ctx context.Context) (wave []manifest.Resource, err error) {
	for len(r.queue) > 0 {
		queue := r.queue
		r.queue = nil
		for _, res := range queue {
			if !argocd.IsApplicationSet(res.ID) {
				wave = append(wave, res)
			} else if err := r.applicationSet(ctx, res); err != nil {
				return nil, err
			}
		}
	}
	return wave, nil
}

// applicationSet queues what a set makes, and tells what keeps it from making more.
func (r *renderer) applicationSet(ctx context.Context, set manifest.Resource) error {
	var out appset.Expansion
	var notes []string
	world := appset.World{Tree: r.repository().Tree, Root: r.rootOf, Clusters: r.clusters(), Fixtures: r.options.Fixtures, Absent: func(url, revision string, found bool) *appset.Lack {
		lack, note := r.absent(url, revision, found)
		notes = append(notes, note...)
		return lack
	}}
	err := watchdog.Run(ctx, cmp.Or(r.options.Limits, setLimits), func() { out = appset.Expand(set, world) })
	var exceeded *watchdog.Exceeded
	switch {
	case errors.As(err, &exceeded) && !exceeded.Memory:
		out, notes = appset.Expansion{Lacks: []appset.Lack{{Place: set.Place("spec", "template"), Text: "it was " + exceeded.Error()}}}, nil
	case err != nil:
		return fmt.Errorf("%s: ApplicationSet %s: %w", set.Place(), set.ID.Name, err)
	}
	r.result.Notes = append(append(r.result.Notes, notes...), out.Notes...)
	if len(out.Applications)+len(out.Lacks) == 0 {
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("ApplicationSet %s (%s) makes no Application: its generators give nothing here", set.ID.Name, set.Place()))
	}
	for _, generator := range out.Asked {
		r.asked[[2]string{set.ID.Name, generator}] = true
	}
	r.lacking(set, out.Lacks)
	for _, app := range out.Applications {
		if err := r.make(set, app); err != nil {
			return err
		}
	}
	return nil
}

// make queues an Application that a set makes, and takes it for an object, unless it is the same in another state of the repository.
func (r *renderer) make(set, app manifest.Resource) error {
	r.enqueue(app)
	if r.compare != nil {
		if unchanged, err := r.compare.part("made", set.ID, app.Object); unchanged || err != nil {
			return err
		}
	}
	r.made = append(r.made, made{app, keyOf(set)})
	return nil
}

// lacking lists a set of which something cannot be made, by the worst that keeps it.
func (r *renderer) lacking(set manifest.Resource, lacks []appset.Lack) {
	if len(lacks) == 0 {
		return
	}
	app := Application{Name: set.ID.Name, Place: set.Place(), Object: set}
	for _, l := range lacks {
		state := build.State{Kind: build.Failed, Reason: build.DoesNotRender}
		switch l.Kind {
		case appset.Wrong:
			r.tell(build.Problem{Place: l.Place, Application: app.Name, Message: fmt.Sprintf("ApplicationSet %s: %s", app.Name, l.Text)})
		case appset.Clusterless:
			state = notRendered(l.Text, hintCluster)
		case appset.NotHere:
			state = notRendered(l.Text, hintRevision)
		case appset.Unsaid:
			state = notRendered(l.Text, hintSet)
		case appset.Elsewhere:
			state = build.State{Kind: build.Elsewhere, Reason: l.Text, Hint: build.HintCheckout}
		}
		if app.State == (build.State{}) || state.Kind > app.State.Kind {
			app.State = state
		}
	}
	r.result.Applications = append(r.result.Applications, app)
}

// unasked notes the fixtures that no set asks for.
func (r *renderer) unasked() {
	for _, f := range r.options.Fixtures {
		if !r.asked[[2]string{f.Set, f.Generator}] {
			r.result.Notes = append(r.result.Notes, fmt.Sprintf("%s: no ApplicationSet %s asks with its generator %s", f.Place, f.Set, f.Generator))
		}
	}
}

// absent says why what a generator asks of a repository is not here, or what had to be assumed where it is.
func (r *renderer) absent(url, revision string, found bool) (lack *appset.Lack, notes []string) {
	at := chart.Location(url)
	if c, given := r.options.Checkouts.Find(url); given {
		return r.notHere(c, revision), nil
	}
	is, assumed := r.here(url, found)
	if !is {
		return &appset.Lack{Kind: appset.Elsewhere, Text: "its generator git reads another repository, " + at}, nil
	}
	if assumed != "" {
		notes = []string{assumed}
	}
	if !r.present(revision) {
		text := fmt.Sprintf("its generator git reads the revision %q of this repository, and not what stands here", revision)
		return &appset.Lack{Kind: appset.NotHere, Text: text}, nil
	}
	return nil, notes
}

// clusters are those that Argo CD knows: what is declared, else what Secrets in the tree say.
func (r *renderer) clusters() []appset.Cluster {
	if len(r.options.Declared) > 0 {
		return r.options.Declared
	}
	var secrets []manifest.Resource
	for _, p := range r.repository().Paths {
		secrets = append(secrets, r.repository().Manifest(p).Resources...)
	}
	return appset.Clusters(secrets)
}

// addMade puts what sets made among the objects, each beside its set: what brings the set brings it, too.
func (r *renderer) addMade() {
	sets := map[string]manifest.Resource{}
	for _, res := range r.result.Resources {
		if argocd.IsApplicationSet(res.ID) {
			sets[keyOf(res)] = res
		}
	}
	for _, m := range r.made {
		if set, ok := sets[m.set]; ok {
			of := set.Origin
			m.Origin.Application, m.Origin.Cluster, m.Origin.Component = of.Application, of.Cluster, of.Component
			if set.ID.Namespace != "" && m.ID.Namespace == "" {
				m.Resource = withNamespace(m.Resource, set.ID.Namespace)
			}
		}
		r.result.Resources = append(r.result.Resources, m.Resource)
	}
}

// keyOf is what an Application or a set is known by, wherever it is found.
func keyOf(res manifest.Resource) string {
	spec, _ := json.Marshal(res.Object["spec"]) // which is JSON-shaped
	return res.ID.Kind + " " + res.ID.Name + " " + string(spec)
}
