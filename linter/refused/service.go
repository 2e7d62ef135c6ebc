package refused

import (
	"math"
	"strings"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// service judges the spec of a Service.
var service = field.All(
	field.At("selector", field.Labels),
	field.At("ports", field.Distinct("name"), doubled("port"), doubled("nodePort")),
	field.At("ports[]",
		field.At("name", field.Label.Is),
		field.At("port", field.Port),
		field.At("targetPort", portOrNone, field.PortName.Is),
		field.At("nodePort", portOrNone),
		field.At("appProtocol", field.Qualified.Is),
	),
	field.At("loadBalancerClass", field.Qualified.Is),
	field.At("externalIPs[]", field.Address),
	field.At("loadBalancerSourceRanges[]", func(n *field.Node) {
		n.Value = strings.TrimSpace(n.Text())
		field.Network(n)
	}),
	field.At("sessionAffinityConfig.clientIP.timeoutSeconds", field.Between(1, 86400)),
	field.At("clusterIPs[]", clusterIP), field.At("clusterIP", clusterIP),
	servicePorts, serviceType, externalName,
)

// portOrNone judges a port that may be left to the API server, which 0 does, too.
var portOrNone = field.Between(0, math.MaxUint16)

func clusterIP(n *field.Node) {
	if n.Text() != "None" {
		field.Address(n)
	}
}

// doubled refuses a port that a Service has twice for one protocol. The API server takes 0 for a port that is not set.
func doubled(name string) field.Check {
	return func(n *field.Node) {
		type socket struct {
			port     int64
			protocol string
		}
		first := map[socket]*field.Node{}
		for _, p := range n.Items() {
			number, _ := p.Get(name).Number()
			key := socket{number, p.Get("protocol").Text()}
			if key.protocol == "" {
				key.protocol = "TCP"
			}
			switch before := first[key]; {
			case number == 0:
			case before != nil:
				p.Get(name).Refuse("Write another one, or leave one of them out.", "%d for %s is what %s has, too", number, key.protocol, before.Path())
			default:
				first[key] = p
			}
		}
	}
}

// servicePorts judges whether there are ports, and that they have names where there are several.
func servicePorts(n *field.Node) {
	ports := n.Get("ports").Items()
	if len(ports) == 0 && n.Get("type").Text() != "ExternalName" && !headless(n) {
		n.Refuse("List the ports.", "ports is not set, and only a Service of type ExternalName and a headless one go without")
	}
	for _, p := range ports {
		if len(ports) > 1 && (!p.Has("name") || p.Get("name").Value == "") {
			p.Refuse("Give each of the ports a name.", "the port has no name, and there are %d", len(ports))
		}
	}
}

func headless(n *field.Node) bool {
	first := n.Get("clusterIPs").Items()
	return n.Get("clusterIP").Text() == "None" || len(first) > 0 && first[0].Text() == "None"
}

// serviceType judges what goes with the type of a Service, and what does not.
func serviceType(n *field.Node) {
	kind := n.Get("type").Text()
	open := kind == "LoadBalancer" || kind == "NodePort"
	if open && headless(n) {
		n.Get("clusterIP").Refuse("Leave it out, or write the type ClusterIP.", "a headless Service is not of type %s", kind)
	}
	if kind == "" || kind == "ClusterIP" {
		for _, p := range n.Get("ports").Items() {
			if number, _ := p.Get("nodePort").Number(); number != 0 {
				p.Get("nodePort").Refuse("Leave it out, or write the type NodePort.", "%d: a Service of type ClusterIP has no nodePort", number)
			}
		}
	}
	balancerOnly := []string{"allocateLoadBalancerNodePorts", "loadBalancerClass"}
	if len(n.Get("loadBalancerSourceRanges").Items()) > 0 {
		balancerOnly = append(balancerOnly, "loadBalancerSourceRanges")
	}
	if kind != "LoadBalancer" {
		for _, name := range n.Those(balancerOnly) {
			n.Get(name).RefuseName("Leave it out, or write the type LoadBalancer.", "only a Service of type LoadBalancer has it")
		}
	}
	policy := n.Get("externalTrafficPolicy")
	if policy.Text() != "" && !open && len(n.Get("externalIPs").Items()) == 0 {
		policy.RefuseName("Leave it out, or write the type LoadBalancer or NodePort.", "only a Service that is reached from outside has it")
	}
	number, _ := n.Get("healthCheckNodePort").Number()
	if number != 0 && (kind != "LoadBalancer" || policy.Text() != "Local") {
		n.Get("healthCheckNodePort").RefuseName("Leave it out.", "only a Service of type LoadBalancer with externalTrafficPolicy Local has it")
	}
}

// externalName judges a Service that is a name of another one.
func externalName(n *field.Node) {
	if n.Get("type").Text() != "ExternalName" {
		return
	}
	field.Needs("externalName", "")(n)
	name := n.Get("externalName")
	field.Subdomain.Is(name.As(strings.TrimSuffix(name.Text(), ".")))
	for _, other := range n.Those([]string{"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
		if below := n.Get(other); below.Value != "" {
			below.RefuseName("Leave it out.", "a Service of type ExternalName has none")
		}
	}
}
