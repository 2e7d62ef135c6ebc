package blueprints_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var tierNames = []string{"small", "medium", "enterprise"}

// TestTeamsProjects wants no project of a team to permit what is not the team's own: others' namespaces, Argo CD's among them, and
// the kinds by which it could help itself to more. That projects permit what their Applications bring is a rule.
func TestTeamsProjects(t *testing.T) {
	teams := 0
	for _, tier := range tierNames {
		for _, res := range goldenTree(t, tier).Resources {
			if !argocd.IsAppProject(res.ID) || res.ID.Name == "platform" {
				continue
			}
			teams++
			project, problems := argocd.ReadAppProject(res)
			if len(problems) > 0 || len(project.Spec.Destinations) == 0 {
				t.Fatalf("%s: project %s: %v", tier, res.ID.Name, problems)
			}
			for _, d := range project.Spec.Destinations {
				if d.Namespace == "argocd" || strings.ContainsAny(d.Namespace, "*?[{!") {
					t.Errorf("%s: project %s of a team permits the namespace %s", tier, res.ID.Name, d.Namespace)
				}
			}
			for _, kind := range withheld {
				if project.PermitsNamespaced(manifest.ID{Group: kind[0], Kind: kind[1], Namespace: project.Spec.Destinations[0].Namespace, Name: "any"}) {
					t.Errorf("%s: project %s of a team permits the kind %s of %q", tier, res.ID.Name, kind[1], kind[0])
				}
			}
		}
	}
	if teams == 0 {
		t.Error("no team has a project")
	}
}

// withheld are kinds, with their groups, by which a team could take what is not its own.
var withheld = [][2]string{
	{"", "LimitRange"}, {"", "ResourceQuota"}, {"argoproj.io", "Application"}, {"argoproj.io", "AppProject"},
	{"rbac.authorization.k8s.io", "Role"}, {"rbac.authorization.k8s.io", "RoleBinding"},
}

// place is where an Application's objects go.
type place struct{ server, namespace string }

func destinationOf(app manifest.Resource) place {
	return place{text(app.Object, "spec", "destination", "server"), text(app.Object, "spec", "destination", "namespace")}
}

func allows(project manifest.Resource, p place) bool {
	return slices.ContainsFunc(list(project.Object, "spec", "destinations"), func(d any) bool {
		namespace := text(d, "namespace")
		return text(d, "server") == p.server && (namespace == p.namespace || namespace == "*")
	})
}

func field(v any, path ...string) any {
	for _, step := range path {
		m, _ := v.(map[string]any)
		v = m[step]
	}
	return v
}

func text(v any, path ...string) string {
	s, _ := field(v, path...).(string)
	return s
}

func list(v any, path ...string) []any {
	l, _ := field(v, path...).([]any)
	return l
}

// TestGeneratePaths wants every Application to say what it reads, or each commit would have Argo CD render all of them: its
// folder, where it has charts the folder that these are vendored into, and all of a repository that is not this one.
func TestGeneratePaths(t *testing.T) {
	for name, r := range trees(t) {
		for _, res := range r.Resources {
			if res.ID.Kind != "Application" {
				continue
			}
			want := "."
			if k, ok := r.Tree.File(text(res.Object, "spec", "source", "path") + "/kustomization.yaml"); ok && strings.Contains(string(k.Data), "\nhelmCharts:") {
				want = ".;/charts"
			}
			if text(res.Object, "spec", "source", "repoURL") != r.Spec.Repository.URL {
				want = "/"
			}
			if got := text(res.Object, "metadata", "annotations", "argocd.argoproj.io/manifest-generate-paths"); got != want {
				t.Errorf("%s: %s reads %q, want %q", name, res.ID, got, want)
			}
		}
	}
}

// TestBootstrapKinds wants what the README's first steps apply to be of kinds that a bare cluster has, or that come in the
// same step: the charts' own CRDs are theirs to bring.
func TestBootstrapKinds(t *testing.T) {
	step := regexp.MustCompile(`kustomize build --enable-helm (\S+) \|`)
	bare := regexp.MustCompile(`^(v1|[a-z]+/v[0-9a-z]+|[a-z.]+\.k8s\.io/v[0-9a-z]+)$`)
	for _, tier := range tierNames {
		t.Run(tier, func(t *testing.T) {
			r := goldenTree(t, tier)
			readme, _ := r.Tree.File("README.md")
			steps := step.FindAllStringSubmatch(string(readme.Data), -1)
			if len(steps) < 2 {
				t.Fatalf("README.md has %d first steps: want the network and Argo CD", len(steps))
			}
			for _, s := range steps {
				files := r.Tree.Under(s[1])
				if len(files) == 0 {
					t.Errorf("README.md applies %s, which is not there", s[1])
				}
				for _, f := range files {
					if strings.HasSuffix(f.Path, "kustomization.yaml") {
						continue
					}
					resources, _ := manifest.Parse(f.Path, f.Data)
					for _, res := range resources {
						if !bare.MatchString(res.ID.APIVersion()) || strings.HasPrefix(res.ID.Group, "gateway.") {
							t.Errorf("%s: %s %s does not exist when README.md applies it", f.Path, res.ID.APIVersion(), res.ID.Kind)
						}
					}
				}
			}
		})
	}
}
