package schema

import (
	"cmp"
	"fmt"
	"strings"

	apiversion "k8s.io/apimachinery/pkg/version"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/schema/verdict"
)

const deprecatedAPI = "versions/deprecated-api"

var deprecatedAPIRule = linter.Rule{
	ID:    deprecatedAPI,
	Title: "API version is removed or deprecated",
	Description: "Write the apiVersion that the Kubernetes of the cluster serves, and the fields as they are called there; " +
		"of a chart take a version that does.",
	Rationale: "The API server refuses what it no longer serves: the first sync after the cluster's upgrade fails, and with it everything else of the Application. " +
		"What is deprecated weighs info, for it works until it is removed: `gitopsgen lint --kube-version next` tells what the next minor would refuse.",
	Severity:   linter.Severities{Small: linter.Warning, Medium: linter.Warning, Enterprise: linter.Error},
	References: []string{"https://kubernetes.io/docs/reference/using-api/deprecation-guide/"},
}

// outdated finds the objects whose apiVersion Kubernetes has given up, or will.
type outdated struct {
	source  Source
	in      linter.Input
	customs map[customKind]int
	endings map[question]ending
	// served are the apiVersions and kinds that there are in a version of Kubernetes.
	served map[string]map[[2]string]bool
}

// ending says what is told of the objects of a kind; without a message that is nothing.
type ending struct {
	message, instead string
	removed          bool
	related          []linter.Related
}

// outdated gives a finding for each object whose apiVersion is removed or deprecated, in their order, and the objects whose
// apiVersion is removed, as indices of Input.Resources.
func (c *Checker) outdated(in linter.Input) (findings []linter.Finding, removed map[int]bool, err error) {
	o := outdated{source: c.source, in: in, customs: customsOf(in.Resources), endings: map[question]ending{}, served: map[string]map[[2]string]bool{}}
	removed = map[int]bool{}
	for i := range in.Resources {
		r := &in.Resources[i]
		e, err := o.ending(in.KubernetesOf(r.Origin.Cluster), r.ID)
		if err != nil {
			return nil, nil, fmt.Errorf("versions of %s %s: %w", r.ID.APIVersion(), r.ID.Kind, err)
		}
		if e.message == "" {
			e = o.custom(r)
		}
		if e.message == "" {
			continue
		}
		if e.removed {
			removed[i] = true
		}
		findings = append(findings, e.finding(r))
	}
	return findings, removed, nil
}

// ending says what becomes of a kind of Kubernetes' own in a version of it, and works that out once.
func (o outdated) ending(kubernetes string, id manifest.ID) (e ending, err error) {
	q := question{kubernetes: kubernetes, apiVersion: id.APIVersion(), kind: id.Kind}
	e, known := o.endings[q]
	if !known {
		e, err = o.endingOf(q, id)
		o.endings[q] = e
	}
	return e, err
}

func (o outdated) endingOf(q question, id manifest.ID) (e ending, err error) {
	deprecated, removed, _ := o.source.Lifecycle(q.apiVersion, q.kind)
	if deprecated+removed == "" {
		return e, nil
	}
	judgedBy, err := o.source.Nearest(q.kubernetes)
	if err != nil {
		return e, err
	}
	kinds, err := o.kinds(q.kubernetes)
	if err != nil {
		return e, err
	}
	served := kinds[[2]string{q.apiVersion, q.kind}]
	kubernetes := cmp.Or(q.kubernetes, judgedBy)
	what := fmt.Sprintf("serves %s as %q", q.kind, q.apiVersion)
	switch {
	case reached(removed, kubernetes) && !served:
		e.removed = true
		e.message = fmt.Sprintf("Kubernetes %s no longer %s, which %s removed", kubernetes, what, removed)
	// What was to be removed may be served longer; of versions whose kinds are not known the plan is all there is.
	case reached(removed, kubernetes) && !reached(removed, judgedBy):
		e.removed = true
		e.message = fmt.Sprintf("Kubernetes %s no longer %s, which %s is to remove", kubernetes, what, removed)
	case served && reached(deprecated, kubernetes):
		e.message = fmt.Sprintf("Kubernetes %s %s, deprecated since %s", kubernetes, what, deprecated)
		if removed != "" && !reached(removed, kubernetes) {
			e.message += fmt.Sprintf(" and to be removed in %s", removed)
		}
	}
	if e.message != "" {
		e.instead = o.instead(kinds, id)
	}
	return e, nil
}

// kinds are those that there are in a version of Kubernetes.
func (o outdated) kinds(kubernetes string) (map[[2]string]bool, error) {
	if o.served[kubernetes] == nil {
		all, err := o.source.Served(kubernetes)
		if err != nil {
			return nil, err
		}
		o.served[kubernetes] = map[[2]string]bool{}
		for apiVersion, kind := range all {
			o.served[kubernetes][[2]string{apiVersion, kind}] = true
		}
	}
	return o.served[kubernetes], nil
}

// instead gives the apiVersion among kinds to write in place of one, empty where there is none: the one that Kubernetes names,
// or the newest of the group.
func (o outdated) instead(kinds map[[2]string]bool, id manifest.ID) string {
	const longest = 10 // of a chain in which each replaces the one before
	at := [2]string{id.APIVersion(), id.Kind}
	for range longest {
		if _, _, at = o.source.Lifecycle(at[0], at[1]); kinds[at] {
			return at[0]
		}
	}
	best := id.Version
	for k := range kinds {
		group, version, _ := strings.Cut(k[0], "/")
		if k[1] == id.Kind && group == id.Group && apiversion.CompareKubeAwareVersionStrings(version, best) > 0 {
			best = version
		}
	}
	if best == id.Version {
		return ""
	}
	return id.Group + "/" + best
}

// custom says what a CustomResourceDefinition among the objects says of the version that an object is written in.
func (o outdated) custom(r *manifest.Resource) (e ending) {
	at, found := o.customs[customKind{r.Origin.Cluster, r.ID.Group, r.ID.Kind}]
	if !found || o.source.Own(r.ID.Group) || o.in.Resources[at].Origin.Fetched {
		return e
	}
	crd := o.in.Resources[at]
	versions, _ := manifest.Dig(crd.Object, "spec", "versions").([]any)
	best, deprecated := "", -1
	for i, v := range versions {
		name, _ := manifest.Dig(v, "name").(string)
		switch isDeprecated := manifest.Dig(v, "deprecated") == true; {
		case name == r.ID.Version && isDeprecated:
			deprecated = i
		case manifest.Dig(v, "served") == true && !isDeprecated && (best == "" || apiversion.CompareKubeAwareVersionStrings(name, best) > 0):
			best = name
		}
	}
	if deprecated < 0 {
		return e
	}
	e.message = fmt.Sprintf("its CustomResourceDefinition calls %q deprecated", r.ID.APIVersion())
	if warning, ok := manifest.Dig(versions[deprecated], "deprecationWarning").(string); ok {
		e.message += fmt.Sprintf(" (%s)", verdict.Show(warning))
	}
	if best != "" {
		e.instead = r.ID.Group + "/" + best
	}
	e.related = []linter.Related{{Place: crd.Place("spec", "versions", deprecated, "deprecated"), Message: "deprecated"}}
	return e
}

// finding tells it of an object. What is but deprecated weighs info.
func (e ending) finding(r *manifest.Resource) linter.Finding {
	f := linter.Finding{Rule: deprecatedAPI, Message: e.message, At: manifest.Path{"apiVersion"}, Related: e.related}
	if !e.removed {
		f.Severity = linter.Info
	}
	switch {
	case e.instead == "" && e.removed:
		f.Fix = "take the object out"
	case e.instead == "":
	case r.Origin.Chart != "":
		f.Fix = fmt.Sprintf("take a version of the chart that writes %s, or mend the chart", e.instead)
	default:
		f.Fix = fmt.Sprintf("write apiVersion: %s, and the fields as they are called there", e.instead)
	}
	instead := "there is nothing to write instead"
	if e.instead != "" {
		instead = fmt.Sprintf("write %q", e.instead)
	}
	f.Message += ": " + instead
	return f.About(r)
}
