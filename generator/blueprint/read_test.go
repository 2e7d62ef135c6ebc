package blueprint_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// head begins every spec of these tests; what follows it begins on line 2.
const head = "apiVersion: gitopsgen/v1\n"

// mistakes gives the error for a spec, without its hints; empty where there is none.
func mistakes(t *testing.T, text string) string {
	t.Helper()
	_, err := blueprint.Read("gitopsgen.yaml", []byte(text))
	return strings.Join(messages(t, err), "\n")
}

func messages(t *testing.T, err error) []string {
	t.Helper()
	var errs blueprint.SpecErrors
	if err != nil && !errors.As(err, &errs) {
		t.Fatalf("got %v, want SpecErrors", err)
	}
	var lines []string
	for _, e := range errs {
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s", e.Place.File, e.Place.Line, e.Place.Column, e.Message))
	}
	return lines
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "1:1: the file says nothing"},
		{"two documents", head + "---\nname: a\n", "3:1: 2 documents: want one"},
		{"no YAML", head + "name: [\n", "2:1: not YAML: did not find expected node content"},
		{"no mapping", "- a\n", "1:1: the file: got a list, want a mapping"},
		{"a key twice", head + "name: a\nname: b\n", `3:1: key "name" stands on line 2 already`},
		{"no version", "name: a\n", "1:1: apiVersion is missing"},
		{"a later version", "name: a\napiVersion: gitopsgen/v2\nnonsense: 1\n", `2:13: apiVersion "gitopsgen/v2": want gitopsgen/v1`},
		{"another's version", "apiVersion: v1\n", `1:13: apiVersion "v1": want gitopsgen/v1`},

		{"a key that is nearly right", head + "domian: a.org\n", `2:1: unknown key "domian" (did you mean "domain"?)`},
		{"a key below", head + "clusters:\n  - name: a\n    networks: {pods: 10.0.0.0/16}\n", `4:16: unknown key "pods" (did you mean "pod"?)`},
		{"a key like no other", head + "lint: {colour: red}\n", `2:8: unknown key "colour"`},
		{"an option misspelt", head + "tier: larg\n", `2:7: tier "larg": want small, medium or enterprise`},
		{"an option nearly right", head + "tier: smal\n", `2:7: tier "smal": want small, medium or enterprise (did you mean "small"?)`},

		{"a profile misspelt", head + "tier: small\nprofile: singel\n", `3:10: profile "singel": want single (did you mean "single"?)`},
		{"a profile of another tier", head + "tier: enterprise\nprofile: single\n", `3:10: profile "single" is for the tier "small" alone, not for "enterprise"`},
		{"a profile where no tier is named", head + "profile: single\n", `2:10: profile "single" is for the tier "small" alone, not for "medium"`},
		{"a profile with more machines", head + "tier: small\nprofile: single\nclusters:\n  - name: a\n    nodes: [{name: n1}, {name: n2}]\n",
			`6:25: profile "single" is for one machine, and cluster "a" has 2`},

		{"text for a mapping", head + "repository: https://a.org/x.git\n", `2:13: repository: got the text "https://a.org/x.git", want a mapping`},
		{"a mapping for a list", head + "clusters: {name: a}\n", "2:11: clusters: got a mapping, want a list"},
		{"a list for text", head + "domain: [a.org]\n", "2:9: domain: got a list, want text"},
		{"a number for text", head + "kubernetesVersion: 1.36\n", "2:20: kubernetesVersion: got the number 1.36, want text"},
		{"true or false for text", head + "name: yes\n", "2:7: name: got yes, which is true or false, want text"},
		{"nothing for text", head + "name:\n", "2:6: name: got nothing, want text"},
		{"text for true or false", head + "components: {a: {enabled: \"yes\"}}\n", `2:27: components.a.enabled: got the text "yes", want true or false`},
		{"a number for a capability", head + "capabilities: {dns: 1}\n", "2:21: capabilities.dns: got the number 1, want text"},
		{"a list for a capability", head + "capabilities: {dns: [a]}\n", "2:21: capabilities.dns: got a list, want a mapping"},
		{"a list for parameters", head + "components: {a: {params: [b]}}\n", "2:26: components.a.params: got a list, want a mapping"},
		{"an alias to the wrong type", head + "name: &a b\ncapabilities: *a\n", `2:7: capabilities: got the text "b", want a mapping`},

		{"a name in capitals", head + "name: Acme\n", `2:7: name "Acme": want lower-case letters, digits and dashes, beginning with a letter, at most 50`},
		{"a domain with underscores", head + "domain: a_b.org\n", `2:9: domain "a_b.org": want a DNS name such as example.org`},
		{"a domain that is too long", head + "domain: " + strings.Repeat("a.", 130) + "org\n", `2:9: domain "` + strings.Repeat("a.", 130) + `org": want a DNS name such as example.org`},
		{"an old Kubernetes", head + "kubernetesVersion: '1.20'\n", `2:20: kubernetesVersion "1.20": want major.minor, 1.33 to 1.37`},
		{"a Kubernetes patch", head + "kubernetesVersion: 1.36.2\n", `2:20: kubernetesVersion "1.36.2": want major.minor, 1.33 to 1.37`},
		{"a repository that is no URL", head + "repository: {url: acme}\n", `2:19: repository.url "acme": want a Git URL without a password, such as https://git.example.org/platform/my-platform.git`},
		{"a repository with a password", head + "repository: {url: 'https://me:it@a.org/x.git'}\n", `2:19: repository.url "https://***@a.org/x.git": want a Git URL without a password, such as https://git.example.org/platform/my-platform.git`},
		{"a repository with blanks", head + "repository: {url: 'https://a.org/x y.git'}\n", `2:19: repository.url "https://a.org/x y.git": want a Git URL without a password, such as https://git.example.org/platform/my-platform.git`},
		{"a command of two lines", head + "ci: {install: \"make\\n  - run: id\"}\n", `2:15: ci.install "make\n  - run: id": want one line without control characters`},
		{"an owner with an escape sequence", head + "teams: [{name: a, owner: \"\\e[2J\"}]\n", `2:26: teams[0].owner "\x1b[2J": want one line without control characters`},
		{"a key that turns the writing", head + "lint: {severity: {\"a\\u202e\": off}}\n", `2:19: lint.severity "a\u202e": want one line without control characters`},
		{"a namespace that is none", head + "capabilities: {gitops: {external: {by: us, reason: so, facts: {namespace: \"a; id\"}}}}\n", `2:75: capabilities.gitops.external.facts.namespace "a; id": want the name of a namespace`},
		{"a mirror with a password", head + "registries: {mirror: {charts: {'*': 'https://me:it@r.example.org'}}}\n", `2:37: chart repository "https://***@r.example.org": want a URL without a password that begins with https://, http:// or oci://`},
		{"a branch with dots", head + "repository: {branch: a..b}\n", `2:22: repository.branch "a..b": want a branch name`},
		{"a branch that is a lock", head + "repository: {branch: a.lock}\n", `2:22: repository.branch "a.lock": want a branch name`},
		{"a cluster's long name", head + "clusters: [{name: " + strings.Repeat("a", 31) + "}]\n", `2:19: clusters[0].name "` + strings.Repeat("a", 31) + `": want lower-case letters, digits and dashes, beginning with a letter, at most 30`},
		{"a server that is no URL", head + "clusters: [{name: a, server: 10.0.0.1}]\n", `2:30: clusters[0].server "10.0.0.1": want the API server's URL, such as https://10.0.0.10:6443`},
		{"a network without a prefix", head + "clusters: [{name: a, networks: {pod: 10.0.0.0}}]\n", `2:38: clusters[0].networks.pod "10.0.0.0": want a network such as 10.42.0.0/16, with no bit set behind the prefix`},
		{"a network with bits behind it", head + "clusters: [{name: a, networks: {loadBalancer: [10.0.0.1/8]}}]\n", `2:48: clusters[0].networks.loadBalancer[0] "10.0.0.1/8": want a network such as 10.42.0.0/16, with no bit set behind the prefix`},
		{"an address that is none", head + "clusters: [{name: a, nodes: [{name: k, address: 10.0.0.256}]}]\n", `2:49: clusters[0].nodes[0].address "10.0.0.256": want an IP address`},
		{"a role that is none", head + "clusters: [{name: a, nodes: [{name: k, roles: [master]}]}]\n", `2:48: clusters[0].nodes[0].roles[0] "master": want control-plane or worker`},
		{"a registry without a slash", head + "registries: {trusted: [ghcr.io]}\n", `2:24: registries.trusted[0] "ghcr.io": want a registry or a path in one, ending with a slash, such as ghcr.io/ or docker.io/library/`},
		{"a severity that is none", head + "lint: {severity: {images/floating-tag: fatal}}\n", `2:40: lint.severity.images/floating-tag "fatal": want off, info, warning or error`},
		{"a blueprint from elsewhere", head + "blueprint: ../my.jsonnet\n", `2:12: blueprint "../my.jsonnet": want a .jsonnet file in this repository, such as ./my.jsonnet`},
		{"a blueprint at the root", head + "blueprint: /my.jsonnet\n", `2:12: blueprint "/my.jsonnet": want a .jsonnet file in this repository, such as ./my.jsonnet`},

		{"a cluster without a name", head + "clusters:\n  - domain: a.org\n", "3:5: clusters[0]: name is missing"},
		{"external without a reason", head + "capabilities:\n  dns:\n    external: {by: us}\n", "4:15: capabilities.dns.external: reason is missing"},
		{"external with nothing in it", head + "capabilities:\n  dns: {external: {by: us, reason: ''}}\n", "3:36: capabilities.dns.external.reason: empty"},
		{"a capability that says nothing", head + "capabilities:\n  dns: {}\n", "3:8: capabilities.dns: external is missing"},

		{"a cluster twice", head + "clusters:\n  - name: a\n  - {name: a, server: 'https://b'}\n", `4:12: cluster "a": named twice`},
		{"a second cluster without a server", head + "clusters:\n  - name: a\n  - name: b\n", `4:5: cluster "b": server is missing`},
		{"a team called as workloads are", head + "workloads: [{name: a}]\nteams: [{name: workload-a, owner: b}]\n", `3:16: team "workload-a": folders and projects of workloads are called so`},
		{"a node twice", head + "clusters: [{name: a, nodes: [{name: k}, {name: k}]}]\n", `2:48: node "k": named twice`},
		{"an address twice", head + "clusters: [{name: a, nodes: [{name: k, address: 'fd00::1'}, {name: m, address: 'fd00:0::1'}]}]\n", `2:80: node "m": address fd00::1 is that of node "k"`},
		{"a mirrored prefix without a slash", head + "registries: {mirror: {images: {quay.io: registry.example.org/quay/}}}\n", `2:32: image prefix "quay.io": want *, or a registry or a path in one, ending with a slash, such as ghcr.io/ or docker.io/library/`},
		{"a mirror of images without a slash", head + "registries: {mirror: {images: {'*': registry.example.org}}}\n", `2:37: image prefix "registry.example.org": want a registry or a path in one, ending with a slash, such as ghcr.io/ or docker.io/library/`},
		{"a mirror of charts that is no URL", head + "registries: {mirror: {charts: {'*': registry.example.org}}}\n", `2:37: chart repository "registry.example.org": want a URL without a password that begins with https://, http:// or oci://`},
		{"a mirrored repository that is no URL", head + "registries: {mirror: {charts: {charts.example.org: oci://r.example.org}}}\n", `2:32: chart repository "charts.example.org": want *, or a URL that begins with https://, http:// or oci://`},
		{"the virtual address twice", head + "clusters: [{name: a, networks: {virtualIP: 10.0.0.1}, nodes: [{name: k, address: 10.0.0.1}]}]\n", `2:82: node "k": address 10.0.0.1 is that of the virtualIP`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, want := mistakes(t, c.text), "gitopsgen.yaml:"+c.want; got != want {
				t.Errorf("%s\ngot  %s\nwant %s", c.text, got, want)
			}
		})
	}
}

func TestReadTellsAllMistakesByLine(t *testing.T) {
	got := mistakes(t, `name: Acme
tier: huge
clusters:
  - name: a
    nodes:
      - {address: 1.2.3, role: worker}
registries: []
`)
	want := `gitopsgen.yaml:1:1: apiVersion is missing
gitopsgen.yaml:1:7: name "Acme": want lower-case letters, digits and dashes, beginning with a letter, at most 50
gitopsgen.yaml:2:7: tier "huge": want small, medium or enterprise
gitopsgen.yaml:6:9: clusters[0].nodes[0]: name is missing
gitopsgen.yaml:6:19: clusters[0].nodes[0].address "1.2.3": want an IP address
gitopsgen.yaml:6:26: unknown key "role" (did you mean "roles"?)
gitopsgen.yaml:7:13: registries: got a list, want a mapping`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestReadNetworks goes through all pairs of networks: each two apart, each two overlapping.
func TestReadNetworks(t *testing.T) {
	names := []string{"node", "pod", "service", "loadBalancer[0]", "loadBalancer[1]", "virtualIP"}
	spec := func(values map[string]string) string {
		return head + fmt.Sprintf("clusters: [{name: a, networks: {node: %s, pod: %s, service: %s, loadBalancer: [%s, %s], virtualIP: %s, bgp: {localASN: 1, peers: [{address: 10.9.0.1, asn: 2}]}}}]\n",
			values["node"], values["pod"], values["service"], values["loadBalancer[0]"], values["loadBalancer[1]"], values["virtualIP"])
	}
	apart := func() map[string]string {
		return map[string]string{"node": "10.0.0.0/24", "pod": "10.1.0.0/16", "service": "10.2.0.0/16",
			"loadBalancer[0]": "10.3.0.0/24", "loadBalancer[1]": "fd00::/64", "virtualIP": "10.0.0.200"}
	}
	if got := mistakes(t, spec(apart())); got != "" {
		t.Errorf("networks that are apart: got %s", got)
	}
	for j, b := range names {
		for _, a := range names[:j] {
			values := apart()
			values[b] = strings.Replace(values[a], ".0/", ".0/2", 1)[:len(values[a])-2] + "28" // a part of a
			if strings.HasPrefix(values[a], "fd") {
				values[b] = "fd00::/96"
			}
			want := fmt.Sprintf("network %s %s overlaps network %s %s", b, values[b], a, values[a])
			if b == "virtualIP" {
				values[b] = strings.Split(values[a], "/")[0]
				want = fmt.Sprintf("virtualIP %s lies in network %s %s", values[b], a, values[a])
			}
			got := mistakes(t, spec(values))
			if a == "node" && (b == "virtualIP" || strings.HasPrefix(b, "loadBalancer")) {
				if got != "" {
					t.Errorf("%s in the network of the nodes: got %s", b, got)
				}
			} else if !strings.HasSuffix(got, ": "+want) || strings.Contains(got, "\n") {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	values := apart()
	values["loadBalancer[0]"], values["virtualIP"] = "10.0.0.0/23", "10.5.0.1"
	if got, want := mistakes(t, spec(values)), "network loadBalancer[0] 10.0.0.0/23 overlaps network node 10.0.0.0/24"; !strings.HasSuffix(got, want) {
		t.Errorf("load balancer addresses around the machines: got %q, want %q", got, want)
	}
}

func TestReadGivesHints(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "write apiVersion: gitopsgen/v1 as the first line"},
		{"name: a\n", "write apiVersion: gitopsgen/v1 as the first line"},
		{"apiVersion: gitopsgen/v2\n", "this gitopsgen knows gitopsgen/v1; install a newer one"},
		{head + "kubernetesVersion: 1.36\n", `put it in quotes: "1.36"`},
		{head + "lint: {colour: red}\n", "known are severity, params, pods, fixtures, external"},
		{head + "clusters: [{name: a}, {name: b}]\n", "the first cluster's Argo CD must reach it"},
	} {
		_, err := blueprint.Read("gitopsgen.yaml", []byte(c.text))
		if err == nil || !strings.HasSuffix(err.Error(), "\n    "+c.want) {
			t.Errorf("%q: got %v, want the hint %q", c.text, err, c.want)
		}
	}
}

// TestReadNeverPanics reads what is no spec, in ways that YAML allows.
func TestReadNeverPanics(t *testing.T) {
	for _, text := range []string{
		"apiVersion: [gitopsgen/v1]\n", "apiVersion: {a: b}\n", "apiVersion: &a gitopsgen/v1\nname: *a\n",
		head + "<<: {name: a}\n", head + "components: &a {b: {params: *a}}\n", head + "? [a]\n: b\n", head + "components: {a: {params: {? {b: c} : d}}}\n",
		head + "components: {a: {values: {b: .nan, c: .inf, d: 2001-01-01, e: !!binary YQ==}}}\n", "\xff\xfe", "%YAML 3\n---\n", "null\n", "*a\n",
	} {
		if _, err := blueprint.Read("gitopsgen.yaml", []byte(text)); err == nil && strings.Contains(text, "*a") {
			t.Errorf("%q: got no error", text)
		}
	}
}

func TestReadGivesWhatTheFileSays(t *testing.T) {
	doc, err := blueprint.Read("gitopsgen.yaml", []byte(head+`
name: acme
tier: small
repository: {url: "git@git.example.org:acme/platform.git", branch: release/1.0}
clusters:
  - name: a
  - {name: b, server: "https://[fd00::1]:6443", domain: b.example.org}
capabilities:
  dns: none
  ingress: {external: {by: our F5, reason: it is there, facts: {class: f5}}}
components:
  argo-cd: {enabled: true, params: {shards: 2}, values: {a: [1, yes]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := doc.Spec
	if s.Tier != blueprint.Small || s.Repository.Branch != "release/1.0" || s.Capabilities["dns"].Option != blueprint.None ||
		s.Capabilities["ingress"].External.Facts["class"] != "f5" || !*s.Components["argo-cd"].Enabled || s.KubernetesVersion != "" {
		t.Errorf("got %+v", s)
	}
	full := s.WithDefaults()
	for i, want := range []blueprint.Cluster{
		{Name: "a", Server: "https://kubernetes.default.svc", Domain: "example.org", KubernetesVersion: "1.36"},
		{Name: "b", Server: "https://[fd00::1]:6443", Domain: "b.example.org", KubernetesVersion: "1.36"},
	} {
		if got := full.Clusters[i]; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if s.Clusters[0].Domain != "" {
		t.Error("WithDefaults changed its input")
	}
}

func TestParseTier(t *testing.T) {
	for name, want := range map[string]blueprint.Tier{"sup": "small", "mbu": "medium", "ent": "enterprise", "small": "small", "medium": "medium", "enterprise": "enterprise"} {
		if got, err := blueprint.ParseTier(name); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	if _, err := blueprint.ParseTier("Small"); err == nil || err.Error() != `tier "Small": want small (sup), medium (mbu) or enterprise (ent)` {
		t.Errorf("got %v", err)
	}
}
