package cluster

import "github.com/gitopsgen/gitopsgen/generator/manifest"

// Reference is what an object says of another one of its cluster.
type Reference struct {
	// At is where it says so, and To what it names.
	At manifest.Path
	To manifest.ID
	// Key is what it takes of it, said at KeyAt; empty is all.
	Key   string
	KeyAt manifest.Path
}

// config gathers what pods take of ConfigMaps and Secrets, each key once.
type config struct {
	namespace string
	seen      map[configKey]bool
	all       []Reference
}

type configKey struct {
	to  manifest.ID
	key string
}

// Config gives the ConfigMaps and Secrets without which the pods do not start.
func (p *Pod) Config() []Reference {
	c := config{namespace: p.Maker.ID.Namespace, seen: map[configKey]bool{}}
	for _, container := range p.Containers() {
		for i, variable := range list(container.Object, "env") {
			at := container.At.With("env", i, "valueFrom")
			c.take("ConfigMap", "name", at.With("configMapKeyRef"), manifest.Dig(variable, "valueFrom", "configMapKeyRef"))
			c.take("Secret", "name", at.With("secretKeyRef"), manifest.Dig(variable, "valueFrom", "secretKeyRef"))
		}
		for i, from := range list(container.Object, "envFrom") {
			at := container.At.With("envFrom", i)
			c.take("ConfigMap", "name", at.With("configMapRef"), from["configMapRef"])
			c.take("Secret", "name", at.With("secretRef"), from["secretRef"])
		}
	}
	for i, volume := range list(p.Spec, "volumes") {
		at := p.At.With("spec", "volumes", i)
		c.take("ConfigMap", "name", at.With("configMap"), volume["configMap"])
		c.take("Secret", "secretName", at.With("secret"), volume["secret"])
		for j, source := range list(volume, "projected", "sources") {
			at := at.With("projected", "sources", j)
			c.take("ConfigMap", "name", at.With("configMap"), source["configMap"])
			c.take("Secret", "name", at.With("secret"), source["secret"])
		}
	}
	return c.all
}

// take adds what a mapping at a path says of a ConfigMap or Secret, whose name stands in a field of it.
func (c *config) take(what, field string, at manifest.Path, v any) {
	from, _ := v.(map[string]any)
	name := text(from, field)
	if name == "" || from["optional"] == true {
		return
	}
	one := Reference{At: at.With(field), To: manifest.ID{Version: "v1", Kind: what, Namespace: c.namespace, Name: name}, Key: text(from, "key"), KeyAt: at.With("key")}
	c.add(one)
	for i, item := range list(from, "items") {
		one.Key, one.KeyAt = text(item, "key"), at.With("items", i, "key")
		c.add(one)
	}
}

func (c *config) add(one Reference) {
	if at := (configKey{one.To, one.Key}); !c.seen[at] {
		c.seen[at] = true
		c.all = append(c.all, one)
	}
}

// Claim is a claim of a volume, made by an object or for each of its pods.
type Claim struct {
	// Class is the name of its StorageClass, said at At; empty is the default one, or none.
	Class string
	At    manifest.Path
}

// ClaimsOf gives the claims of volumes that an object is or makes, but for those that name their volume.
func ClaimsOf(r *manifest.Resource) (all []Claim) {
	take := func(v any, at manifest.Path) {
		if class := text(v, "spec", "storageClassName"); class != "" && text(v, "spec", "volumeName") == "" {
			all = append(all, Claim{class, at.With("spec", "storageClassName")})
		}
	}
	if r.ID.Group == "" && r.ID.Kind == "PersistentVolumeClaim" {
		take(r.Object, nil)
	}
	if r.ID.Group == "apps" && r.ID.Kind == "StatefulSet" {
		for i, c := range list(r.Object, "spec", "volumeClaimTemplates") {
			take(c, manifest.Path{"spec", "volumeClaimTemplates", i})
		}
	}
	if p := podOf(r); p != nil {
		for i, v := range list(p.Spec, "volumes") {
			take(manifest.Dig(v, "ephemeral", "volumeClaimTemplate"), p.At.With("spec", "volumes", i, "ephemeral", "volumeClaimTemplate"))
		}
	}
	return all
}
