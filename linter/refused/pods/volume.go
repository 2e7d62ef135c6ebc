package pods

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// sources are what a volume may be made from.
var sources = []string{
	"awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "fc", "flexVolume",
	"flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "hostPath", "image", "iscsi", "nfs", "persistentVolumeClaim", "photonPersistentDisk",
	"portworxVolume", "projected", "quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume",
}

// volume judges one of a pod. One without a source is an emptyDir.
var volume = field.All(
	field.At("name", field.Label.Is, field.Filled),
	field.Exclusive(sources...),
	field.At("emptyDir.sizeLimit", field.Quantity),
	field.At("hostPath", field.At("path", field.Filled, noStepBack)),
	field.At("nfs", field.At("path", field.Filled), field.At("server", field.Filled)),
	field.At("nfs.path", func(n *field.Node) {
		if text := n.Text(); text != "" && !strings.HasPrefix(text, "/") {
			n.Refuse("Write an absolute path.", "%q is not absolute", text)
		}
	}),
	field.At("persistentVolumeClaim.claimName", field.Filled),
	field.At("secret", field.Needs("secretName", "")), field.At("secret.items[]", file), field.At("secret.defaultMode", field.Mode),
	field.At("configMap", field.Needs("name", "")), field.At("configMap.items[]", file), field.At("configMap.defaultMode", field.Mode),
	field.At("downwardAPI.items[]", podFile), field.At("downwardAPI.defaultMode", field.Mode),
	field.At("projected.sources[]", field.Exclusive("clusterTrustBundle", "configMap", "downwardAPI", "podCertificate", "secret", "serviceAccountToken")),
	field.At("projected.sources[]", field.At("configMap.items[]", file), field.At("secret.items[]", file), field.At("downwardAPI.items[]", podFile)),
	field.At("projected.sources[].serviceAccountToken", field.At("expirationSeconds", field.Between(600, 1<<32)), field.Needs("path", "")),
	field.At("projected.defaultMode", field.Mode),
	field.At("ephemeral", field.Needs("volumeClaimTemplate", "")),
	field.At("ephemeral.volumeClaimTemplate.spec", Claim),
	field.At("csi", field.At("driver", field.Filled), field.At("driver", subdomainOfAnyCase)),
)

func noStepBack(n *field.Node) {
	if slices.Contains(strings.Split(n.Text(), "/"), "..") {
		n.Refuse(`Write a path without "..".`, "%q has %q in it", n.Text(), "..")
	}
}

func subdomainOfAnyCase(n *field.Node) {
	if text := n.Text(); text != "" && len(field.Subdomain.Faults(strings.ToLower(text))) > 0 {
		n.Refuse(field.Subdomain.Fix, "%q is no %s", text, field.Subdomain.Name)
	}
}

// distinct judges the names of a pod's volumes, but for those in whose place a StatefulSet puts its claims.
func distinct(n *field.Node) {
	claimed := map[string]bool{}
	for _, c := range claims(n) {
		claimed[c.Get("metadata").Get("name").Text()] = true
	}
	field.Differ(slices.DeleteFunc(n.Items(), func(v *field.Node) bool { return claimed[v.Get("name").Text()] }), "name")
}

// file judges one of a volume that a key of data gives.
var file = field.All(field.Needs("key", ""), field.Needs("path", ""), field.At("path", field.Below), field.At("mode", field.Mode))

// podFile judges one that a field of the pod gives.
var podFile = field.All(
	field.Needs("path", ""), field.At("path", field.Below), field.At("mode", field.Mode), field.One("fieldRef", "resourceFieldRef"),
	field.At("fieldRef.fieldPath", fieldOf(fromFile)), field.At("resourceFieldRef", field.Needs("containerName", ""), measure),
)

// mounts judges where a container has the volumes of its pod.
func mounts(pod, container *field.Node) {
	volumes := map[string]*field.Node{}
	for _, v := range pod.Get("volumes").Items() {
		volumes[v.Get("name").Text()] = v
	}
	for _, v := range claims(pod) {
		volumes[v.Get("metadata").Get("name").Text()] = v
	}
	field.At("volumeMounts", field.Distinct("mountPath"))(container)
	field.At("volumeMounts[]", field.At("name", field.Filled), field.At("mountPath", field.Filled), field.At("subPath", field.Below), field.At("subPathExpr", field.Below), exclusiveTexts("subPath", "subPathExpr"))(container)
	field.At("volumeDevices", field.Distinct("name"), field.Distinct("devicePath"))(container)
	for _, list := range []string{"volumeMounts", "volumeDevices"} {
		for _, m := range container.Get(list).Items() {
			if name := m.Get("name").Text(); name != "" && volumes[name] == nil {
				m.Get("name").Refuse("Add the volume to the pod, or leave the mount out.", "the pod has no volume %q", name)
			}
		}
	}
	for _, m := range container.Get("volumeDevices").Items() {
		if v := volumes[m.Get("name").Text()]; v != nil && len(v.Those(sources)) > 0 && !v.Has("persistentVolumeClaim") && !v.Has("ephemeral") {
			m.Get("name").Refuse("Mount it instead, or make it from a claim.", "the volume %q is no device: it is not made from a claim", m.Get("name").Text())
		}
	}
	privileged := container.Get("securityContext").Get("privileged").IsTrue()
	for _, m := range container.Get("volumeMounts").Items() {
		if p := m.Get("mountPropagation"); p.Text() == "Bidirectional" && !privileged {
			p.Refuse("Write HostToContainer, or None.", "%q is for privileged containers", p.Text())
		}
	}
}

// exclusiveTexts refuses more than one text that is not empty.
func exclusiveTexts(a, b string) field.Check {
	return func(n *field.Node) {
		if n.Get(a).Text() != "" && n.Get(b).Text() != "" {
			n.Get(b).RefuseName("Leave one of them.", "%s is set too, and one of them at most may be", a)
		}
	}
}

// claims gives the claims that a StatefulSet makes for each of its pods, beside the volumes of their template, of which n is a part.
func claims(n *field.Node) []*field.Node {
	root := n.Root()
	if root.Get("kind").Text() != "StatefulSet" {
		return nil
	}
	return root.Get("spec").Get("volumeClaimTemplates").Items()
}

// Claim judges what a PersistentVolumeClaim asks for.
var Claim = field.All(
	field.Needs("accessModes", ""),
	field.At("accessModes", func(n *field.Node) {
		const alone = "ReadWriteOncePod"
		modes := n.Items()
		is := func(m *field.Node) bool { return m.Text() == alone }
		if slices.ContainsFunc(modes, is) && slices.ContainsFunc(modes, func(m *field.Node) bool { return !is(m) }) {
			n.Refuse("Write it alone.", "%q goes with no other mode", alone)
		}
	}),
	field.At("accessModes[]", field.OneOf("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")),
	field.At("selector", field.Selector),
	field.At("storageClassName", field.Subdomain.Is),
	field.At("volumeAttributesClassName", field.Subdomain.Is),
	func(n *field.Node) {
		if !n.Get("resources").Get("requests").Has("storage") {
			n.Refuse("Set resources.requests.storage.", "resources.requests.storage is not set")
		}
	},
	field.At("resources.requests.storage", field.Positive),
	field.At("resources.limits.storage", field.Quantity),
)
