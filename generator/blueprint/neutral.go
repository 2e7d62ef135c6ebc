package blueprint

import (
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// What stands for the strings that differ from site to site. The addresses are those that RFC 5737 keeps for examples,
// and ranges that nobody routes.
const (
	neutralHub          = "hub"
	neutralServer       = "https://" + neutralVirtualIP + ":6443"
	neutralNodes        = "192.0.2.0/24"
	neutralVirtualIP    = "192.0.2.1"
	neutralPods         = "10.42.0.0/16"
	neutralServices     = "10.43.0.0/16"
	neutralLoadBalancer = "198.51.100.0/24"
	neutralRouter       = "203.0.113.1"
	neutralASN          = 64512
)

// Neutral gives the spec as it would be on a site like no other's: names, domains, URLs and addresses are the same
// whatever the spec has there, and what somebody chose stays. Of its clusters there is cluster i alone, with a hub where
// it is not the hub itself; it comes last, and has the default name. The spec has its defaults.
func (s Spec) Neutral(i int) Spec {
	n := Spec{
		APIVersion: s.APIVersion, Tier: s.Tier, KubernetesVersion: s.KubernetesVersion,
		Capabilities: s.Capabilities, Components: map[string]ComponentSettings{}, Blueprint: s.Blueprint,
	}
	// The order counts: a cluster's domain may lie in the platform's.
	site := strings.NewReplacer(s.Clusters[i].Domain, DefaultDomain, s.Domain, DefaultDomain, s.Repository.URL, DefaultRepositoryURL)
	for name, c := range s.Components {
		n.Components[name] = ComponentSettings{Enabled: c.Enabled, Params: elsewhere(c.Params, site), Values: elsewhere(c.Values, site)}
	}
	if i > 0 {
		n.Clusters = append(n.Clusters, Cluster{Name: neutralHub})
	}
	n.Clusters = append(n.Clusters, s.Clusters[i].neutral(site))
	for j, t := range s.Teams {
		name := fmt.Sprintf("team-%d", j)
		n.Teams = append(n.Teams, Team{Name: name, Owner: "team@" + DefaultDomain, Quota: t.Quota})
	}
	return n.WithDefaults()
}

func (c Cluster) neutral(site *strings.Replacer) Cluster {
	n := Cluster{Name: DefaultCluster, Domain: DefaultDomain, KubernetesVersion: c.KubernetesVersion, Components: map[string]ClusterComponent{}}
	for name, own := range c.Components {
		n.Components[name] = ClusterComponent{Params: elsewhere(own.Params, site), Values: elsewhere(own.Values, site)}
	}
	if c.Server != hubServer {
		n.Server = neutralServer
	}
	for j, node := range c.Nodes {
		n.Nodes = append(n.Nodes, Node{Name: fmt.Sprintf("node-%d", j), Roles: node.Roles, Address: standIn(node.Address, fmt.Sprintf("192.0.2.%d", 10+j%200))})
	}
	from := c.Networks
	n.Networks = Networks{
		Node: standIn(from.Node, neutralNodes), Pod: standIn(from.Pod, neutralPods), Service: standIn(from.Service, neutralServices),
		VirtualIP: standIn(from.VirtualIP, neutralVirtualIP),
	}
	if len(from.LoadBalancer) > 0 {
		n.Networks.LoadBalancer = []string{neutralLoadBalancer}
	}
	if from.BGP != nil {
		n.Networks.BGP = &BGP{LocalASN: neutralASN, Peers: []BGPPeer{{Address: neutralRouter, ASN: neutralASN}}}
	}
	return n
}

// elsewhere gives settings as they would be at another site. A nil map stays nil.
func elsewhere(settings map[string]any, site *strings.Replacer) map[string]any {
	if settings == nil {
		return nil
	}
	return manifest.MapTexts(settings, site.Replace).(map[string]any)
}

// standIn gives the other text where there is any.
func standIn(text, by string) string {
	if text == "" {
		return ""
	}
	return by
}
