package blueprints_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var tierNames = []string{"small", "medium", "enterprise"}

// TestProjectsAllow wants every Application's source and destination, and the kinds that it renders to, to be allowed by
// its project; and no project of a team to allow an Application.
func TestProjectsAllow(t *testing.T) {
	for _, tier := range tierNames {
		t.Run(tier, func(t *testing.T) {
			r := goldenTree(t, tier)
			projects := map[string]manifest.Resource{}
			for _, res := range r.Resources {
				if res.ID.Kind == "AppProject" {
					projects[res.ID.Name] = res
				}
			}
			applications := 0
			for _, res := range r.Resources {
				if res.ID.Kind != "Application" {
					continue
				}
				applications++
				project, ok := projects[text(res.Object, "spec", "project")]
				if !ok {
					t.Errorf("%s: no project %s", res.ID, text(res.Object, "spec", "project"))
					continue
				}
				if url := text(res.Object, "spec", "source", "repoURL"); !slices.Contains(list(project.Object, "spec", "sourceRepos"), any(url)) {
					t.Errorf("%s: project %s does not allow the source %s", res.ID, project.ID.Name, url)
				}
				destination := destinationOf(res)
				for _, o := range r.Resources {
					if o.Origin.Application != res.ID.Name {
						continue
					}
					where := destination
					if o.ID.Namespace != "" {
						where.namespace = o.ID.Namespace
					}
					if o.ID.Kind == "Namespace" {
						where.namespace = o.ID.Name
					}
					if !allows(project, where) {
						t.Errorf("%s of %s: project %s does not allow the destination %+v", o.ID, res.ID, project.ID.Name, where)
					}
				}
				if !allows(project, destination) {
					t.Errorf("%s: project %s does not allow the destination %+v", res.ID, project.ID.Name, destination)
				}
			}
			if applications < 5 {
				t.Errorf("only %d Applications", applications)
			}
			for name, project := range projects {
				if name == "platform" {
					continue
				}
				for _, d := range list(project.Object, "spec", "destinations") {
					if n := text(d, "namespace"); n == "argocd" || strings.Contains(n, "*") {
						t.Errorf("project %s of a team allows the namespace %s", name, n)
					}
				}
				own := list(project.Object, "spec", "destinations")[0]
				for _, kind := range withheld {
					id := manifest.ID{Group: kind[0], Kind: kind[1], Namespace: text(own, "namespace"), Name: "any"}
					if permits(project, manifest.Resource{ID: id}, place{text(own, "server"), id.Namespace}) {
						t.Errorf("project %s of a team permits the kind %s of %q", name, kind[1], kind[0])
					}
				}
			}
		})
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

// vital are the capabilities without which a platform does not come up again.
var vital = []string{"certificates", "gitops", "ingress", "metrics", "network", "policy", "secrets", "storage"}

// TestPriority wants the pods of what serves a vital capability, and of what comes along with it, to start before others;
// but for Hubble, which only shows what the network does.
func TestPriority(t *testing.T) {
	for name, r := range trees(t) {
		b, _, err := blueprint.Evaluate(t.Context(), librarySource, r.Spec)
		if err != nil {
			t.Fatal(err)
		}
		hung := map[string]bool{}
		for _, platform := range b.Clusters {
			for _, c := range platform.Components {
				if slices.Contains(vital, c.Capability) {
					for _, one := range append(c.With, c.Name) {
						hung[platform.Name+"-"+one] = true
					}
				}
			}
		}
		judged := 0
		for _, res := range r.Resources {
			pods := slices.Contains([]string{"DaemonSet", "Deployment", "StatefulSet"}, res.ID.Kind)
			if !pods || !hung[res.Origin.Application] || strings.HasPrefix(res.ID.Name, "hubble-") {
				continue
			}
			judged++
			if text(res.Object, "spec", "template", "spec", "priorityClassName") == "" {
				t.Errorf("%s: %s of %s has no priority class", name, res.ID, res.Origin.Application)
			}
		}
		if judged < 10 {
			t.Errorf("%s: only %d workloads judged", name, judged)
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
