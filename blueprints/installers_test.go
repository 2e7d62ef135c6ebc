package blueprints_test

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// audited is a blueprint with something that reads the log of the API server.
const audited = `
local component = import 'gitopsgen/lib/component.libsonnet';
local serves(name, capability, facts) = component(
  { name: name, purpose: 'serves', capability: capability, option: name }, { namespace: 'x' }, function(p, platform) { provides:: facts }
);
function(spec) (import 'gitopsgen/small.jsonnet')(spec) {
  catalogue+:: { watcher: serves('watcher', 'audit', {}) },
}
`

// TestInstallersSayWhatIsWanted reads what README.md has people write for each installer: it is YAML, and it says what the rest of
// the platform needs, in the words of that installer, and no more.
func TestInstallersSayWhatIsWanted(t *testing.T) {
	source := blueprint.Source{Library: blueprints.FS, User: fstest.MapFS{"my.jsonnet": {Data: []byte(audited)}}}
	for installer, want := range map[string][]string{
		"cluster-api": {"skipPhases: [addon/kube-proxy]", `name: rotate-server-certificates, value: "true"`, "name: audit-policy-file", `host: "192.0.2.1"`, `pods: {cidrBlocks: ["10.42.0.0/16"]}`},
		"k3s":         {"flannel-backend: none", "disable-kube-proxy: true", "disable: [local-storage, servicelb, traefik]", "- audit-policy-file=", "cluster-cidr: 10.42.0.0/16", `tls-san: ["192.0.2.1"]`},
		"kubeadm":     {"proxy: {disabled: true}", "serverTLSBootstrap: true", "name: audit-policy-file", `controlPlaneEndpoint: "192.0.2.1:6443"`, "podSubnet: 10.42.0.0/16"},
		"kubespray":   {"kube_network_plugin: cni", "kube_proxy_remove: true", "kubelet_rotate_server_certificates: true", "kubernetes_audit: true", "kube_pods_subnet: 10.42.0.0/16"},
		"rke2":        {"cni: none", "disable-kube-proxy: true", "ingress-controller: none", "audit-policy-file: ", "cluster-cidr: 10.42.0.0/16"},
		"talos":       {"cni: {name: none}", "proxy: {disabled: true}", `rotate-server-certificates: "true"`, "auditPolicy:", "podSubnets: [10.42.0.0/16]"},
	} {
		t.Run(installer, func(t *testing.T) {
			asked := func(audit string, authentication blueprint.Capability) string {
				spec := blueprint.Spec{
					Tier: blueprint.Small, Blueprint: "my.jsonnet",
					Capabilities: map[string]blueprint.Capability{"installation": {Option: installer}, "audit": {Option: audit}, "authentication": authentication},
					Clusters:     []blueprint.Cluster{{Name: "prod", Networks: blueprint.Networks{VirtualIP: "192.0.2.1", Pod: "10.42.0.0/16"}}},
				}
				return installation(t, source, spec.WithDefaults(), installer)
			}
			said := asked("watcher", blueprint.Capability{External: &blueprint.External{
				By: "ops", Reason: "it is there", Facts: map[string]any{"issuer": "https://login.example.org"},
			}})
			for _, text := range append(want, "authentication-config", "/authentication") {
				if !strings.Contains(said, text) {
					t.Errorf("README.md does not say %q:\n%s", text, said)
				}
			}
			bare := asked(blueprint.None, blueprint.Capability{Option: blueprint.None})
			for _, text := range []string{"audit", "authentication"} {
				if strings.Contains(bare, text) {
					t.Errorf("README.md speaks of %s, which nothing serves:\n%s", text, bare)
				}
			}
		})
	}
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// installation is what README.md says of the installer of a platform. Its blocks are YAML.
func installation(t *testing.T, source blueprint.Source, spec blueprint.Spec, installer string) string {
	t.Helper()
	b, _, err := blueprint.Evaluate(t.Context(), source, spec)
	if err != nil {
		t.Fatal(err)
	}
	components := b.Clusters[0].Components
	i := slices.IndexFunc(components, func(c blueprint.Component) bool { return c.Name == installer })
	if i < 0 {
		t.Fatalf("the platform has no component %s", installer)
	}
	said := components[i].Readme.Section
	blocks := yamlBlock.FindAllStringSubmatch(said, -1)
	if len(blocks) == 0 {
		t.Error("README.md says nothing of what people write")
	}
	for _, block := range blocks {
		documents := yaml.NewDecoder(strings.NewReader(block[1]))
		for {
			var v any
			if err := documents.Decode(&v); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v:\n%s", err, block[1])
			}
		}
	}
	return said
}

// TestInstallersBringWhatIsThere states that components ask what installed the cluster: what it brings does not come twice.
func TestInstallersBringWhatIsThere(t *testing.T) {
	for _, c := range []struct {
		installer string
		params    map[string]any
		brought   string
		host      string
	}{
		{"k3s", nil, "k3s", "127.0.0.1"},
		{"k3s", map[string]any{"metricsServer": false}, "", "127.0.0.1"},
		{"rke2", nil, "rke2", "localhost"},
		{"talos", nil, "", "localhost"},
		{"kubeadm", nil, "", "192.0.2.1"},
	} {
		spec := blueprint.Spec{
			Tier: blueprint.Small, Capabilities: map[string]blueprint.Capability{"installation": {Option: c.installer}},
			Clusters: []blueprint.Cluster{{Name: "prod", Networks: blueprint.Networks{VirtualIP: "192.0.2.1"}}},
		}
		if c.params != nil {
			spec.Components = map[string]blueprint.ComponentSettings{c.installer: {Params: c.params}}
		}
		b, _, err := blueprint.Evaluate(t.Context(), librarySource, spec.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Capabilities["metrics"].Brought; got != c.brought {
			t.Errorf("%s %v: metrics come from %q, want %q", c.installer, c.params, got, c.brought)
		}
		for _, one := range b.Clusters[0].Components {
			if one.Name == "metrics-server" && c.brought != "" {
				t.Errorf("%s: there are two of metrics-server", c.installer)
			}
			if one.Capability == "network" {
				if got := one.Charts[0].Values["k8sServiceHost"]; got != c.host {
					t.Errorf("%s: the network asks the API server at %v, want %s", c.installer, got, c.host)
				}
			}
		}
	}
}
