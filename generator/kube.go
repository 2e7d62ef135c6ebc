package generator

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Kube is a version of Kubernetes that a person asks about, in place of those that clusters have. The zero Kube leaves these.
type Kube struct {
	minor, patch string
	// next asks for the minor version after each.
	next bool
}

// kubeVersion is the form of a version as clusters tell it. What a distribution adds to it decides nothing here.
var kubeVersion = regexp.MustCompile(`^v?(1\.(?:0|[1-9]\d{0,2}))(\.\d{1,3})?([-+][0-9A-Za-z.+-]*)?$`)

// ParseKube reads a version of Kubernetes, or "next".
func ParseKube(text string) (Kube, error) {
	if text == "next" {
		return Kube{next: true}, nil
	}
	m := kubeVersion.FindStringSubmatch(text)
	if m == nil {
		return Kube{}, fmt.Errorf("%q: want a version of Kubernetes, as in 1.37, or next for the one after each cluster's own", text)
	}
	return Kube{minor: m[1], patch: m[2]}, nil
}

// Minor is the version that is asked for, major.minor; empty where that is the next one.
func (k Kube) Minor() string { return k.minor }

// of is the version, major.minor, that counts for a cluster which has another one.
func (k Kube) of(own string) string {
	if k.minor != "" {
		return k.minor
	}
	major, minor, _ := strings.Cut(own, ".")
	n, err := strconv.Atoi(minor)
	if !k.next || err != nil {
		return own
	}
	return fmt.Sprintf("%s.%d", major, n+1)
}

// chart is that version as charts are told it.
func (k Kube) chart(own string) string {
	if k.patch != "" {
		return k.minor + k.patch
	}
	return k.of(own) + ".0"
}

// kubernetes lists the versions that the spec of a repository has, each with the clusters that have it.
func (r Repository) kubernetes() (versions []string, clusters map[string][]string) {
	clusters = map[string][]string{r.Spec.KubernetesVersion: nil}
	for _, c := range r.Spec.Clusters {
		clusters[c.KubernetesVersion] = append(clusters[c.KubernetesVersion], c.Name)
	}
	for version := range clusters {
		versions = append(versions, version)
	}
	slices.Sort(versions)
	return versions, clusters
}

// charts says what charts are told in place of the versions that their entries name. These follow the spec where there is one:
// who raises it there raises them.
func (k Kube) charts(r Repository) map[string]string {
	if k == (Kube{}) || r.Document == nil {
		return nil
	}
	instead := map[string]string{}
	versions, _ := r.kubernetes()
	for _, own := range versions {
		instead[own+".0"] = k.chart(own)
	}
	return instead
}

// notes tell of the versions that count, and of what was rendered for others.
func (k Kube) notes(r Rendered) (notes []string) {
	versions, clusters := r.kubernetes()
	var raised []string
	for _, own := range versions {
		if asked := k.of(own); asked != own && (len(versions) == 1 || len(clusters[own]) > 0) {
			raised = append(raised, fmt.Sprintf("%s in place of %s", asked, own))
			if len(versions) > 1 {
				raised[len(raised)-1] += " (" + wording.Some(clusters[own]) + ")"
			}
		}
	}
	if len(raised) == 0 {
		return nil
	}
	notes = append(notes, "--kube-version: this is for Kubernetes "+strings.Join(raised, ", "))
	recorded := func(a render.Application) bool { return a.State.Kind == build.Recorded }
	if slices.ContainsFunc(r.Applications, recorded) {
		notes = append(notes, "--kube-version: what charts were recorded to render to is for the version in gitopsgen.yaml")
	}
	return notes
}

// judgedByOthers tells of versions of Kubernetes whose objects are judged by the schemas of another one.
func (g Generator) judgedByOthers(in linter.Input) (notes []string, err error) {
	if len(in.Resources) == 0 {
		return nil, nil
	}
	versions := []string{in.KubernetesVersion}
	for _, version := range in.ClusterVersions {
		versions = append(versions, version)
	}
	slices.Sort(versions)
	for _, version := range slices.Compact(versions) {
		nearest, err := g.Schemas.Nearest(version)
		if err != nil {
			return nil, err
		}
		if nearest != version {
			notes = append(notes, JudgedByAnother(version, nearest))
		}
	}
	return notes, nil
}

// JudgedByAnother tells that objects for one version of Kubernetes are judged by the schemas of another one.
func JudgedByAnother(version, nearest string) string {
	return fmt.Sprintf("no schemas of Kubernetes %s are known: objects are judged by those of %s", version, nearest)
}
