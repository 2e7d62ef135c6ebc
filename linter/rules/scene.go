package rules

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

// scene is one cluster, with what is found there.
type scene struct {
	*cluster.Cluster
	*room
	findings []linter.Finding
}

// room is what is known of a cluster besides its objects.
type room struct {
	view *linter.View
	name string
	// fetched says that something of it was fetched by URL, and lacking are the Applications that may bring more than is here.
	fetched bool
	lacking []string
	// missed says that something was not found, tired that not all was looked for, and unchanged that what brings the same as before
	// was not looked at: it may need what is gone.
	missed, tired, unchanged bool
	// needed are the items of lint.external that something was found in, by their index, each as often as that was so.
	needed []int
}

// everywhere judges each cluster, and says of what it could not.
func everywhere(judge func(*scene)) func(*linter.View) linter.Judgement {
	return func(v *linter.View) linter.Judgement {
		var out linter.Judgement
		var missed []*room
		for _, name := range v.ClusterNames() {
			r := roomOf(v, name)
			for _, c := range v.Seen(name) {
				s := &scene{Cluster: c.Bounded(), room: r}
				judge(s)
				r.tired = r.tired || s.Exhausted()
				out.Findings = append(out.Findings, s.findings...)
			}
			out.Needed = append(out.Needed, r.needed...)
			if r.missed || r.tired || r.unchanged {
				missed = append(missed, r)
			}
		}
		for _, why := range reasons(missed) {
			out.NotJudged = append(out.NotJudged, linter.NotJudged{Reason: why})
		}
		return out
	}
}

func roomOf(v *linter.View, name string) *room {
	r := &room{view: v, name: name}
	r.fetched = slices.ContainsFunc(v.InCluster(name), func(r *manifest.Resource) bool { return r.Origin.Fetched })
	r.lacking = v.Lacking(name)
	r.unchanged = slices.ContainsFunc(v.Input.Applications, func(s linter.State) bool { return s.Unchanged && s.Cluster == name })
	return r
}

// covers reports whether gitopsgen.yaml says that an object, which is lacking, comes from elsewhere.
func (r *room) covers(what manifest.ID) bool {
	i := slices.IndexFunc(r.view.External, func(e linter.External) bool { return e.Covers(r.name, what.Kind, what.Namespace, what.Name) })
	if i >= 0 {
		r.needed = append(r.needed, i)
	}
	return i >= 0
}

// whole reports whether all is here that goes to the cluster.
func (r *room) whole() bool { return r.name != "" && !r.fetched && len(r.lacking) == 0 }

// reasons say why what is here may be a part of what goes to clusters.
func reasons(missed []*room) (why []string) {
	var names []string
	var alone, fetched, tired, unchanged bool
	for _, r := range missed {
		tired, unchanged = tired || r.tired, unchanged || r.unchanged
		switch {
		case !r.missed || r.unchanged:
		case r.name == "":
			alone = true
		case r.fetched:
			fetched = true
		default:
			names = append(names, r.lacking...)
		}
	}
	if unchanged {
		why = append(why, "what did not change was not judged again, and may need what did")
	}
	if alone {
		why = append(why, "what no Application brings may be a part of what goes to a cluster")
	}
	if fetched {
		why = append(why, "what is lacking may be in what is fetched by URL")
	}
	if tired {
		why = append(why, "there are more selectors and pods than are compared")
	}
	if slices.Sort(names); len(names) > 0 {
		why = append(why, "what is lacking may be in what was not rendered: "+wording.Some(slices.Compact(names)))
	}
	return why
}

// deployed judges each cluster that Applications bring something to: of what none brings nobody knows what else stands beside it.
func deployed(judge func(*scene)) func(*linter.View) linter.Judgement {
	return everywhere(func(s *scene) {
		if s.name != "" {
			judge(s)
		}
	})
}

// tell tells of an object.
func (s *scene) tell(r *manifest.Resource, f linter.Finding) {
	s.findings = append(s.findings, f.About(r))
}

// lacks tells of an object that another one is not there, unless that may come from where nobody here looks.
func (s *scene) lacks(r *manifest.Resource, what manifest.ID, f linter.Finding) {
	if s.covers(what) || cluster.Foreign(what.Namespace) || s.MayMake(r, what.Kind, what) {
		return
	}
	switch {
	case !s.whole():
		s.missed = true
	case !s.Exhausted():
		s.tell(r, f)
	}
}

// service tells of a backend whose Service is lacking, or has no such port.
func (s *scene) service(r *manifest.Resource, b cluster.Backend) {
	to := manifest.ID{Version: "v1", Kind: "Service", Namespace: b.Namespace, Name: b.Name}
	services := s.Find(to)
	if len(services) == 0 {
		s.lacks(r, to, linter.Finding{
			Message: fmt.Sprintf("there is no Service %q in the namespace %q%s", b.Name, b.Namespace, s.Meant(to)), At: b.At,
		})
		return
	}
	lacks := func(service *manifest.Resource) bool { return !s.HasServicePort(service, b.Port) }
	if b.Port == nil || b.Port == "use-annotation" || !every(services, lacks) {
		return
	}
	s.tell(r, linter.Finding{
		Message: fmt.Sprintf("the Service %q has no port %v: it has %s", b.Name, b.Port, wording.Some(cluster.ServicePorts(services[0]))), At: b.PortAt,
		Related: []linter.Related{{Place: services[0].Place("spec", "ports"), Message: "the ports of the Service"}},
	})
}

// selects reports whether a selector matches pods of a namespace, as they are made or when they run.
func (s *scene) selects(namespace string, by labels.Selector) bool {
	if s.Any(namespace, by) {
		return true
	}
	lasting, ok := s.Lasting(namespace, by)
	return ok && s.Any(namespace, lasting)
}

// podsOf names the pods that something in a namespace is to select.
func podsOf(namespace string) manifest.ID {
	return manifest.ID{Version: "v1", Kind: "Pod", Namespace: namespace}
}

// every reports whether something is so of all items, of which there is one at least: of objects of one name, which may be several
// kustomizations', the one that fits counts.
func every[T any](items []T, is func(T) bool) bool {
	return len(items) > 0 && !slices.ContainsFunc(items, func(item T) bool { return !is(item) })
}
