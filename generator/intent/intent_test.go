package intent_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/intent"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// spec reads a spec, which must be right, but for its first line.
func spec(t *testing.T, text string) blueprint.Spec {
	t.Helper()
	d, err := blueprint.Read("spec", []byte("apiVersion: gitopsgen/v1\n"+text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d.Spec
}

func TestSubject(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"name: a", "name: a", ""},
		{"teams: [{name: a, owner: x}, {name: b, owner: x}]", "teams: [{name: b, owner: x}, {name: a, owner: x}]", ""},
		{"capabilities: {ingress: traefik}", "capabilities: {ingress: contour}", "Serve ingress by contour instead of traefik"},
		{"name: a", "capabilities: {ingress: contour}\nname: a", "Serve ingress by contour"},
		{"capabilities: {dns: none}", "capabilities: {dns: external-dns}", "Serve dns by external-dns"},
		{"capabilities: {dns: external-dns}", "capabilities: {dns: none}", "Serve dns no more, which external-dns did"},
		{"name: a", "capabilities: {dns: none}\nname: a", "Serve dns by nothing"},
		{"capabilities: {ingress: contour}", "name: my-platform", "Leave what serves ingress to the tier, and set name to my-platform"},
		{"capabilities: {ingress: contour}", "capabilities: {ingress: {external: {by: F5, reason: old}}}", "Serve ingress by F5 instead of contour"},
		{"capabilities: {ingress: {external: {by: F5, reason: old}}}", "capabilities: {ingress: {external: {by: F5, reason: new}}}", "Say more of F5, which serves ingress"},
		{"components: {a: {enabled: false}}", "components: {a: {enabled: true}}", "Add a"},
		{"name: a", "components: {b: {enabled: true}}\nname: a", "Add b"},
		{"components: {a: {params: {x: 1}}}", "components: {a: {enabled: false, params: {x: 1}}}", "Remove a"},
		{"components: {a: {params: {x: 1}}}", "components: {a: {params: {x: 2}}}", "Set components.a.params.x to 2"},
		{"components: {a: {params: {x: 1}}}", "components: {a: {}}", "Unset components.a.params.x"},
		{"components: {a: {values: {adminPassword: b}}}", "components: {a: {values: {adminPassword: tulips}}}", "Set components.a.values.adminPassword"},
		{"clusters: [{name: prod}]", "clusters: [{name: prod}, {name: edge, server: 'https://x'}]", "Add the cluster edge"},
		{"clusters: [{name: prod}, {name: edge, server: 'https://x'}]", "clusters: [{name: prod}]", "Remove the cluster edge"},
		{"clusters: [{name: prod}]", "clusters: [{name: prod, networks: {pod: 10.0.0.0/8}}]", "Set clusters.prod.networks.pod to 10.0.0.0/8"},
		{"teams: []", "teams: [{name: a, owner: x}]", "Add the team a"},
		{"domain: a.org", "domain: b.org", "Change the domain to b.org"},
		{"domain: a.org\nteams: [{name: a, owner: x}]", "domain: b.org\nteams: []", "Remove the team a, and change the domain to b.org"},
		{"registries: {trusted: [ghcr.io/]}", "registries: {trusted: [ghcr.io/, quay.io/]}", "Set registries.trusted to 2 items"},
		{"domain: a.org\nname: a\nkubernetesVersion: '1.35'", "domain: b.org\nname: b\nkubernetesVersion: '1.36'", "Change 3 settings of gitopsgen.yaml"},
		{"name: a", "name: a\nci: {install: " + strings.Repeat("very long ", 9) + "}", "Set ci.install to very long very long very long …"},
	} {
		changes, err := intent.Between(spec(t, c.was), spec(t, c.is))
		if got := intent.Subject(changes); err != nil && got != c.want {
			t.Errorf("%s\n%s\ngot %q, %v, want %q", c.was, c.is, got, err, c.want)
		} else if got != c.want {
			t.Errorf("%s\n%s\ngot %q, want %q", c.was, c.is, got, c.want)
		}
	}
}

// TestSubjectIsOneLine says that no name makes a subject longer than a line, or more than one.
func TestSubjectIsOneLine(t *testing.T) {
	hostile := "x\nSigned-off-by: Eve <eve@example.org>\x1b[31m\u2028" + strings.Repeat("y", 500)
	with := func(params map[string]any) blueprint.Spec {
		return blueprint.Spec{Components: map[string]blueprint.ComponentSettings{hostile: {Params: params}}}
	}
	for _, params := range []map[string]any{{hostile: "z"}, {"a": hostile}, {"a": []any{hostile}}, {hostile: map[string]any{hostile: hostile}}} {
		changes, err := intent.Between(with(nil), with(params))
		if err != nil || len(changes) == 0 {
			t.Fatalf("got %v, %v, want changes", changes, err)
		}
		for _, line := range append([]string{intent.Subject(changes)}, fmt.Sprint(changes[0])) {
			if strings.ContainsAny(line, "\n\x1b\u2028") || len([]rune(line)) > 120 {
				t.Errorf("got %q, want one short line", line)
			}
		}
	}
}

// world is a platform with two options for ingress, of which it has one, and two components that serve nothing.
func world() intent.Platform {
	p := intent.Platform{Components: []string{"traefik", "page"}, Choices: map[string]blueprint.Choice{"ingress": {Option: "traefik"}}}
	p.Can.Capabilities = map[string]blueprint.CapabilityDescription{
		"ingress": {Options: map[string]string{"traefik": "traefik", "gateway": "envoy-gateway"}},
	}
	p.Spec.Clusters = []blueprint.Cluster{{Name: "prod"}, {Name: "edge"}}
	p.Spec.Teams = []blueprint.Team{{Name: "lights"}}
	p.Tree, _ = tree.New(tree.File{Path: "workloads/shop/shop.yaml"}, tree.File{Path: "docs/deep/a.yaml"}, tree.File{Path: "docs/README.md"})
	p.Can.Components = map[string]blueprint.ComponentDescription{"traefik": {}, "envoy-gateway": {}, "page": {}, "lamp": {}}
	return p
}

func TestIntents(t *testing.T) {
	for _, c := range []struct {
		name   string
		intent intent.Intent
		want   string
	}{
		{"what serves it already is set as it is", intent.Add("traefik"), "capabilities.ingress=traefik"},
		{"what serves it instead", intent.Add("envoy-gateway"), "capabilities.ingress=gateway"},
		{"by the name of the option", intent.Add("gateway"), "capabilities.ingress=gateway"},
		{"what serves nothing", intent.Add("lamp"), "components.lamp.enabled=true"},
		{"what is there", intent.Add("page"), ""},
		{"what serves goes", intent.Remove("traefik"), "capabilities.ingress=none"},
		{"what does not serve", intent.Remove("gateway"), ""},
		{"what serves nothing goes", intent.Remove("page"), "components.page.enabled=false"},
		{"what is not there", intent.Remove("lamp"), ""},
		{"nothing of that name", intent.Add("lmap"), `unknown component "lmap" (did you mean "lamp"?)`},
		{"a workload", intent.AddNamed("workload", "shop", intent.Field{Name: "path"}), "workloads[0].name=shop"},
		{"a workload elsewhere", intent.AddNamed("workload", "x", intent.Field{Name: "path", Text: "workloads/shop"}), "workloads[0].name=x workloads[0].path=workloads/shop"},
		{"a workload without manifests", intent.AddNamed("workload", "x", intent.Field{Name: "path", Text: "docs"}), `--path "docs": no kustomization and no manifest stands there`},
		{"a team whose name is a number", intent.AddNamed("team", "1", intent.Field{Name: "owner", Text: "a: b"}), `teams[1].name="1" teams[1].owner='a: b'`},
		{"a team that there is", intent.AddNamed("team", "lights"), `there is a team "lights" already`},
		{"a team goes", intent.RemoveNamed("team", "lights"), "teams[0]="},
		{"a cluster goes", intent.RemoveNamed("cluster", "edge"), "clusters[1]="},
		{"the hub", intent.RemoveNamed("cluster", "prod"), `the cluster "prod" is the hub: its Argo CD serves all`},
		{"no such team", intent.RemoveNamed("team", "light"), `there is no team "light" (did you mean "lights"?)`},
		{"a capability", intent.Remove("ingress"), `"ingress" is a capability, and no component`},
	} {
		settings, err := c.intent(world())
		var got []string
		for _, s := range settings {
			got = append(got, s.Path.String()+"="+s.Value)
		}
		if err != nil {
			got = append(got, err.Error())
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: got %q, want %q", c.name, text, c.want)
		}
	}
}
