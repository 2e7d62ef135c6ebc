package argocd_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// project reads an AppProject with a spec.
func project(t *testing.T, spec string) argocd.AppProject {
	t.Helper()
	p, problems := argocd.ReadAppProject(parse(t, "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: lights}\nspec: "+spec))
	if len(problems) > 0 {
		t.Fatalf("%s: %v", spec, problems)
	}
	return p
}

// TestPermitsSource states which repositories a project permits, as Argo CD matches them.
func TestPermitsSource(t *testing.T) {
	const url = "https://git.example.org/team/lamp.git"
	for _, c := range []struct {
		repos, url string
		want       bool
	}{
		{"[]", url, false},
		{"['*']", url, true},
		{"['https://git.example.org/team/lamp']", url, true},
		{"['HTTPS://git.example.org/Team/Lamp.git']", url, true},
		{"['git@git.example.org:team/lamp.git']", "ssh://git@git.example.org/team/lamp", true},
		{"['git@git.example.org:team/lamp.git']", url, false},
		{"['https://git.example.org/*']", url, false},
		{"['https://git.example.org/**']", url, true},
		{"['https://git.example.org/team/*']", url, true},
		{"['https://git.example.org/team/l?mp']", url, true},
		{"['https://git.example.org/{team,other}/lamp']", url, false}, // a URL with braces is another one once it is compared
		{"['https://git.example.org/team/[k-m]amp']", url, true},
		{"['https://git.example.org/team/[!lx]amp']", url, false},
		{"['https://git.example.org/team/[lamp']", url, false},
		{"['!https://git.example.org/other/**']", url, true},
		{"['!https://git.example.org/team/**', '*']", url, false},
		{"['*', '!https://git.example.org/team/**']", url, false},
		{"['*', '!https://git.example.org/other/**']", url, true},
	} {
		if got := project(t, "{sourceRepos: "+c.repos+"}").PermitsSource(c.url); got != c.want {
			t.Errorf("%s: %s: got %v, want %v", c.repos, c.url, got, c.want)
		}
	}
}

// TestPermitsDestination states where a project permits objects, as Argo CD matches it, and when that cannot be told.
func TestPermitsDestination(t *testing.T) {
	const yes, no, unknown = "yes", "no", "unknown"
	lamps := argocd.Destination{Server: "https://prod.example.org", Name: "prod", Namespace: "lights"}
	byServer, byName := lamps, lamps
	byServer.Name, byName.Server = "", ""
	here := argocd.Destination{Server: "https://kubernetes.default.svc", Namespace: "lights"}
	for _, c := range []struct {
		destinations string
		d            argocd.Destination
		want         string
	}{
		{"[]", lamps, no},
		{"[{server: '*', namespace: '*'}]", lamps, yes},
		{"[{server: 'https://prod.example.org', namespace: lights}]", lamps, yes},
		{"[{server: 'https://*.example.org', namespace: 'li*'}]", lamps, yes},
		{"[{name: prod, namespace: lights}]", lamps, yes},
		{"[{name: prod, namespace: dark}]", lamps, no},
		{"[{name: test, namespace: lights}]", lamps, no},
		{"[{server: 'https://prod.example.org'}]", lamps, no},
		{"[{server: '*', namespace: '*'}, {server: '*', namespace: '!lights'}]", lamps, no},
		{"[{server: '*', namespace: '!lights'}, {server: '*', namespace: '*'}]", lamps, no},
		{"[{server: '*', namespace: '!dark'}]", lamps, yes},
		{"[{server: '!https://prod.example.org', namespace: '*'}, {server: '*', namespace: '*'}]", lamps, no},
		{"[{server: '!https://prod.example.org', namespace: 'dark'}, {server: '*', namespace: '*'}]", lamps, yes},
		{"[{name: '!prod', namespace: 'dark'}, {server: '*', namespace: '*'}]", lamps, no},

		{"[{name: prod, namespace: lights}]", byServer, unknown},
		{"[{name: prod, namespace: dark}]", byServer, no},
		{"[{name: '*', namespace: lights}]", byServer, yes},
		{"[{name: '!prod', namespace: dark}, {server: '*', namespace: '*'}]", byServer, unknown},
		{"[{server: '*', namespace: '*'}, {name: prod, namespace: lights}]", byServer, yes},
		{"[{server: 'https://prod.example.org', namespace: lights}]", byName, unknown},
		{"[{server: '*', namespace: lights}]", byName, yes},

		{"[{name: in-cluster, namespace: lights}]", here, yes},
		{"[{name: prod, namespace: lights}]", here, no},
	} {
		got := no
		switch permitted, known := project(t, "{destinations: "+c.destinations+"}").PermitsDestination(c.d); {
		case !known:
			got = unknown
		case permitted:
			got = yes
		}
		if got != c.want {
			t.Errorf("%s: %+v: got %s, want %s", c.destinations, c.d, got, c.want)
		}
	}
}

// TestPermitsKinds states which objects a project permits.
func TestPermitsKinds(t *testing.T) {
	secret := manifest.ID{Version: "v1", Kind: "Secret", Namespace: "lights", Name: "a"}
	role := manifest.ID{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRole", Name: "lamp-reader"}
	for _, c := range []struct {
		spec                  string
		namespaced, clustered bool
	}{
		{"{}", true, false},
		{"{namespaceResourceWhitelist: [], clusterResourceWhitelist: []}", false, false},
		{"{clusterResourceWhitelist: [{group: '*', kind: '*'}], namespaceResourceBlacklist: [{group: '', kind: Secret}]}", false, true},
		{"{clusterResourceWhitelist: [{group: '*.k8s.io', kind: 'Cluster*'}], namespaceResourceWhitelist: [{group: '', kind: Secret}]}", true, true},
		{"{clusterResourceWhitelist: [{group: '*', kind: '*', name: 'lamp-*'}], namespaceResourceBlacklist: [{group: '*', kind: '*'}]}", false, true},
		{"{clusterResourceWhitelist: [{group: '*', kind: '*'}], clusterResourceBlacklist: [{group: '*', kind: ClusterRole, name: lamp-reader}]}", true, false},
		{"{clusterResourceWhitelist: [{group: '[', kind: '*'}]}", true, false},
	} {
		p := project(t, c.spec)
		if got := p.PermitsNamespaced(secret); got != c.namespaced {
			t.Errorf("%s: Secret: got %v, want %v", c.spec, got, c.namespaced)
		}
		if got := p.PermitsClusterScoped(role); got != c.clustered {
			t.Errorf("%s: ClusterRole: got %v, want %v", c.spec, got, c.clustered)
		}
	}
}

// TestPermitsApplicationsIn states in which namespaces Applications of a project may stand.
func TestPermitsApplicationsIn(t *testing.T) {
	for _, c := range []struct {
		namespaces       string
		permitted, known bool
	}{
		{"[]", false, true}, {"[team-a]", true, true}, {"[team-*]", true, true}, {"['/^team-[ab]$/']", true, true},
		{"['/^team-b$/']", false, true}, {"['{dev,team}-?']", true, true}, {"['team\\-a']", true, true}, {"['team-{b']", false, true}, {"['/^(?!team-b)/']", false, false}, {"['/(?!x)/', 'team-a']", true, true},
	} {
		permitted, known := project(t, "{sourceNamespaces: "+c.namespaces+"}").PermitsApplicationsIn("team-a")
		if permitted != c.permitted || known != c.known {
			t.Errorf("%s: got %v, %v, want %v, %v", c.namespaces, permitted, known, c.permitted, c.known)
		}
	}
}

// TestGlobsEnd states that no pattern takes long.
func TestGlobsEnd(t *testing.T) {
	start := time.Now()
	for _, pattern := range []string{
		strings.Repeat("{a,b*}", 150), strings.Repeat("*a", 500), strings.Repeat("{", 1000), strings.Repeat("*", 1<<20), "[" + strings.Repeat("a", 1000),
	} {
		project(t, "{sourceNamespaces: ['"+pattern+"']}").PermitsApplicationsIn(strings.Repeat("ab", 1000))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}
